"""The participants of an analysis set with their times to an event, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from seizureflow.adsl import in_set
from seizureflow.analysis import AnalysisSpec, leave_out_incomplete, named
from seizureflow.array_types import BoolArray, FloatArray, IntArray
from seizureflow.problems import AnalysisError


@dataclass(frozen=True)
class EventTimes:
    """One row per participant with a time.

    Attributes:
        frame: ``USUBJID``, ``ARM`` (ordered categories, reference first), ``TIME`` (days, day 1
            being 1), ``EVENT``, ``STRATUM`` (number) and the covariates.
        notes: Who was left out and why, and what is special of the times.
    """

    frame: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def times(self) -> FloatArray:
        """Days to the event or to censoring."""
        return self.frame["TIME"].to_numpy(dtype=np.float64)

    @property
    def happened(self) -> BoolArray:
        """Whether it was the event."""
        return self.frame["EVENT"].to_numpy(dtype=bool)

    @property
    def arm_numbers(self) -> IntArray:
        """Number of each one's arm, the reference being 0."""
        return np.asarray(self.frame["ARM"].cat.codes, dtype=np.int64)

    @property
    def strata(self) -> IntArray:
        """Number of each one's stratum."""
        return self.frame["STRATUM"].to_numpy(dtype=np.int64)


def event_times(data: Mapping[str, pd.DataFrame], spec: AnalysisSpec) -> EventTimes:
    """Put together the participants of an analysis set with their time to an event.

    Args:
        data: Tables ``adsl`` and ``adtte``.
        spec: The analysis, with the options ``parameter`` and, where it has one, ``strata``.

    Raises:
        AnalysisError: An arm has no participant left.
    """
    strata: Sequence[str] = spec.options.get("strata", ())
    people = in_set(data["adsl"], spec.population)
    adtte = data["adtte"]
    chosen = adtte[adtte["PARAMCD"] == spec.options["parameter"]].set_index("USUBJID")
    kept = dict.fromkeys([*spec.covariates, *strata])
    frame = people[["USUBJID", "TRT01P", *kept]].reset_index(drop=True)
    frame["ARM"] = pd.Categorical(frame.pop("TRT01P"), [arm.id for arm in spec.arms])
    for column, source in (("TIME", "AVAL"), ("CNSR", "CNSR"), ("WHY", "CNSDTDSC")):
        frame[column] = frame["USUBJID"].map(chosen[source])
    frame["GROUPED"] = (
        frame["USUBJID"]
        .map(chosen["EVNTDESC"].astype("str").str.contains("interval-censored", na=False))
        .astype("boolean")
        .fillna(False)
    )
    needed = {"TIME": _time_in_words(frame)} | {name: spec.label(name) for name in kept}
    frame, notes = leave_out_incomplete(frame, needed, spec)
    frame = frame.copy()
    frame["EVENT"] = (frame["CNSR"] == 0).to_numpy(dtype=bool)
    frame["STRATUM"] = frame.groupby(list(strata)).ngroup() if strata else 0
    return EventTimes(
        frame.drop(columns=["CNSR", "WHY", "GROUPED"]).reset_index(drop=True),
        (*notes, *_special_times(frame)),
    )


def _time_in_words(frame: pd.DataFrame) -> str:
    """What those without a time lack, with the reasons that ADTTE gives."""
    reasons = sorted(frame.loc[frame["TIME"].isna(), "WHY"].dropna().unique())
    return f"a time ({'; '.join(reasons)})" if reasons else "a time"


def _special_times(frame: pd.DataFrame) -> list[str]:
    notes = []
    never = frame[frame["TIME"] < 1]
    if len(never):
        notes.append(
            f"{len(never)} of {len(frame)} participants were never at risk, because no diary "
            f"day was recorded from day 1 on, and add nothing: {named(never['USUBJID'])}."
        )
    grouped, events = int(frame["GROUPED"].sum()), int(frame["EVENT"].sum())
    if grouped:
        notes.append(
            f"{grouped} of {events} events are known to a period of several days, and not to the "
            "day: they stand at the period's last day, so that all of a period are tied. Arms are "
            "compared fairly, but no time is known more exactly than a period is long."
        )
    return notes


def refuse_without_events(people: EventTimes, spec: AnalysisSpec, instead: str) -> None:
    """Stop where nobody had the event.

    Args:
        people: The participants.
        spec: The analysis.
        instead: What to look at instead, as a sentence.

    Raises:
        AnalysisError: Nobody had the event.
    """
    if not people.happened.any():
        raise AnalysisError(
            f"Analysis {spec.id}: no participant had the event while observed, so there is nothing "
            f"to compare. {instead}"
        )
