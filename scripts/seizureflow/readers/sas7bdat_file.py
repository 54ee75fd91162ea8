"""Reads a SAS dataset, sas7bdat, through ReadStat."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.readers.reading import Reading
from seizureflow.readers.sas_values import report_special_missing, sas_column
from seizureflow.readers.text_cells import object_text_column


def read_sas7bdat(path: Path, reading: Reading) -> pd.DataFrame:
    """Read a SAS dataset; it states its own encoding.

    Args:
        path: The file.
        reading: Takes header, labels and findings.

    Raises:
        RefusedFileError: Where the file cannot be read.
    """
    _, about = _readstat(path, reading, metadataonly=True)
    reading.set_header(about.column_names)
    reading.set_labels(about.column_labels)
    reading.stop_at_errors()
    # With no column selected, the first is still read, for the number of rows.
    names = list(reading.selected().values()) or list(reading.header[:1])
    values, _ = _readstat(
        path, reading, usecols=names, user_missing=True, disable_datetime_conversion=True
    )
    if about.number_rows is not None and len(values) != about.number_rows:
        reading.refuse(
            "truncated_file",
            f"The file holds {len(values)} rows, its header says {about.number_rows}.",
            "Transfer the file again, in binary mode.",
        )
    return sas_frame(values, about.original_variable_types, about.readstat_variable_types, reading)


def sas_frame(
    values: pd.DataFrame, formats: dict[str, str | None], kinds: dict[str, str], reading: Reading
) -> pd.DataFrame:
    """Turn what ReadStat gives into cells.

    Args:
        values: The columns read; special missing values of numeric columns as their letter.
        formats: SAS format of each column.
        kinds: Type of each column as named by ReadStat: ``string`` or a type of number.
        reading: Takes the findings.
    """
    columns: dict[str, pd.Series[Any]] = {}
    for name in reading.selected().values():
        if kinds[name] == "string":
            texts = [value if isinstance(value, str) else None for value in values[name]]
            columns[name] = object_text_column(texts, name, reading)
            continue
        letters = values[name].map(lambda value: isinstance(value, str)).to_numpy(dtype=bool)
        if letters.any():
            codes = ", ".join(f".{code}" for code in sorted(set(values[name][letters])))
            report_special_missing(name, np.flatnonzero(letters), codes, reading)
        numbers = values[name].mask(letters).astype("float64").to_numpy()
        columns[name] = sas_column(numbers, formats[name] or "", name, reading)
    reading.stop_at_errors()
    return pd.DataFrame(columns, index=pd.RangeIndex(len(values)), copy=False)


def _readstat(path: Path, reading: Reading, **options: Any) -> tuple[pd.DataFrame, Any]:
    import pyreadstat  # here, so that studies without such files need not load it

    try:
        frame, about = pyreadstat.read_sas7bdat(str(path), **options)
    except Exception as error:  # ReadStat fails in many ways on a damaged file
        reading.refuse(
            "unreadable_file",
            "The file cannot be read as a SAS dataset.",
            "Transfer it again, in binary mode, or export it as a transport file (.xpt).",
            value=error,
        )
    return frame, about
