"""What SDTM datasets hold of each domain: their files, variables and records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from seizureflow.dataset_files import dataset_files
from seizureflow.domain_columns import EVENT_COLUMNS, EVENT_DAY_COLUMNS, REQUIRED_COLUMNS
from seizureflow.problems import Problem

Entry = dict[str, Any]


def _findings(dataset: str) -> Entry:
    """The variables of a dataset of results, in the standard units."""
    return {
        "participant": "USUBJID",
        "date": f"{dataset}DTC",
        "visit": "VISIT",
        "timepoint": f"{dataset}TPT",
        "test_code": f"{dataset}TESTCD",
        "test": f"{dataset}TEST",
        "category": f"{dataset}CAT",
        "value": f"{dataset}STRESN",
        "text": [f"{dataset}STRESC", f"{dataset}ORRES"],
        "unit": f"{dataset}STRESU",
        "low": f"{dataset}STNRLO",
        "high": f"{dataset}STNRHI",
        "indicator": f"{dataset}NRIND",
    }


# For each domain: the dataset, the variable of each of this project's columns (several: the first
# that the dataset has), and the records that are of the domain. docs/sdtm-diary.md describes them.
_DATASETS: dict[str, tuple[str, Entry, Entry]] = {
    "participants": (
        "DM",
        {
            "participant": "USUBJID",
            "arm": "ARMCD",
            "site": "SITEID",
            "age": "AGE",
            "sex": "SEX",
            "screened_date": "RFICDTC",
        },
        {},
    ),
    "visits": ("SV", {"participant": "USUBJID", "visit": "VISIT", "date": "SVSTDTC"}, {}),
    "doses": (
        "EX",
        {"participant": "USUBJID", "date": "EXSTDTC", "end_date": "EXENDTC", "dose": "EXDOSE"},
        {},
    ),
    "disposition": (
        "DS",
        {
            "participant": "USUBJID",
            "status": "DSDECOD",
            "reason": "DSTERM",
            "date": "DSSTDTC",
        },
        {"DSCAT": ["DISPOSITION EVENT"]},
    ),
    "adverse_events": (
        "AE",
        {
            "participant": "USUBJID",
            "term": ["AEDECOD", "AETERM"],
            "body_system": ["AEBODSYS", "AESOC"],
            "start_date": "AESTDTC",
            "end_date": "AEENDTC",
            "severity": "AESEV",
            "serious": "AESER",
            "related": "AEREL",
            "action": "AEACN",
            "outcome": "AEOUT",
        },
        {},
    ),
    "medications": (
        "CM",
        {
            "participant": "USUBJID",
            "medication": ["CMDECOD", "CMTRT"],
            "class": "CMCLAS",
            "start_date": "CMSTDTC",
            "end_date": "CMENDTC",
            "reason": "CMINDC",
        },
        {},
    ),
    "laboratory": ("LB", _findings("LB"), {}),
    "vital_signs": ("VS", _findings("VS"), {}),
}
_EVENTS = {
    "participant": "USUBJID",
    "date": "CESTDTC",
    "type": ["CEDECOD", "CETERM"],
    "count": "CENUM",
    "cluster": "CECLUST",
}
_COUNTS = {
    "participant": "USUBJID",
    "date": "FADTC",
    "type": "FAOBJ",
    "count": ["FASTRESN", "FASTRESC", "FAORRES"],
}
_DAYS = {
    "participant": "USUBJID",
    "date": "FADTC",
    "entered_date": "FAENTDTC",
    "recorded": ["FASTRESC", "FAORRES"],
}
_DIARY_CATEGORY = "SEIZURE DIARY"
_RANDOMISED = ["RANDOMIZED", "RANDOMISED"]
_NOT_RANDOMISED = ["SCRNFAIL", "NOTASSGN", "Screen Failure", "Not Assigned"]


def with_sdtm_defaults(data: Entry, folder: Path) -> tuple[Entry, list[Problem]]:
    """Fill in files, columns and records of every domain of a study that comes as SDTM.

    Args:
        data: The protocol, which has the entry ``source``.
        folder: The study's folder.

    Returns:
        The protocol with these entries filled in, and datasets that are missing or there twice.
    """
    source = folder / data["source"]["folder"]
    problems: list[Problem] = []
    finder = _Finder(folder, source, problems)
    domains: Entry = {}
    for name, entry in data["domains"].items():
        if name == "diary":
            domains[name] = _diary(entry, finder)
        elif name in _DATASETS:
            domains[name] = _filled(entry, finder, REQUIRED_COLUMNS[name], *_DATASETS[name])
        else:
            domains[name] = entry
    if "adverse_events" in domains:
        domains["adverse_events"].setdefault("fatal_value", "FATAL")
    if "participants" in domains:
        people = domains["participants"]
        people["not_randomised"] = people["not_randomised"] or _NOT_RANDOMISED
        milestones = finder.find("DS", needed=False)
        if milestones and "randomised_date" not in people["columns"]:
            people["milestones"] = {
                "file": milestones,
                "columns": {"participant": "USUBJID", "randomised_date": "DSSTDTC"},
                "keep": {"DSDECOD": _RANDOMISED},
            }
    return data | {"domains": domains}, problems


class _Finder:
    """Finds the files of datasets, and keeps what is wrong with them."""

    def __init__(self, folder: Path, source: Path, problems: list[Problem]) -> None:
        self.folder, self.source, self.problems = folder, source, problems

    def find(self, dataset: str, *, needed: bool) -> str | None:
        files = dataset_files(self.source, dataset)
        if len(files) > 1:
            self.report(
                f"The dataset {dataset} is there more than once.",
                found=", ".join(file.name for file in files),
                action="Keep one of them, or name the file of the domain.",
            )
        if not files and needed:
            self.report(
                f"The dataset {dataset} is missing.",
                expected=f"{dataset.lower()}.xpt, .sas7bdat, .json or .ndjson",
                action="Add it, or name the file of the domain.",
            )
        return files[0].relative_to(self.folder).as_posix() if files else None

    def report(self, what: str, **details: str) -> None:
        problem = Problem(str(self.source), what, **details)
        if problem not in self.problems:  # a dataset can hold two domains
            self.problems.append(problem)


def _filled(
    entry: Entry,
    finder: _Finder,
    required: tuple[str, ...],
    dataset: str,
    columns: Entry,
    keep: Entry,
) -> Entry:
    """Fill in what an entry does not say; variables that are not required need not be there."""
    given = entry["columns"]
    filled = dict(entry)
    if "file" not in filled:
        found = finder.find(dataset, needed=True)
        if found is not None:
            filled["file"] = found
        supplement = finder.find(f"SUPP{dataset}", needed=False)
        if supplement is not None:
            filled.setdefault("supplement", supplement)
    standard = {name: [of] if isinstance(of, str) else of for name, of in columns.items()}
    filled["columns"] = {name: variables[0] for name, variables in standard.items()} | given
    filled["alternatives"] = {
        name: variables[1:] for name, variables in standard.items() if name not in given
    }
    filled["optional"] = sorted(set(columns) - set(given) - set(required))
    if keep:
        filled.setdefault("keep", keep)
    return filled


def _diary(entry: Entry, finder: _Finder) -> Entry:
    """Seizures from CE, else from counts in FA; recorded days from FA."""
    events = dict(entry) | {"layout": "events"}
    if "file" in entry or finder.find("CE", needed=False):
        keep = {"CECAT": [_DIARY_CATEGORY]}
        events = _filled(events, finder, EVENT_COLUMNS, "CE", _EVENTS, keep)
    else:
        keep = {"FACAT": [_DIARY_CATEGORY], "FATESTCD": ["SZCOUNT"]}
        events = _filled(events, finder, (*EVENT_COLUMNS, "count"), "FA", _COUNTS, keep)
    keep = {"FACAT": [_DIARY_CATEGORY], "FATESTCD": ["DIARYREC"]}
    days = entry.get("days", {"columns": {}})
    required = (*EVENT_DAY_COLUMNS, "recorded")
    return events | {"days": _filled(days, finder, required, "FA", _DAYS, keep)}
