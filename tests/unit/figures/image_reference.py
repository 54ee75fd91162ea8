"""Compare a figure with a picture of how it should look.

The pictures are in ``references/``. After a change that is meant to be seen, run the tests once
with ``SEIZUREFLOW_WRITE_REFERENCES=1`` in the environment, and look at the new pictures before they
are committed.
"""

import io
import os
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from seizureflow.figures.style import house_style

REFERENCES = Path(__file__).parent / "references"
DPI = 60  # small files; letters can still be told apart

# Root mean square of the difference, in grey levels of 255. The same figure is the same to the last
# pixel with the same build of matplotlib; other builds and processors differ in the shades at the
# edges of lines and letters. A line of which one end moves by a sixth of a pixel makes less than
# this, one letter less in a word or a marker of another colour makes more
# (test_image_reference.py).
TOLERANCE = 1.5


def assert_looks_like(figure, name):
    """Fail where a figure looks different from its reference.

    Args:
        figure: The figure, as :func:`draw` of its module gives it.
        name: Name of the reference, without an ending.
    """
    shown = _rasterised(figure)
    reference = REFERENCES / f"{name}.png"
    if os.environ.get("SEIZUREFLOW_WRITE_REFERENCES"):
        REFERENCES.mkdir(exist_ok=True)
        _palette(shown).save(reference, optimize=True)
    assert reference.is_file(), (
        f"there is no {reference}: run with SEIZUREFLOW_WRITE_REFERENCES=1, and look at it"
    )
    expected = Image.open(reference).convert("RGB")
    off = difference(_palette(shown).convert("RGB"), expected)
    if off > TOLERANCE:
        folder = Path(tempfile.mkdtemp(prefix="seizureflow_figure_"))
        shown.save(folder / f"{name}.png")
        raise AssertionError(
            f"{folder / name}.png differs from {reference} by {off:.2f} > {TOLERANCE} grey levels"
        )


def difference(one, other):
    """Root mean square difference of two pictures in grey levels; infinite if sizes differ."""
    if one.size != other.size:
        return float("inf")
    apart = np.asarray(one, dtype=float) - np.asarray(other, dtype=float)
    return float(np.sqrt(np.mean(apart**2)))


def _rasterised(figure):
    buffer = io.BytesIO()
    with house_style():
        figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    buffer.seek(0)
    return Image.open(buffer).convert("RGB")


def _palette(picture):
    """With 64 colours, a third of the size; both sides of a comparison have them."""
    return picture.quantize(64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
