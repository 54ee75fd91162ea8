"""Describes the datasets of a study: what each variable and parameter is and comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from seizureflow.problems import InputError, Problem
from seizureflow.specification.adae import adae_variables
from seizureflow.specification.adex import adex_variables
from seizureflow.specification.adsl import adsl_variables
from seizureflow.specification.adsz import adsz_parameters, adsz_variables
from seizureflow.specification.adtte import adtte_parameters, adtte_variables
from seizureflow.specification.identifiers import is_dummy
from seizureflow.specification.measurements import (
    MEASUREMENT_DOMAINS,
    measurement_parameters,
    measurement_variables,
)
from seizureflow.specification.model import Dataset, Parameter, Specification, Variable

Entry = dict[str, Any]

_NUMBER_LENGTH = 8  # bytes of a number in SAS


@dataclass(frozen=True)
class Outline:
    """Label, structure and keys of a dataset."""

    label: str
    structure: str
    keys: tuple[str, ...]


OUTLINES = {
    "adsl": Outline(
        "Subject-Level Analysis Dataset",
        "One record per screened participant",
        ("STUDYID", "USUBJID"),
    ),
    "adsz": Outline(
        "Seizure Frequency Analysis Dataset",
        "One record per randomised participant, parameter and window (BDS)",
        ("STUDYID", "USUBJID", "PARAMCD", "AWTYPE", "AVISIT"),
    ),
    "adtte": Outline(
        "Time-to-Event Analysis Dataset",
        "One record per randomised participant and parameter (BDS for time to event)",
        ("STUDYID", "USUBJID", "PARAMCD"),
    ),
    "adae": Outline(
        "Adverse Events Analysis Dataset",
        "One record per participant and adverse event (OCCDS)",
        ("STUDYID", "USUBJID", "ASTDT", "AETERM"),
    ),
    "adex": Outline(
        "Exposure Analysis Dataset",
        "One record per participant and dose",
        ("STUDYID", "USUBJID", "EXSEQ"),
    ),
    "adlb": Outline(
        "Laboratory Results Analysis Dataset",
        "One record per participant and laboratory result (BDS)",
        ("STUDYID", "USUBJID", "PARAMCD", "ATPT", "ADT"),
    ),
    "advs": Outline(
        "Vital Signs Analysis Dataset",
        "One record per participant and measurement (BDS)",
        ("STUDYID", "USUBJID", "PARAMCD", "ATPT", "ADT"),
    ),
}
_WITH_PARAMETERS = ("adsz", "adtte", *MEASUREMENT_DOMAINS)


def describe(
    protocol_data: Entry, labels: Mapping[str, str], datasets: Mapping[str, pd.DataFrame]
) -> Specification:
    """Describe the datasets of a study.

    Args:
        protocol_data: The protocol with defaults filled in.
        labels: Labels of the protocol's windows and visits, by id.
        datasets: The datasets by name, as in :data:`OUTLINES`.

    Raises:
        InputError: A variable or a parameter of a dataset has no description; all of them.
    """
    problems: list[Problem] = []
    described = []
    for name, frame in datasets.items():
        columns = [str(column) for column in frame.columns]
        problems += [
            _no_description(name, f"variable {column}")
            for column in undescribed(name, columns, protocol_data)
        ]
        parameters = _parameters(name, protocol_data, labels, frame)
        codes = _codes(frame) if name in _WITH_PARAMETERS else []
        problems += [
            _no_description(name, f"parameter {code}") for code in codes if code not in parameters
        ]
        if not problems:
            found = [_as_named(parameters[code], frame) for code in codes]
            variables = variables_of(name, protocol_data, labels)
            described.append(_dataset(name, frame, [variables[c] for c in columns], found))
    if problems:
        raise InputError(problems)
    return Specification(
        study=str(protocol_data["study"]),
        title=str(protocol_data.get("title", "")),
        simulated=bool(protocol_data["simulated"]),
        dummy_treatment=is_dummy(protocol_data),
        datasets=tuple(described),
    )


def undescribed(dataset_name: str, columns: Iterable[str], protocol: Entry) -> list[str]:
    """Columns of a dataset for which there is no description under a protocol."""
    known = variables_of(dataset_name, protocol, {})
    return [column for column in columns if column not in known]


def variables_of(name: str, protocol: Entry, labels: Mapping[str, str]) -> dict[str, Variable]:
    """Every variable that a dataset can have under a protocol, by name."""
    if name == "adsl":
        return adsl_variables(protocol)
    if name == "adsz":
        return adsz_variables(protocol, labels)
    if name == "adtte":
        return adtte_variables(protocol, labels)
    if name in MEASUREMENT_DOMAINS:
        return measurement_variables(name, protocol, labels)
    return {"adae": adae_variables, "adex": adex_variables}[name](protocol)


def _parameters(
    name: str, protocol: Entry, labels: Mapping[str, str], frame: pd.DataFrame
) -> dict[str, Parameter]:
    if name == "adsz":
        return adsz_parameters(protocol, frame)
    if name in MEASUREMENT_DOMAINS:
        return measurement_parameters(name, protocol, frame)
    return adtte_parameters(protocol, labels) if name == "adtte" else {}


def _codes(frame: pd.DataFrame) -> list[str]:
    """Codes of the parameters in the order in which they appear."""
    return [str(code) for code in frame["PARAMCD"].dropna().unique()]


def _as_named(parameter: Parameter, frame: pd.DataFrame) -> Parameter:
    """A parameter under the label that it has in the dataset, without BASE where it has none."""
    rows = frame[frame["PARAMCD"] == parameter.code]
    names = rows["PARAM"].dropna()
    has_base = "BASE" in rows and bool(rows["BASE"].notna().any())
    return replace(
        parameter,
        label=str(names.iloc[0]) if len(names) else parameter.label,
        baseline=parameter.baseline if has_base else "",
    )


def _no_description(dataset: str, what: str) -> Problem:
    return Problem(
        f"dataset {dataset.upper()}, {what}",
        "It has no description, so that nobody could know what it is.",
        action=f"Describe it in scripts/seizureflow/specification/{dataset}.py.",
    )


def _dataset(
    name: str, frame: pd.DataFrame, variables: list[Variable], parameters: list[Parameter]
) -> Dataset:
    outline = OUTLINES[name]
    return Dataset(
        name=name.upper(),
        label=outline.label,
        structure=outline.structure,
        keys=outline.keys,
        variables=tuple(replace(v, length=_length(frame[v.name], v.kind)) for v in variables),
        parameters=tuple(parameters),
    )


def _length(values: pd.Series[Any], kind: str) -> int:
    if kind != "text":
        return _NUMBER_LENGTH
    return max((len(str(value).encode()) for value in values.dropna().unique()), default=1) or 1
