"""Checks that an Excel file is a harmless archive before a library for Excel opens it.

Every part is unpacked once here, in pieces, so that the limits hold for what it really holds and
not for what its directory says, and is parsed for what XML can hide: a document type, whose
entities can grow without bound, and elements by the million.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from seizureflow.readers.limits import (
    ARCHIVE_RATIO_FROM,
    MAX_ARCHIVE_BYTES,
    MAX_ARCHIVE_MEMBERS,
    MAX_ARCHIVE_RATIO,
    MAX_ELEMENTS_AT_ONCE,
    MAX_XML_TOKEN,
    MIB,
)
from seizureflow.readers.reading import Reading

_PIECE = MIB // 4
_MOST_KEPT = 10_000
_ADVICE = "Open the file in Excel and save it again as .xlsx, or export it as CSV."


@dataclass
class SheetParts:
    """What a part of the archive holds, if it is a sheet, that is not plain cells.

    Attributes:
        formulas: Cells with a formula, such as ``C7``, in the order of the sheet.
        merged: Merged ranges, such as ``A1:B2``.
    """

    formulas: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


def check_archive(path: Path, reading: Reading) -> dict[str, SheetParts]:
    """Unpack an Excel file once, within limits.

    Args:
        path: The file.
        reading: Takes the findings.

    Returns:
        For each part that is XML, what it holds if it is a sheet.

    Raises:
        RefusedFileError: Where the file is not an archive or must not be opened.
    """
    if path.stat().st_size > MAX_ARCHIVE_BYTES:
        _refuse_bomb(f"The file is larger than {MAX_ARCHIVE_BYTES} bytes.", reading)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_directory(members, reading)
            return _unpacked(archive, members, reading)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError) as error:
        reading.refuse(
            "unreadable_file",
            "The file is not an Excel workbook (.xlsx), is protected by a password, or is damaged.",
            "Remove the password, or save it again as .xlsx.",
            value=error,
        )


def _check_directory(members: list[zipfile.ZipInfo], reading: Reading) -> None:
    names = [member.filename for member in members]
    if len(names) > MAX_ARCHIVE_MEMBERS:
        _refuse_bomb(
            f"The file holds {len(names)} parts; {MAX_ARCHIVE_MEMBERS} are the most.", reading
        )
    if len(set(names)) < len(names):
        reading.refuse("unreadable_file", "Two parts of the file have one name.", _ADVICE)
    for member in members:
        name = member.filename
        if name.startswith("/") or "\\" in name or ":" in name or ".." in PurePosixPath(name).parts:
            reading.refuse(
                "unsafe_path", "A part of the file has a name outside of it.", _ADVICE, value=name
            )
        if PurePosixPath(name).name.lower() == "vbaproject.bin":
            reading.refuse(
                "macro",
                "The file holds macros.",
                "Save it as .xlsx, an Excel workbook without macros.",
                value=name,
            )
        # Other methods unpack without bound before they can be stopped; Excel does not use them.
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            reading.refuse(
                "unreadable_file", "The file is packed in a way unknown to Excel.", _ADVICE
            )
        if member.flag_bits & 1:
            reading.refuse("unreadable_file", "The file is encrypted.", "Remove the password.")
        _check_size(member, member.file_size, reading)
    _check_total(sum(member.file_size for member in members), reading)


def _check_size(member: zipfile.ZipInfo, size: int, reading: Reading) -> None:
    if size > ARCHIVE_RATIO_FROM and size > MAX_ARCHIVE_RATIO * member.compress_size:
        _refuse_bomb(
            f"A part unpacks to more than {MAX_ARCHIVE_RATIO} times its size.",
            reading,
            member.filename,
        )


def _check_total(size: int, reading: Reading) -> None:
    if size > MAX_ARCHIVE_BYTES:
        _refuse_bomb(f"The file unpacks to more than {MAX_ARCHIVE_BYTES} bytes.", reading)


def _refuse_bomb(message: str, reading: Reading, value: str = "") -> None:
    reading.refuse("zip_bomb", message, "Export the table as CSV.", value=value)


def _unpacked(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], reading: Reading
) -> dict[str, SheetParts]:
    total = 0
    parts = {}
    for member in members:
        size = 0
        scan = _Scan(member.filename, reading)
        with archive.open(member) as part:
            while piece := part.read(_PIECE):
                size += len(piece)
                total += len(piece)
                _check_size(member, size, reading)
                _check_total(total, reading)
                if not scan.feed(piece):
                    break
        if scan.finished():
            parts[member.filename] = scan.sheet
    return parts


class _Scan:
    """Parses one part in pieces and keeps what matters; a part that is not XML is passed over."""

    def __init__(self, name: str, reading: Reading) -> None:
        self.sheet = SheetParts()
        self._reading = reading
        self._name = name
        self._is_xml = True
        self._size = 0
        self._elements = 0
        self._cell = ""
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._element

    def feed(self, piece: bytes) -> bool:
        """Parse a piece; whether the part is XML so far."""
        self._size += len(piece)
        self._parse(piece, final=False)
        if self._is_xml and self._size - self._parser.CurrentByteIndex > MAX_XML_TOKEN + _PIECE:
            self._refuse_size()
        return self._is_xml

    def finished(self) -> bool:
        """End the part; whether it is XML."""
        if self._is_xml:
            self._parse(b"", final=True)
        return self._is_xml

    def _parse(self, piece: bytes, *, final: bool) -> None:
        try:
            self._parser.Parse(piece, final)
        except expat.ExpatError as error:
            # Pictures are no XML. A library that took one for XML would fail as this parser does.
            self._is_xml = False
            if self._name.lower().endswith((".xml", ".rels")):
                self._reading.refuse(
                    "unreadable_file", "A part of the file is damaged XML.", _ADVICE, value=error
                )

    def _doctype(self, *_: object) -> None:
        self._reading.refuse(
            "unsafe_xml",
            "A part of the file declares a document type, which Excel never writes.",
            _ADVICE,
            value=self._name,
        )

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS_AT_ONCE:
            self._refuse_size()
        tag = name.rpartition("}")[2]
        if tag == "c":
            self._cell = attributes.get("r", "")
        elif tag in ("row", "si"):
            self._elements = 0
        elif tag == "f" and len(self.sheet.formulas) < _MOST_KEPT:
            self.sheet.formulas.append(self._cell)
        elif tag == "mergeCell" and len(self.sheet.merged) < _MOST_KEPT:
            self.sheet.merged.append(attributes.get("ref", ""))

    def _refuse_size(self) -> None:
        _refuse_bomb("A part of the file is too large to be held.", self._reading, self._name)
