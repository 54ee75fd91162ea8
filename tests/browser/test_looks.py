"""The summary as it looks at three widths, against references drawn with the same fonts."""

import io
import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

REFERENCES = Path(__file__).parent / "references"
SIZES = {400: 800, 1280: 800, 1920: 900}
# Widths of a line in the fonts of the page. Where they differ, so does where lines break, and a
# comparison of pictures would say nothing about the page.
FONTS = """() => ["system-ui, sans-serif", "ui-monospace, monospace"].map((family) => {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `100px ${family}`;
  return Math.round(10 * pen.measureText("Hamburgefonstiv 0123456789 −%→").width) / 10;
})"""


def picture(page):
    """The viewport in grey at half its size, which is enough to tell layouts apart."""
    whole = Image.open(io.BytesIO(page.screenshot())).convert("L")
    return whole.resize((whole.width // 2, whole.height // 2), Image.Resampling.BOX)


@pytest.mark.parametrize("width", SIZES)
def test_the_summary_looks_as_it_did(opened, pages, width):
    page = opened(pages[0]["complete"], width=width, height=SIZES[width]).page
    page.evaluate("() => document.querySelector('#answer').scrollIntoView()")
    fonts, found = page.evaluate(FONTS), picture(page)
    path, known = REFERENCES / f"summary_{width}.png", REFERENCES / "fonts.json"
    if os.environ.get("SEIZUREFLOW_WRITE_REFERENCES") == "1":
        found.quantize(16).save(path, optimize=True)
        known.write_text(json.dumps(fonts) + "\n", encoding="utf-8")
    if json.loads(known.read_text(encoding="utf-8")) != fonts:
        pytest.skip("The fonts of this machine are not those of the references.")
    expected = np.asarray(Image.open(path).convert("L"), dtype=float)
    difference = np.abs(expected - np.asarray(found, dtype=float))
    # The references have 16 greys, which is up to about 8 of 255 off; edges of letters may fall
    # otherwise in another version of the browser. A moved line or box differs by far more.
    assert difference.mean() < 4
    assert (difference > 64).mean() < 0.01
