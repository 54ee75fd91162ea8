"""Files of earlier steps that a later one reads: one that is cut short or overwritten is named.

Snakemake looks at the dates of files, not into them: a damaged file passes for a finished one.
"""

from __future__ import annotations

import json
from pathlib import Path
from shlex import quote
from typing import Any

from seizureflow.problems import InputError, Problem

# What the last bytes of a whole file hold, line ends aside.
_ENDS = {".html": b"</html>", ".svg": b"</svg>", ".png": b"IEND\xaeB`\x82"}


def damaged(path: str | Path, kind: str, reason: str) -> InputError:
    """Return the error that names a damaged file.

    Args:
        path: The file.
        kind: What it should be, in words.
        reason: What its reader said.
    """
    return InputError(
        [
            Problem(
                str(path),
                f"The file is damaged: it cannot be read as a {kind}.",
                expected="what an earlier step of the run wrote",
                found=_first_line(reason),
                action=f"Delete it (rm {quote(str(path))}) and run the same command again. It is "
                "made anew, and so is what is made from it.",
            )
        ]
    )


def read_json(path: str | Path) -> Any:
    """Read a JSON file of an earlier step.

    Raises:
        InputError: The file is damaged.
    """
    try:
        return json.loads(Path(path).read_bytes())
    except ValueError as error:  # of JSON, or of UTF-8
        raise damaged(path, "JSON file", str(error)) from None


def read_to_end(path: str | Path) -> bytes:
    """Read an HTML, SVG or PNG file of an earlier step, and see that its end is there.

    Raises:
        InputError: The file is cut short.
    """
    content = Path(path).read_bytes()
    kind = Path(path).suffix
    if not content.rstrip(b"\r\n").endswith(_ENDS[kind]):
        name = kind.removeprefix(".").upper()
        raise damaged(path, f"{name} file", f"{len(content)} bytes, without the end of such a file")
    return content


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]
