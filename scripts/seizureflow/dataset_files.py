"""Finds the files of SDTM datasets in a folder."""

from __future__ import annotations

from pathlib import Path

# The ends of the names of files that can be read; the readers say more of each.
SUFFIXES = (".xpt", ".sas7bdat", ".json", ".ndjson", ".parquet", ".csv", ".tsv", ".txt", ".xlsx")


def dataset_files(folder: Path, name: str) -> list[Path]:
    """Find the files of a dataset, in any supported format.

    Args:
        folder: The folder; files below its subfolders are not looked at.
        name: Name of the dataset, such as ``DM``, in any case.

    Returns:
        The files, sorted; more than one where the choice is the reader's.
    """
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file()
        and path.stem.casefold() == name.casefold()
        and path.suffix.lower() in SUFFIXES
    )
