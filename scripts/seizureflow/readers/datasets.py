"""Finds the file of an SDTM dataset in a folder, by its name."""

from __future__ import annotations

from pathlib import Path

from seizureflow.readers.dispatch import FORMATS


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
        if path.stem.casefold() == name.casefold()
        and path.suffix.lower() in FORMATS
        and path.is_file()
    )
