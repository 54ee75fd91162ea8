"""Chooses the results of tests that an analysis describes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from seizureflow.adsl import in_set
from seizureflow.analysis import AnalysisSpec
from seizureflow.problems import AnalysisError
from seizureflow.suggestions import nearest

TABLES = {"laboratory": "adlb", "vital_signs": "advs"}


@dataclass(frozen=True)
class MeasurementRows:
    """Results of tests of the participants of an analysis set.

    Attributes:
        frame: Rows of ADLB or ADVS that have a number, with ``ARM`` and ``SERIES``: the parameter
            in words, with its time point where it has several.
        people: ``USUBJID`` and ``ARM`` of all participants of the set.
        notes: What is not in it.
    """

    frame: pd.DataFrame
    people: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def series(self) -> list[str]:
        """The series that have a result, in the order of the rows."""
        return [str(name) for name in self.frame["SERIES"].unique()]

    def of(self, arm: str) -> pd.DataFrame:
        """The rows of an arm."""
        return self.frame[self.frame["ARM"] == arm]


def measurement_rows(
    data: Mapping[str, pd.DataFrame], spec: AnalysisSpec, parameters: Sequence[str]
) -> MeasurementRows:
    """Choose the results of some parameters.

    Args:
        data: Tables ``adsl`` and ``adlb`` or ``advs``.
        spec: The analysis; its option ``domain`` says which of the two, ADLB without it.
        parameters: PARAMCDs, in the order wanted; all if empty.

    Raises:
        AnalysisError: A parameter does not exist, or nobody of the set has a result.
    """
    name = TABLES[spec.options.get("domain", "laboratory")]
    table = data[name]
    known = [str(code) for code in table["PARAMCD"].unique()]
    for code in parameters:
        if code not in known:
            raise AnalysisError(
                f"Analysis {spec.id}: {name.upper()} has no parameter {code}. "
                f"{nearest(code, known)} It has: {', '.join(known) or 'none'}.".replace("  ", " ")
            )
    people = in_set(data["adsl"], spec.population)[["USUBJID", "TRT01P"]]
    people = people.rename(columns={"TRT01P": "ARM"})
    chosen = list(dict.fromkeys(parameters)) or known
    frame = table[table["PARAMCD"].isin(chosen)].drop(columns="TRT01P")
    frame = frame.merge(people, on="USUBJID", validate="many_to_one")
    notes = _words_only(frame)
    frame = frame[frame["AVAL"].notna()]
    if frame.empty:
        raise AnalysisError(
            f"Analysis {spec.id}: no participant of the analysis set has a number in "
            f"{name.upper()} to describe. " + " ".join(notes)
        )
    order = {code: place for place, code in enumerate(chosen)}
    frame = frame.assign(SERIES=_series(frame), PLACE=frame["PARAMCD"].map(order))
    frame = frame.sort_values(["PLACE", "SERIES"], kind="stable", ignore_index=True)
    return MeasurementRows(frame.drop(columns="PLACE"), people, notes)


def after_baseline(frame: pd.DataFrame, records: str) -> pd.DataFrame:
    """Results after day 1 (``post_baseline``), or those of them on treatment (``on_treatment``)."""
    later = (frame["ADY"] > 1).fillna(False).astype(bool)
    if records == "on_treatment":
        later &= frame["ONTRTFL"] == "Y"
    return frame[later]


def _series(frame: pd.DataFrame) -> pd.Series[str]:
    several = frame.groupby("PARAMCD")["ATPT"].transform("nunique") > 1
    named = frame["PARAM"] + ", " + frame["ATPT"].fillna("no time point").str.lower()
    return frame["PARAM"].where(~several, named)


def _words_only(frame: pd.DataFrame) -> tuple[str, ...]:
    """Say how many results are no numbers, by parameter."""
    words = frame.loc[frame["AVAL"].isna(), "PARAM"].value_counts(sort=False)
    if words.empty:
        return ()
    listed = ", ".join(f"{name} ({count})" for name, count in sorted(words.items()))
    return (f"Results that are no numbers do not enter: {listed}.",)
