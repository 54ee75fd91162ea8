"""Reads the headers of a SAS transport file, version 5 or 8.

The file is a sequence of records of 80 bytes. Sources: SAS Technical Support, TS-140, "Record
Layout of a SAS Version 5 or 6 Data Set in SAS Transport (XPORT) Format", and "Record Layout of a
SAS Version 8 or 9 Data Set in SAS Transport Format".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from seizureflow.readers.reading import Reading

RECORD = 80
_NAMESTR = 140
_HEADS = {  # version: library, member, descriptor, variables, observations
    5: ("LIBRARY", "MEMBER", "DSCRPTR", "NAMESTR", "OBS"),
    8: ("LIBV8", "MEMBV8", "DSCPTV8", "NAMSTV8", "OBSV8"),
}


@dataclass(frozen=True)
class Variable:
    """One variable: number of its definition, type, and bytes within a row."""

    number: int
    name: str
    label: str
    format: str
    numeric: bool
    start: int
    width: int


@dataclass(frozen=True)
class Layout:
    """Where the rows of a transport file lie.

    Attributes:
        variables: In the order of the file.
        row_bytes: Bytes of a row.
        start: First byte of the first row.
        end: First byte after the rows and their padding.
        rows: Number of rows by the header; None where it does not say (version 5).
    """

    variables: tuple[Variable, ...]
    row_bytes: int
    start: int
    end: int
    rows: int | None


def read_layout(content: memoryview, encoding: str, reading: Reading) -> Layout:
    """Read the headers of a transport file.

    Args:
        content: The bytes of the file.
        encoding: Encoding of labels.
        reading: Takes the findings.

    Raises:
        RefusedFileError: Where the file is not a transport file with one dataset.
    """
    version = next((v for v in _HEADS if _is_head(content, 0, _HEADS[v][0])), None)
    if version is None:
        reading.refuse(
            "unreadable_file",
            "The file is not a SAS transport file of version 5 or 8.",
            "Export it with the XPORT engine or the macro %loc2xpt of SAS; PROC CPORT makes "
            "another format.",
            value=bytes(content[:20]).decode("latin-1"),
        )
    if len(content) % RECORD:
        _refuse_cut(
            f"The file has {len(content)} bytes, which is no multiple of {RECORD}.", reading
        )
    _, member, descriptor, namestr, observations = _HEADS[version]
    # Library: 3 records. Member: its header, the descriptor's header and 2 records.
    for place, name in ((3, member), (4, descriptor), (7, namestr)):
        _expect(content, place * RECORD, name, reading)
    size = _digits(content, 3 * RECORD + 74, 4) or _NAMESTR
    count = _digits(content, 7 * RECORD + 53, 5)
    first = 8 * RECORD
    after = first + _padded(size * count)
    if size not in (136, _NAMESTR) or count == 0 or after > len(content):
        _refuse_head("The definitions of the variables are damaged.", reading)
    variables = [
        _variable(bytes(content[start : start + size]), version, encoding)
        for start in range(first, first + size * count, size)
    ]
    if version == 8:
        variables, after = _long_labels(content, after, variables, encoding, reading)
    _expect(content, after, observations, reading)
    rows = _digits(content, after + 48, 15) if version == 8 else 0
    start = after + RECORD
    end = _end(content, start, member, reading)
    return Layout(tuple(variables), _row_bytes(variables, reading), start, end, rows or None)


def _is_head(content: memoryview, place: int, name: str) -> bool:
    head = f"HEADER RECORD*******{name:<8}HEADER RECORD!!!!!!!".encode()
    return content[place : place + len(head)] == head


def _expect(content: memoryview, place: int, name: str, reading: Reading) -> None:
    if not _is_head(content, place, name):
        if place + RECORD > len(content):
            _refuse_cut(f"The file ends before its {name} header.", reading)
        _refuse_head(f"The {name} header is not at byte {place}, where it should be.", reading)


def _refuse_cut(message: str, reading: Reading) -> None:
    reading.refuse("truncated_file", message, "Transfer the file again, in binary mode.")


def _refuse_head(message: str, reading: Reading) -> None:
    reading.refuse("unreadable_file", message, "Export the file again.")


def _digits(content: memoryview, start: int, length: int) -> int:
    text = bytes(content[start : start + length]).decode("latin-1").strip()
    return int(text) if text.isascii() and text.isdigit() else 0


def _padded(size: int) -> int:
    return -(-size // RECORD) * RECORD


def _text(value: bytes, encoding: str) -> str:
    return value.decode(encoding, errors="replace").strip(" \0")


def _short(value: bytes) -> int:
    return int.from_bytes(value, "big", signed=True)


def _variable(namestr: bytes, version: int, encoding: str) -> Variable:
    long_name = _text(namestr[88:120], encoding) if version == 8 else ""
    return Variable(
        number=_short(namestr[6:8]),
        name=long_name or _text(namestr[8:16], encoding),
        label=_text(namestr[16:56], encoding),
        format=_text(namestr[56:64], encoding),
        numeric=_short(namestr[0:2]) == 1,
        start=int.from_bytes(namestr[84:88], "big"),
        width=int.from_bytes(namestr[4:6], "big"),
    )


def _long_labels(
    content: memoryview,
    place: int,
    variables: Sequence[Variable],
    encoding: str,
    reading: Reading,
) -> tuple[list[Variable], int]:
    """Names, formats and labels too long for the definitions, and the first byte after them."""
    fields = next((n for v, n in ((8, 3), (9, 5)) if _is_head(content, place, f"LABELV{v}")), 0)
    found = {variable.number: variable for variable in variables}
    if not fields:
        return list(variables), place
    count = _digits(content, place + 48, 32)
    place += RECORD
    for _ in range(count):
        numbers = bytes(content[place : place + 2 * fields])
        number, *lengths = (
            int.from_bytes(numbers[at : at + 2], "big") for at in range(0, len(numbers), 2)
        )
        place += 2 * fields
        texts = []
        for length in lengths:
            texts.append(_text(bytes(content[place : place + length]), encoding))
            place += length
        if number not in found or place > len(content):
            _refuse_head("The long labels of the variables are damaged.", reading)
        known = found[number]
        found[number] = replace(
            known,
            name=texts[0] or known.name,
            label=texts[-1],
            format=texts[1] if fields == 5 else known.format,
        )
    return [found[variable.number] for variable in variables], _padded(place)


def _row_bytes(variables: Sequence[Variable], reading: Reading) -> int:
    """Bytes of a row, which the variables must fill without gap."""
    place = 0
    for variable in sorted(variables, key=lambda variable: variable.start):
        narrow = variable.width < 1 or (variable.numeric and not 2 <= variable.width <= 8)
        if variable.start != place or narrow:
            _refuse_head(
                f"The definition of the variable {variable.name[:32]!a} is damaged.", reading
            )
        place += variable.width
    return place


def _end(content: memoryview, start: int, member: str, reading: Reading) -> int:
    """First byte after the rows; a second dataset is refused."""
    head = f"HEADER RECORD*******{member:<8}HEADER RECORD!!!!!!!".encode()
    step = 64 * 1024 * RECORD
    for first in range(start, len(content), step):
        part = bytes(content[first : first + step + len(head)])
        place = part.find(head)
        while place >= 0:
            if (first + place) % RECORD == 0:
                reading.refuse(
                    "several_datasets",
                    "The file holds more than one dataset.",
                    "Export each dataset to a file of its own.",
                )
            place = part.find(head, place + 1)
    return len(content)
