"""Participants of an analysis with the stratum of each."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from seizureflow.analysis import AnalysisRows, AnalysisSpec, analysis_rows
from seizureflow.problems import AnalysisError


@dataclass(frozen=True)
class StratifiedRows:
    """The rows of an analysis, divided into strata.

    Attributes:
        rows: The rows; participants without a stratum are left out, and a note says so.
        strata: Stratum of each row, in words ("STRUCTFL Y, HIGHBLFL N"); empty words where the
            analysis has no strata.
    """

    rows: AnalysisRows
    strata: tuple[str, ...]


def stratified_rows(
    data: Mapping[str, pd.DataFrame], spec: AnalysisSpec, variables: Sequence[str]
) -> StratifiedRows:
    """Put together the participants of an analysis and the strata that variables make.

    Args:
        data: Tables ``adsl`` and ``adsz``.
        spec: The analysis.
        variables: Variables of ADSL; each combination of their values is a stratum.

    Raises:
        AnalysisError: ADSL lacks a variable, or an arm has no participant left.
    """
    missing = [name for name in variables if name not in data["adsl"]]
    if missing:
        raise AnalysisError(
            f"Analysis {spec.id}: ADSL has no variable {', '.join(missing)} to stratify by. Name "
            "variables of ADSL in the option strata."
        )
    with_strata = replace(spec, covariates=tuple(dict.fromkeys((*spec.covariates, *variables))))
    rows = analysis_rows(data, with_strata, outcome=spec.outcome)
    named = [
        ", ".join(f"{spec.label(name)} {value}" for name, value in zip(variables, row, strict=True))
        for row in rows.frame[list(variables)].itertuples(index=False, name=None)
    ]
    return StratifiedRows(rows, tuple(named))


def silent_strata_note(silent: Mapping[Hashable, int], arm: str, reference: str) -> str | None:
    """Say which strata contribute nothing; None where all do.

    Args:
        silent: Strata without a participant of both arms, each with its participants.
        arm: Label of the arm compared.
        reference: Label of the reference arm.
    """
    if not silent:
        return None
    named = "; ".join(
        f"{stratum} ({size} participant{'' if size == 1 else 's'})"
        for stratum, size in silent.items()
    )
    return (
        f"Strata without a participant of both {arm} and {reference} contribute nothing to their "
        f"comparison: {named}."
    )
