"""Reads one raw file of any supported format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from seizureflow.readers.csv_file import read_csv
from seizureflow.readers.dataset_json import read_dataset_json
from seizureflow.readers.file_table import FileTable
from seizureflow.readers.parquet_file import read_parquet
from seizureflow.readers.reading import Reading, RefusedFileError
from seizureflow.readers.sas7bdat_file import read_sas7bdat
from seizureflow.readers.xlsx_file import read_xlsx
from seizureflow.readers.xpt_file import read_xpt

FORMATS: dict[str, str] = {
    ".csv": "comma-separated text",
    ".tsv": "tab-separated text",
    ".txt": "tab-separated text",
    ".parquet": "Parquet",
    ".xlsx": "Excel workbook",
    ".xpt": "SAS transport file, version 5 or 8",
    ".sas7bdat": "SAS dataset",
    ".json": "Dataset-JSON 1.1",
    ".ndjson": "Dataset-JSON 1.1 by lines",
}
"""Supported formats, by the suffix of the file."""

_OTHER_EXCEL = (".xls", ".xlsm", ".xlsb")
_BELOW_HEADER = (".csv", ".tsv", ".txt", ".xlsx")


def read_file(
    path: str | Path,
    *,
    columns: Sequence[str] | None = None,
    sheet: str | None = None,
    encoding: str = "utf-8",
    delimiter: str | None = None,
) -> FileTable:
    """Read one raw file of any supported format.

    Whatever the file holds, nothing is raised: what is wrong is in the findings, and the frame is
    then empty.

    Args:
        path: The file; its suffix tells the format (:data:`FORMATS`).
        columns: Columns to read, in any order, or None for all. The rest is not kept in memory.
        sheet: Sheet of an Excel workbook; needed where it has several.
        encoding: Encoding of text in a delimited file or SAS transport file.
        delimiter: Character between the cells of a delimited file; by default a comma in ``.csv``,
            a tab in ``.tsv`` and ``.txt``.

    Returns:
        The table.
    """
    place = Path(path)
    suffix = place.suffix.lower()
    reading = Reading(place.as_posix(), columns, first_row=2 if suffix in _BELOW_HEADER else 1)
    try:
        _check_file(place, suffix, reading)
        frame = _read(place, suffix, reading, sheet, encoding, delimiter)
        if len(frame) == 0:
            reading.report(
                "warning", "no_rows", "The file has a header but no rows.", "Check the export."
            )
    except RefusedFileError:
        frame = pd.DataFrame()
    except OSError as error:
        reading.error(
            "unreadable_file",
            "The file cannot be opened.",
            "Check that it may be read.",
            value=error.strerror or error,
        )
        frame = pd.DataFrame()
    return FileTable(
        reading.file,
        frame,
        reading.first_row,
        reading.labels,
        reading.findings,
        reading.header,
        reading.row_numbers if len(frame) else None,
    )


def _check_file(path: Path, suffix: str, reading: Reading) -> None:
    if suffix in _OTHER_EXCEL:
        reading.refuse(
            "unknown_format",
            f"Excel files of the kind {suffix} are not read: they may hold macros, or are binary.",
            "Save the file as .xlsx, an Excel workbook without macros.",
        )
    if suffix not in FORMATS:
        reading.refuse(
            "unknown_format",
            "The format of the file is not known by its suffix. Known: "
            + ", ".join(f"{known} ({what})" for known, what in FORMATS.items())
            + ".",
            "Export the file in one of them.",
            value=suffix,
        )
    if not path.is_file():
        reading.refuse(
            "missing_file",
            "There is no such file.",
            "Put the file there, or correct its name in protocol.yaml.",
        )
    if path.stat().st_size == 0:
        reading.refuse("empty_file", "The file is empty.", "Export it again.")


def _read(
    path: Path,
    suffix: str,
    reading: Reading,
    sheet: str | None,
    encoding: str,
    delimiter: str | None,
) -> pd.DataFrame:
    match suffix:
        case ".csv":
            return read_csv(path, reading, encoding, delimiter or ",")
        case ".tsv" | ".txt":
            return read_csv(path, reading, encoding, delimiter or "\t")
        case ".parquet":
            return read_parquet(path, reading)
        case ".xlsx":
            return read_xlsx(path, reading, sheet)
        case ".xpt":
            return read_xpt(path, reading, encoding)
        case ".sas7bdat":
            return read_sas7bdat(path, reading)
        case _:
            return read_dataset_json(path, reading, by_lines=suffix == ".ndjson")
