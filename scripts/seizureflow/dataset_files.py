"""Finds the files of SDTM datasets in a folder."""

from __future__ import annotations

from pathlib import Path

# The formats that can be read, by the end of the file's name.
SUFFIXES = (".xpt", ".sas7bdat", ".json", ".ndjson", ".parquet", ".csv", ".tsv", ".txt", ".xlsx")


def dataset_files(folder: Path, name: str) -> list[Path]:
    """Files of a dataset, by its name in any letters, in the order of their names."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file()
        and path.stem.casefold() == name.casefold()
        and path.suffix.lower() in SUFFIXES
    )
