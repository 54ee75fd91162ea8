"""Frames of every kind of value, and how exports read back."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
from hypothesis import strategies as st
from seizureflow.exports.columns import Column

VARIABLES = (
    Column("USUBJID", "Unique Subject Identifier", "text"),
    Column("AEDECOD", "Dictionary-Derived Term", "text"),
    Column("ASTDY", "Analysis Start Relative Day", "integer"),
    Column("AVAL", "Analysis Value", "float"),
    Column("ADT", "Analysis Date", "date"),
)

# Doubles that SAS transport keeps; the largest and the smallest first.
SAS_NUMBERS = (
    float(np.nextafter(2.0**249, 0)),
    16.0**-65,
    0.1,
    1 / 3,
    1e-70,
    2.0**53 - 1,
    float(np.nextafter(1.0, 0)),
    float(np.nextafter(1.0, 2)),
    float(np.nextafter(16.0, 0)),
    4.523128485832664e74,
    0.0,
)
sas_numbers = st.one_of(
    st.sampled_from([sign * number for number in SAS_NUMBERS for sign in (1, -1)]),
    st.floats(16.0**-65, 2.0**249, exclude_max=True),
    st.floats(-(2.0**249), -(16.0**-65), exclude_min=True),
)
sas_texts = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=40
).filter(lambda text: not text.endswith(" ") and len(text.encode()) <= 200)


def rows(numbers=sas_numbers, texts=sas_texts):
    """Rows of a frame of :data:`VARIABLES`, most values of which may be missing."""
    return st.lists(
        st.tuples(
            texts,
            st.none() | texts,
            st.none() | st.integers(-(2**53), 2**53),
            st.none() | numbers,
            st.none() | st.dates(),
        ),
        max_size=8,
    )


def frame(values) -> pd.DataFrame:
    """The frame as the pipeline would hold it."""
    table = pd.DataFrame(values, columns=[v.name for v in VARIABLES], dtype="object")
    return table.astype(
        {"USUBJID": "str", "AEDECOD": "str", "ASTDY": "Int64", "AVAL": "float64"}
    ).assign(ADT=np.array(table["ADT"].tolist(), dtype="datetime64[ms]"))


def read_back(path: Path) -> list[tuple]:
    """Rows of a SAS transport file, missing numbers as None."""
    table, _ = pyreadstat.read_xport(path)
    columns = [
        [None if not isinstance(value, str) and pd.isna(value) else value for value in table[name]]
        for name in table.columns
    ]
    return list(zip(*columns, strict=True))


def load(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))
