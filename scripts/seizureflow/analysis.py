"""What an analysis is asked, what it is given and what it answers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.adice import day_of_first
from seizureflow.adsl import in_set
from seizureflow.problems import AnalysisError

Entry = dict[str, Any]

# For each kind of endpoint, the variable of ADSZ that holds its outcome.
OUTCOME_VARIABLES = {
    "log_change": "CHG",
    "percent_change": "AVAL",
    "seizure_free_days": "CHG",
    "responder": "AVAL",
}


@dataclass(frozen=True)
class Arm:
    """A treatment arm."""

    id: str
    label: str


@dataclass(frozen=True)
class AnalysisSpec:
    """One analysis of the protocol, with the parts of the plan that it rests on.

    Attributes:
        id: Its name.
        population: Analysis set.
        arms: Treatment arms, the reference first.
        confidence_level: Level of the intervals.
        endpoint: Parameter of ADSZ, where the method takes one.
        window: Window of ADSZ, where the method takes one.
        covariates: Variables of ADSL to adjust for.
        variables: Variables of ADSL to describe.
        visits: Ids of the scheduled visits in the window, in order; of all without a window.
        labels: Labels of variables, arms, windows and visits.
        frequency_days: Unit of the seizure frequency in days.
        options: Further options of the method, defaults filled in.
        endpoint_kind: Kind of the endpoint.
        hypothetical_events: Intercurrent events of the estimand with a hypothetical strategy:
            what was seen after them does not enter.
        repeated: Plan of the analysis that this one repeats; None where it repeats none.
        visit_days: Days of the scheduled visits, where a time to an event is analysed.
        window_days: First day of the window and the one after its last, where the diary itself is
            analysed.
        counting: Which seizures count and how, where the diary itself is analysed.
        adverse_events: Where adverse events are analysed, ``emergent`` (the rule of treatment
            emergence) and ``flags`` (those that the study knows of events).
        dosing: Where doses are analysed, what is known of them: ``unit``, ``interval_days`` and
            ``planned_dose`` (by arm).
    """

    id: str
    population: str
    arms: tuple[Arm, ...]
    confidence_level: float = 0.95
    endpoint: str | None = None
    window: str | None = None
    covariates: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    visits: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    frequency_days: int = 28
    options: Mapping[str, Any] = field(default_factory=dict)
    endpoint_kind: str | None = None
    hypothetical_events: tuple[str, ...] = ()
    repeated: Entry | None = None
    visit_days: tuple[int, ...] = ()
    window_days: tuple[int, int] | None = None
    counting: Entry | None = None
    adverse_events: Entry | None = None
    dosing: Entry | None = None

    @property
    def outcome(self) -> str:
        """Variable of ADSZ that holds the outcome of the endpoint."""
        return OUTCOME_VARIABLES[self.endpoint_kind or "log_change"]

    @property
    def outcome_is_log(self) -> bool:
        """Whether differences of the outcome are logarithms of ratios."""
        return self.endpoint_kind in (None, "log_change")

    @property
    def significance_level(self) -> float:
        """One less the confidence level, as it is written: p = 0.05 does not fall below it.

        To a computer 1 - 0.95 is a little more than 0.05.
        """
        return round(1 - self.confidence_level, 10)

    @property
    def reference(self) -> Arm:
        """The reference arm."""
        return self.arms[0]

    def label(self, name: str) -> str:
        """Label of a name of the plan, the name itself where it has none."""
        return self.labels.get(name, name)


@dataclass(frozen=True)
class Statistic:
    """One number (or word) of a result, and what it is about.

    Attributes:
        name: Its short name, the same wherever the same thing is meant.
        label: Its name in words.
        value: The number; not a number where it does not exist, and then ``note`` says why.
        group: Arm, or the arm compared; empty for all participants.
        reference: The arm it is compared with.
        variable: Model term, described variable or kind of event.
        level: Value of the variable, or adverse event term.
        visit: Visit, where the number is about one alone.
        unit: Unit of the number.
        text: The result where it is not a number (a date).
        note: What a reader must know of this number.
    """

    name: str
    label: str
    value: float = math.nan
    group: str | None = None
    reference: str | None = None
    variable: str | None = None
    level: str | None = None
    visit: str | None = None
    unit: str | None = None
    text: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class AnalysisResult:
    """What a method answers.

    Attributes:
        statistics: The numbers.
        converged: Whether the fit converged; None where nothing was iterated.
        notes: What a reader must know of the whole analysis; warnings of the fit among them.
    """

    statistics: tuple[Statistic, ...]
    converged: bool | None = None
    notes: tuple[str, ...] = ()


def build_spec(plan: Entry) -> AnalysisSpec:
    """Make the specification of an analysis from the entries of the protocol that it uses.

    Args:
        plan: ``analysis`` (its entry), ``arms``, ``visits``, ``labels``, ``frequency_days``,
            ``confidence_level``, ``endpoint_kind``, ``hypothetical_events`` and ``repeated``;
            ``visit_days``, ``window_days`` and ``counting`` where the method needs them.
    """
    entry: Entry = plan["analysis"]
    return AnalysisSpec(
        id=entry["id"],
        population=entry["population"],
        arms=tuple(Arm(arm["id"], arm["label"]) for arm in plan["arms"]),
        confidence_level=plan["confidence_level"],
        endpoint=entry.get("endpoint"),
        window=entry.get("window"),
        covariates=tuple(entry.get("covariates", ())),
        variables=tuple(entry.get("variables", ())),
        visits=tuple(plan["visits"]),
        labels=plan["labels"],
        frequency_days=plan["frequency_days"],
        options=entry.get("options", {}),
        endpoint_kind=plan.get("endpoint_kind"),
        hypothetical_events=tuple(plan.get("hypothetical_events", ())),
        repeated=plan.get("repeated"),
        visit_days=tuple(plan.get("visit_days", ())),
        window_days=(window[0], window[1]) if (window := plan.get("window_days")) else None,
        counting=plan.get("counting"),
        adverse_events=plan.get("adverse_events"),
        dosing=plan.get("dosing"),
    )


# For each column of the rows, the parameter and variable of ADSZ that it comes from.
_FREQUENCY_COLUMNS = {
    "COUNT": ("SZCOUNT", "AVAL"),
    "DAYS": ("SZDAYS", "AVAL"),
    "FREQ": ("SZFREQ", "AVAL"),
    "PCHG": ("SZFREQ", "PCHG"),
}


@dataclass(frozen=True)
class AnalysisRows:
    """One row per participant who enters an analysis, and what was left out.

    Attributes:
        frame: ``USUBJID``, ``ARM`` (ordered categories, reference first), ``COUNT``, ``DAYS``,
            ``FREQ`` (seizures per unit of days), ``PCHG`` (percent change of the frequency),
            ``OUTCOME`` where one was asked for, and the covariates.
        population_size: Participants of the analysis set.
        notes: Who was left out, and why.
    """

    frame: pd.DataFrame
    population_size: int
    notes: tuple[str, ...]


def analysis_rows(
    data: Mapping[str, pd.DataFrame], spec: AnalysisSpec, outcome: str | None = None
) -> AnalysisRows:
    """Put together the participants of an analysis set with their values in the window.

    Args:
        data: Tables ``adsl`` and ``adsz``.
        spec: The analysis.
        outcome: Variable of ADSZ that holds the outcome of the endpoint, ``AVAL`` or ``CHG``; None
            where the counts themselves are analysed.

    Participants without a frequency in the window, without a value of the endpoint or without a
    covariate are left out, and a note says how many and who. Who is no responder by the rule for
    dropouts or by an event has a value of the endpoint without a frequency, and stays.

    Raises:
        AnalysisError: An arm has no participant left.
    """
    people = in_set(data["adsl"], spec.population)
    adsz = data["adsz"][data["adsz"]["AVISIT"] == spec.window]
    adsz, supposed = _without_hypothetical(adsz, data, spec)
    frame = people[["USUBJID", "TRT01P", *spec.covariates]].reset_index(drop=True)
    frame["ARM"] = pd.Categorical(frame.pop("TRT01P"), [arm.id for arm in spec.arms])
    columns = dict(_FREQUENCY_COLUMNS)
    if outcome is not None:
        columns["OUTCOME"] = (str(spec.endpoint), outcome)
    for column, (parameter, value) in columns.items():
        chosen = adsz[adsz["PARAMCD"] == parameter]
        frame[column] = frame["USUBJID"].map(chosen.set_index("USUBJID")[value])
    # Who left can be no responder by rule without a recorded day.
    frame["KNOWN"] = frame["FREQ"].fillna(frame["OUTCOME"]) if outcome else frame["FREQ"]
    needed = {"KNOWN": "recorded days in the window"}
    needed |= {"OUTCOME": "a value of the endpoint"} if outcome else {}
    needed |= {name: spec.label(name) for name in spec.covariates}
    frame, notes = leave_out_incomplete(frame, needed, spec)
    frame = frame.drop(columns="KNOWN").reset_index(drop=True)
    return AnalysisRows(frame, len(people), (*supposed, *notes))


def visit_rows(data: Mapping[str, pd.DataFrame], spec: AnalysisSpec, outcome: str) -> AnalysisRows:
    """Put together the participants of an analysis set with their outcome at the window's visits.

    Participants without a covariate, or without the outcome at any of the visits, are left out, and
    a note says how many and who; a participant with some of the visits stays with those.

    Args:
        data: Tables ``adsl`` and ``adsz``.
        spec: The analysis.
        outcome: Variable of ADSZ that holds the outcome of the endpoint.

    Returns:
        One row per participant and visit, with ``VISIT`` (ordered categories), ``ARM``,
        ``OUTCOME`` and the covariates.

    Raises:
        AnalysisError: An arm has no participant left.
    """
    people = in_set(data["adsl"], spec.population)
    adsz, supposed = _without_hypothetical(data["adsz"], data, spec)
    chosen = adsz[
        (adsz["PARAMCD"] == spec.endpoint)
        & adsz["AVISIT"].isin(spec.visits)
        & adsz[outcome].notna()
    ]
    unknown = _visits_without_outcome(adsz, spec, outcome, people["USUBJID"])
    values = chosen[["USUBJID", "AVISIT", outcome]].rename(
        columns={"AVISIT": "VISIT", outcome: "OUTCOME"}
    )
    values = values.assign(VISIT=values["VISIT"].astype("str"))
    frame = people[["USUBJID", "TRT01P", *spec.covariates]].merge(
        values, on="USUBJID", how="left", validate="one_to_many"
    )
    frame["ARM"] = pd.Categorical(frame.pop("TRT01P"), [arm.id for arm in spec.arms])
    frame["VISIT"] = pd.Categorical(frame["VISIT"], list(spec.visits), ordered=True)
    needed = {"OUTCOME": "a value of the endpoint at any visit"}
    needed |= {name: spec.label(name) for name in spec.covariates}
    frame, notes = leave_out_incomplete(frame, needed, spec)
    frame = frame.sort_values(["USUBJID", "VISIT"], ignore_index=True)
    return AnalysisRows(frame, len(people), (*supposed, *unknown, *notes))


def _without_hypothetical(
    adsz: pd.DataFrame, data: Mapping[str, pd.DataFrame], spec: AnalysisSpec
) -> tuple[pd.DataFrame, list[str]]:
    """Leave out the windows that reach beyond an event which the estimand supposes away.

    The day of the event is the last that counts, so a window stays where it ends with it.
    """
    if not spec.hypothetical_events:
        return adsz, []
    first = day_of_first(data["adice"], spec.hypothetical_events)
    day = adsz["USUBJID"].astype("str").map(first).to_numpy(dtype=np.float64, na_value=np.nan)
    last_day = adsz["AWHI"].to_numpy(dtype=np.float64) - 1
    # Comparisons with a day that is not known are false: nothing is left out on a guess.
    beyond = (last_day > day) & (adsz["AWTYPE"] != "baseline").to_numpy(dtype=bool)
    people = set(in_set(data["adsl"], spec.population)["USUBJID"])
    who = sorted(people & set(adsz.loc[beyond, "USUBJID"].astype("str")))
    note = (
        f"{len(who)} participants had an event that the estimand supposes not to have happened "
        f"({', '.join(spec.hypothetical_events)}): what was seen after it does not enter."
    )
    return adsz[~beyond], [note] if who else []


def _visits_without_outcome(
    adsz: pd.DataFrame, spec: AnalysisSpec, outcome: str, people: pd.Series[Any]
) -> list[str]:
    """Say at how many visits a frequency is known that the endpoint has no value of.

    Without an offset a visit without seizures has no logarithm. Leaving such visits out takes the
    best results of both arms from the analysis, which nobody must overlook.
    """
    if "ANL01FL" not in adsz:
        return []
    lost = adsz[
        (adsz["PARAMCD"] == spec.endpoint)
        & adsz["AVISIT"].isin(spec.visits)
        & adsz["USUBJID"].isin(people)
        & (adsz["ANL01FL"] == "Y")
        & adsz[outcome].isna()
    ]
    if lost.empty:
        return []
    who = lost["USUBJID"]
    return [
        f"{len(lost)} visits of {who.nunique()} participants have a seizure frequency but no value "
        f"of the endpoint, and are left out: {named(who)}. A frequency of zero has no logarithm "
        "unless the endpoint adds an offset; leaving it out removes the best outcomes."
    ]


def leave_out_incomplete(
    frame: pd.DataFrame, needed: Mapping[str, str], spec: AnalysisSpec
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Drop rows without what an analysis needs, and say whose.

    Args:
        frame: Rows of participants, with ``USUBJID``, ``ARM`` and what is needed.
        needed: Columns that must have a value, with their names in words.
        spec: The analysis.

    Returns:
        The rows that are left, and the notes.

    Raises:
        AnalysisError: An arm has no participant left.
    """
    size, notes = frame["USUBJID"].nunique(), []
    for name, words in needed.items():
        lost = frame.loc[frame[name].isna(), "USUBJID"]
        if len(lost):
            notes.append(
                f"{lost.nunique()} of {size} participants left out for want of {words}: "
                f"{named(lost)}."
            )
            frame = frame[frame[name].notna()]
    empty = [arm.label for arm in spec.arms if not (frame["ARM"] == arm.id).any()]
    if empty:
        raise AnalysisError(
            f"Analysis {spec.id}: no participant of {', '.join(empty)} has the data it needs. "
            + " ".join(notes)
        )
    return frame, tuple(notes)


def named(participants: pd.Series[Any]) -> str:
    """Up to five participants by name, and a mark where there are more."""
    shown = participants.astype("str").unique()
    return ", ".join(shown[:5]) + (" ..." if len(shown) > 5 else "")
