"""Protocols and datasets to describe."""

import copy
import functools
from pathlib import Path

import pandas as pd
from seizureflow.protocol import load_protocol
from seizureflow.tables import TABLES

ROOT = Path(__file__).parents[3]
STUDIES = ("opus", "progabide")
ADTTE = [
    "STUDYID",
    "USUBJID",
    "TRT01P",
    "PARAMCD",
    "PARAM",
    "STARTDT",
    "ADT",
    "AVAL",
    "CNSR",
    "EVNTDESC",
    "CNSDTDSC",
    "SRCDOM",
]
ADEX = [
    "STUDYID",
    "USUBJID",
    "TRT01P",
    "EXSEQ",
    "ASTDT",
    "ASTDY",
    "AENDT",
    "AENDY",
    "EXDOSE",
    "EXDOSU",
]


@functools.cache
def shipped(study):
    """A shipped protocol."""
    return load_protocol(ROOT / "studies" / study, ROOT / "schemas")


def protocol(study="opus", **changes):
    """A shipped protocol with some of its entries changed."""
    return copy.deepcopy(shipped(study).data) | changes


def labels(study="opus"):
    return shipped(study).labels


def adsz(codes, **columns) -> pd.DataFrame:
    """ADSZ with a row for each parameter."""
    frame = pd.DataFrame({name: pd.Series(dtype="object") for name in TABLES["adsz"]})
    rows = {"PARAMCD": list(codes), "PARAM": [f"Label of {code}" for code in codes]}
    return pd.concat([frame, pd.DataFrame(rows | columns)], ignore_index=True)
