"""Brings a text file of a stated encoding to UTF-8, or says at which byte it is not in it."""

from __future__ import annotations

import codecs
import mmap
from pathlib import Path
from typing import NoReturn

import numpy as np

from seizureflow.readers.limits import MIB
from seizureflow.readers.reading import Reading

_MARKS = {
    "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
    "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
    "utf-8": (codecs.BOM_UTF8,),
}
_NOT_OF_FILES = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf_7", "undefined"}
)
_CHUNK = 8 * MIB
_ADVICE = "Export the file as UTF-8, or name its encoding in protocol.yaml, such as encoding: "


def utf8_bytes(path: Path, encoding: str, reading: Reading) -> np.ndarray:
    """Give the bytes of a text file (uint8) in UTF-8, without byte-order mark.

    A file that is UTF-8 already is mapped, not copied.

    Raises:
        RefusedFileError: Where the file is empty, is not in this encoding or holds NUL characters.
    """
    codec = known_codec(encoding, reading)
    if path.stat().st_size == 0:
        reading.refuse("empty_file", "The file is empty.", "Export it again.")
    with path.open("rb") as file:
        content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    if not codec.startswith(("utf-16", "utf-32")):
        _refuse_marked(bytes(content[:4]), codec, reading)
    if codec == "utf-8":
        start = len(codecs.BOM_UTF8) if content[:3] == codecs.BOM_UTF8 else 0
        _check_utf8(content, reading)
        return _without_nul(np.frombuffer(content[start:], np.uint8), reading)
    try:
        text = str(content, codec).removeprefix("\ufeff")
        return _without_nul(np.frombuffer(text.encode(), np.uint8), reading)
    except UnicodeDecodeError as error:
        _refuse_byte(content, error.start, codec, "utf-8", reading)
    except UnicodeError as error:
        reading.refuse(
            "wrong_encoding", f"The file is not {codec} text.", _ADVICE + "utf-8.", value=error
        )


def known_codec(encoding: str, reading: Reading) -> str:
    """Give the name that Python has for an encoding of text files.

    Raises:
        RefusedFileError: Where it is not known.
    """
    try:
        "".encode(encoding)  # refuses what is known but no text, such as zip
        name = codecs.lookup(encoding).name
    except (LookupError, UnicodeError, ValueError):
        name = ""
    if not name or name.replace("-", "_") in _NOT_OF_FILES:
        reading.refuse(
            "unknown_encoding",
            "This encoding is not known.",
            "Name one in protocol.yaml that Python knows, such as utf-8, utf-16, cp1252, latin-1.",
            value=encoding,
        )
    return "utf-8" if name in ("utf-8-sig", "ascii") else name


def _refuse_marked(head: bytes, codec: str, reading: Reading) -> None:
    """Refuse what begins with the mark of another encoding: a single-byte one can read anything."""
    for name, marks in _MARKS.items():
        if name != codec and head.startswith(marks):
            reading.refuse(
                "wrong_encoding",
                f"The file is {name.upper()} text, by the mark at byte 0 on line 1.",
                f"{_ADVICE}{name}.",
                rows="1",
            )


def _check_utf8(content: memoryview, reading: Reading) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(content), _CHUNK):
        pending = len(decoder.getstate()[0])
        chunk = content[start : start + _CHUNK]
        try:
            decoder.decode(chunk, final=start + _CHUNK >= len(content))
        except UnicodeDecodeError as error:
            _refuse_byte(content, start - pending + error.start, "utf-8", "cp1252", reading)


def _refuse_byte(
    content: memoryview, offset: int, codec: str, suggestion: str, reading: Reading
) -> NoReturn:
    line = 1 + int(np.count_nonzero(np.frombuffer(content[:offset], np.uint8) == ord("\n")))
    reading.refuse(
        "wrong_encoding",
        f"The file is not {codec} text: byte {offset} (counted from 0), on line {line}, "
        "cannot be read.",
        f"{_ADVICE}{suggestion}.",
        rows=str(line),
        value=f"0x{content[offset]:02x}",
    )


def _without_nul(data: np.ndarray, reading: Reading) -> np.ndarray:
    # The view is scanned by find, which stops at the first NUL, rather than compared whole.
    for start in range(0, len(data), _CHUNK):
        place = data[start : start + _CHUNK].tobytes().find(0)
        if place >= 0:
            line = 1 + int(np.count_nonzero(data[: start + place] == ord("\n")))
            reading.refuse(
                "control_character",
                f"The file holds a NUL character, first on line {line}: it is damaged, or is "
                "not text, or is UTF-16.",
                _ADVICE + "utf-16.",
                rows=str(line),
                value="\0",
            )
    return data
