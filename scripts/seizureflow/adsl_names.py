"""Names of the variables that ADSL has whatever the protocol adds to it."""

from __future__ import annotations

import re

# Variables that a covariate may give where no column of the participants file does.
DEMOGRAPHIC = {"AGE": "age", "SEX": "sex", "SITEID": "site"}
_OWN = (
    "STUDYID",
    "USUBJID",
    "TRT01P",
    "SCRNDT",
    "RANDDT",
    "TRTSDT",
    "TRTEDT",
    "EOSSTT",
    "DCSREAS",
    "EOSDT",
    "EOSDY",
    "LSTVSDT",
    "DUMMYFL",
    "RANDFL",
    "DOSEDFL",
    "ELIGFL",
    "BLDIARFL",
    "POSTBLFL",
    "NODEVFL",
    "COMPLFL",
    "BSCOUNT",
    "BSDAYS",
    "BSFREQ",
    "LBSFREQ",
)
OWN_VARIABLES = (*_OWN, *DEMOGRAPHIC)
_STRATUM = re.compile(r"STRAT(A|[0-9]+)[RV]")
# Of the table of participants, and not kept in ADSL.
_PASSING = ("RFDT",)


def is_own(name: str) -> bool:
    """Whether a variable is one that ADSL derives, so that no covariate can have its name.

    >>> is_own("BSCOUNT"), is_own("STRAT1R"), is_own("AGE")
    (True, True, False)
    """
    return name in (*_OWN, *_PASSING) or _STRATUM.fullmatch(name) is not None
