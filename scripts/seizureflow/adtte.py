"""Derives ADTTE: times to the events of the protocol, in days from day 1 (ADaM BDS-TTE)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.adverse_events.first_event import first_events
from seizureflow.array_types import BoolArray, FloatArray, IntArray
from seizureflow.interval_order import IntervalOrder
from seizureflow.problems import InputError, Problem
from seizureflow.seizure_frequency import whole_stretches
from seizureflow.study_days import from_ordinal

Entry = dict[str, Any]

NO_DIARY = "No diary day was recorded from day 1 on: no time at risk"
NO_BASELINE = "Not evaluable: no baseline frequency"
LEFT_BEFORE = "Not evaluable: end of study before day 1"


@dataclass(frozen=True)
class _Times:
    """Times of one definition, by participant.

    Attributes:
        days: Days from day 1, day 1 being 1; not a number where there is no time.
        event: Whether the event happened on that day.
        why: What happened on that day, the event or what censored it.
        source: Table that says so.
    """

    days: FloatArray
    event: BoolArray
    why: list[str]
    source: list[str]


@dataclass(frozen=True)
class _FollowUp:
    """The recorded diary from day 1 on, by participant.

    Attributes:
        end: Last recorded day, not beyond the window; 0 where no day was recorded.
        why: What ends it.
        first: Place of the first interval.
        after: Place after the last interval within the window.
    """

    end: IntArray
    why: list[str]
    first: IntArray
    after: IntArray


def derive_adtte(
    adsl: pd.DataFrame,
    countable: pd.DataFrame,
    definitions: list[Entry],
    design: Entry,
    diary: Entry,
    adverse_events: tuple[pd.DataFrame, Entry] | None = None,
) -> pd.DataFrame:
    """Derive ADTTE for the randomised participants.

    Times begin on day 1, which is 1. A seizure that completes the number sought is the event; the
    last recorded diary day censors, or the last day of the definition's window where that is
    earlier. Days that were not recorded hold no seizures that are known of. Where seizures were
    counted per period the event is put on the last day of its period, and ``EVNTDESC`` says that
    the day is not known. A participant without a recorded day from day 1 on was never at risk and
    is censored with ``AVAL`` 0 on day 1. Without a baseline frequency the time to as many seizures
    as the baseline had does not exist: ``AVAL`` and ``CNSR`` are missing and ``CNSDTDSC`` says why.
    The time to an adverse event is censored at the end of the risk period
    (:mod:`seizureflow.adverse_events.risk_period`) instead of the diary's.

    Args:
        adsl: Table ``adsl``.
        countable: Result of :func:`seizureflow.seizure_frequency.countable_intervals`.
        definitions: Entry ``time_to_event`` of the protocol.
        design: Entry ``design`` of the protocol.
        diary: Entry ``diary`` of the protocol.
        adverse_events: Table ``adae`` and entry ``domains.adverse_events`` of the protocol, where a
            definition is of adverse events.

    Returns:
        Table ``adtte``: one row per participant and definition. ``CNSR`` is 0 for an event and 1
        for a censored time. Dates are missing where the study has none.

    Raises:
        InputError: A window ends before day 1, or cuts through a period whose count cannot be
            divided.

    Source:
        French et al., Time to prerandomization monthly seizure count in perampanel trials,
        Neurology 2015; Kerr et al., Time-to-event clinical trial designs, Epilepsia 2023 (doi
        10.1111/epi.17621); CDISC ADaM Basic Data Structure for Time-to-Event Analyses 1.0.
    """
    people = adsl[adsl["RANDFL"] == "Y"].sort_values("USUBJID", ignore_index=True)
    order = IntervalOrder.of(countable)
    ends = _window_ends(definitions, design)
    parts = []
    for definition in definitions:
        end = ends.get(definition.get("window", ""))
        if definition["kind"] == "adverse_event":
            times = _adverse_event(people, definition, adverse_events, end)
            parts.append(_rows(people, definition, times))
            continue
        follow_up = _follow_up(people, countable, order, definition.get("window"), end)
        if definition["kind"] == "discontinuation":
            times = _discontinuation(people, follow_up, end)
        else:
            wanted = _seizures_wanted(people, definition, diary)
            times = _nth_seizure(countable, order, follow_up, wanted)
        parts.append(_rows(people, definition, times))
    adtte = pd.concat(parts) if parts else pd.DataFrame({"USUBJID": pd.Series(dtype="str")})
    return adtte.sort_values("USUBJID", kind="stable", ignore_index=True)


def _window_ends(definitions: list[Entry], design: Entry) -> dict[str, int]:
    """Day after the last of each window that a definition names."""
    ends = {window["id"]: int(window["days"][1]) for window in design["windows"]}
    problems = [
        Problem(
            f"protocol.yaml, time_to_event, {definition['id']}",
            f'The window "{definition["window"]}" ends before day 1, where the time begins.',
            action="Name a window after day 1, or none.",
        )
        for definition in definitions
        if "window" in definition and ends[definition["window"]] <= 1
    ]
    if problems:
        raise InputError(problems)
    return ends


def _follow_up(
    people: pd.DataFrame,
    countable: pd.DataFrame,
    order: IntervalOrder,
    window: str | None,
    end: int | None,
) -> _FollowUp:
    who = people["USUBJID"]
    beyond = int(from_ordinal(order.first + order.span))  # after every interval
    first, after = whole_stretches(
        order,
        countable,
        pd.DataFrame({"USUBJID": who, "WINDOW": window or "from day 1", "START": 1}).assign(
            END=max(beyond, 2) if end is None else end
        ),
    )
    after_all = order.places(who, np.full(len(who), max(beyond, 2)))
    last = np.zeros(len(who), dtype=np.int64)
    recorded = after_all > first
    # From day 1 on the days have no gap, so the day before the end is one less.
    last[recorded] = order.in_order(countable["END"])[after_all[recorded] - 1] - 1
    limit = int(np.iinfo(np.int64).max) if end is None else end - 1
    why = np.where(last == 0, NO_DIARY, np.where(last > limit, "End of window", "Last diary day"))
    return _FollowUp(np.minimum(last, limit), why.tolist(), first, after)


def _seizures_wanted(people: pd.DataFrame, definition: Entry, diary: Entry) -> FloatArray:
    """How many seizures make the event, by participant; not a number where that is unknown."""
    if definition["kind"] == "nth_seizure":
        return np.full(len(people), float(definition["n"]))
    baseline = people["BSFREQ"].to_numpy(dtype=np.float64, na_value=np.nan)
    return np.maximum(np.ceil(baseline), 1.0)


def _nth_seizure(
    countable: pd.DataFrame, order: IntervalOrder, follow_up: _FollowUp, wanted: FloatArray
) -> _Times:
    running = np.cumsum(order.in_order(countable["COUNT"]))
    before = np.append(0, running)[follow_up.first]
    known = np.isfinite(wanted)
    target = before + np.where(known, wanted, 1).astype(np.int64)
    place = np.searchsorted(running, target)
    event = known & (place < follow_up.after)
    days = follow_up.end.astype(np.float64)
    days[event] = order.in_order(countable["END"])[place[event]] - 1
    days[~known] = np.nan
    period = np.zeros(len(wanted), dtype=bool)
    period[event] = order.in_order(countable["DAYS"])[place[event]] > 1
    start = np.zeros(len(wanted), dtype=np.int64)
    start[event] = order.in_order(countable["START"])[place[event]]
    why = [
        _seizure_words(int(number), first_day, int(day), in_period)
        if happened
        else (censored if evaluable else NO_BASELINE)
        for happened, evaluable, number, first_day, day, in_period, censored in zip(
            event,
            known,
            np.nan_to_num(wanted),
            start,
            np.nan_to_num(days),
            period,
            follow_up.why,
            strict=True,
        )
    ]
    source = np.where(event, "SEIZURES", np.where(known, "INTERVALS", "ADSL")).tolist()
    return _Times(days, event, why, source)


def _seizure_words(number: int, first_day: int, last_day: int, in_period: bool) -> str:
    words = f"Countable seizure {number}"
    if in_period:
        words += f"; interval-censored: on one of days {first_day} to {last_day}"
    return words


def _discontinuation(people: pd.DataFrame, follow_up: _FollowUp, end: int | None) -> _Times:
    """Time to the end of study of those who did not complete; the others are censored there."""
    left = people["EOSDY"].to_numpy(dtype=np.float64, na_value=np.nan)
    completed = (people["COMPLFL"] == "Y").to_numpy(dtype=bool)
    known = np.isfinite(left)
    days = np.where(known, left, follow_up.end)
    event = known & ~completed
    limit = np.inf if end is None else end - 1.0
    late = days > limit
    days, event = np.minimum(days, limit), event & ~late
    before = known & (left < 1)
    days[before], event = np.nan, event & ~before
    why = np.select(
        [before, late, event, known & completed],
        [LEFT_BEFORE, "End of window", "Discontinuation of the study", "Completion of the study"],
        np.array(follow_up.why, dtype=object),
    )
    return _Times(days, event, why.tolist(), np.where(known, "ADSL", "INTERVALS").tolist())


def _adverse_event(
    people: pd.DataFrame,
    definition: Entry,
    adverse_events: tuple[pd.DataFrame, Entry] | None,
    end: int | None,
) -> _Times:
    """Time to the first treatment-emergent adverse event that the definition counts."""
    if adverse_events is None:
        raise ValueError(f"{definition['id']} needs the adverse events of the study.")
    adae, domain = adverse_events
    found = first_events(people, adae, definition, domain, end)
    source = np.where(found.event, "ADAE", "ADSL").tolist()
    return _Times(found.days, found.event, found.why, source)


def _rows(people: pd.DataFrame, definition: Entry, times: _Times) -> pd.DataFrame:
    start = people["TRTSDT"].fillna(people["RANDDT"]).astype("datetime64[ms]")
    why, source = pd.Series(times.why, dtype="str"), pd.Series(times.source, dtype="str")
    elapsed = pd.Series(np.maximum(times.days - 1, 0))
    return pd.DataFrame(
        {
            "STUDYID": people["STUDYID"],
            "USUBJID": people["USUBJID"],
            "TRT01P": people["TRT01P"],
            "PARAMCD": definition["id"],
            "PARAM": definition["label"],
            "STARTDT": start,
            "ADT": start + pd.to_timedelta(elapsed, unit="D").astype("timedelta64[ms]"),
            "AVAL": times.days,
            "CNSR": pd.Series(~times.event).astype("Int64").where(np.isfinite(times.days)),
            "EVNTDESC": why.where(times.event),
            "CNSDTDSC": why.where(~times.event),
            "SRCDOM": source,
        }
    )
