"""Derives ADSZ: seizure frequency and endpoints by participant and window (ADaM BDS)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from seizureflow.adsz_endpoints import endpoint_parameters
from seizureflow.adsz_names import BASELINE, OWN_CODES, own_codes, type_codes
from seizureflow.adsz_parameters import AdszParameter, baseline_of, numbers, per_days
from seizureflow.array_types import BoolArray, FloatArray, IntArray
from seizureflow.problems import InputError, Problem
from seizureflow.seizure_frequency import (
    seizure_free_days,
    totals_by_type,
    window_totals,
)
from seizureflow.windows import end_at_events, participant_windows

Entry = dict[str, Any]

ALL_SEIZURES, BY_TYPE = "All countable seizures", "By seizure type"


def derive_adsz(
    adsl: pd.DataFrame,
    countable: pd.DataFrame,
    visits: pd.DataFrame,
    design: Entry,
    diary: Entry,
    endpoints: list[Entry],
    seizures: pd.DataFrame | None = None,
    events: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Derive ADSZ for the randomised participants.

    Args:
        adsl: Table ``adsl``.
        countable: Result of :func:`seizureflow.seizure_frequency.countable_intervals`.
        visits: Table ``visits``; empty where the study has none.
        design: Entry ``design`` of the protocol.
        diary: Entry ``diary`` of the protocol.
        endpoints: Entry ``endpoints`` of the protocol.
        seizures: Table ``seizures``; without it there are no parameters by seizure type.
        events: Table ``adice``; needed where a window or an endpoint names an event.

    Returns:
        Table ``adsz``: one row per participant, window and parameter; ``AVAL``, ``BASE`` and
        ``CHG`` are in the unit of the parameter, ``PCHG`` in percent. Text is categorical.
        ``ANL01FL`` is Y where the window has a frequency. The parameters are

        - ``SZCOUNT``, countable seizures; ``SZDAYS``, recorded days; ``SZFREQ``, the frequency,
          whose ``PCHG`` is the percent change from baseline;
        - ``SZFREE``, recorded days without a countable seizure; ``SZFREEFQ``, these per
          ``frequency_days`` recorded days, whose ``CHG`` is the days gained. Both are missing where
          a period longer than a day had seizures;
        - the protocol's endpoints;
        - ``SZCT01`` and ``SZFR01``, count and frequency of the first seizure type of the protocol,
          and so on for every type, countable or not.

        All but the endpoints have rows for the baseline period too (``AWTYPE`` baseline), without a
        change.

    Raises:
        InputError: A window cuts through a period whose count cannot be divided, or the protocol
            uses a name that ADSZ needs for itself.
    """
    _refuse_names_twice(design, diary, endpoints)
    randomised = adsl[adsl["RANDFL"] == "Y"]
    wide = _windows(randomised, visits, design)
    wide = end_at_events(wide, design["windows"], events)
    wide = window_totals(countable, wide)
    wide["FREE"] = seizure_free_days(countable, wide)
    wide["FREQ"] = per_days(wide, wide["COUNT"], diary)
    types = None if seizures is None else totals_by_type(countable, seizures, wide, diary)
    parameters = [
        *_of_all_seizures(wide, diary),
        *endpoint_parameters(wide, types, endpoints, diary, events),
    ]
    if types is not None:
        parameters += _of_types(wide, types, diary)
    return _long(wide, parameters)


def _windows(randomised: pd.DataFrame, visits: pd.DataFrame, design: Entry) -> pd.DataFrame:
    """The windows of every participant, the baseline period first, with the baseline of ADSL."""
    people = randomised.sort_values("USUBJID", ignore_index=True)
    start, end = design["baseline"]["days"]
    baseline = pd.DataFrame({"USUBJID": people["USUBJID"]}).assign(
        WINDOW=BASELINE, KIND=BASELINE, NUMBER=0.0, START=start, END=end
    )
    windows = participant_windows(people["USUBJID"], visits, design)
    ids = [BASELINE, *(entry["id"] for entry in (*design["visits"], *design["windows"]))]
    wide = pd.concat([baseline, windows], ignore_index=True)
    wide["PERSON"] = pd.Index(people["USUBJID"]).get_indexer(pd.Index(wide["USUBJID"]))
    rank = pd.Index(ids).get_indexer(pd.Index(wide["WINDOW"]))
    wide = wide.iloc[np.lexsort((rank, wide["PERSON"]))].reset_index(drop=True)
    columns = ["STUDYID", "TRT01P", "BSCOUNT", "BSDAYS", "BSFREQ", "COMPLFL", "EOSDY"]
    columns = [column for column in columns if column in people]
    return wide.join(people[columns].take(wide["PERSON"].to_numpy()).reset_index(drop=True))


def _of_all_seizures(wide: pd.DataFrame, diary: Entry) -> list[AdszParameter]:
    days = diary["frequency_days"]
    count, recorded, rate, free, free_rate = OWN_CODES
    free_days = per_days(wide, wide["FREE"], diary)
    return [
        AdszParameter(count, "Countable seizures", numbers(wide["COUNT"])),
        AdszParameter(recorded, "Recorded days", numbers(wide["DAYS"])),
        AdszParameter(
            rate,
            f"Seizures per {days} days",
            numbers(wide["FREQ"]),
            base=numbers(wide["BSFREQ"]),
            percent=True,
        ),
        AdszParameter(free, "Seizure-free days", numbers(wide["FREE"])),
        AdszParameter(
            free_rate,
            f"Seizure-free days per {days} days",
            free_days,
            base=baseline_of(wide, free_days),
        ),
    ]


def _of_types(wide: pd.DataFrame, totals: pd.DataFrame, diary: Entry) -> list[AdszParameter]:
    parameters = []
    for number, entry in enumerate(diary["seizure_types"], start=1):
        kind, label = entry["id"], entry["label"]
        count = numbers(totals[kind])
        rate = per_days(wide, count, diary)
        count_code, rate_code = type_codes(number)
        parameters += [
            AdszParameter(count_code, f"Seizures: {label}", count, seizure_type=kind),
            AdszParameter(
                rate_code,
                f"Seizures per {diary['frequency_days']} days: {label}",
                rate,
                base=baseline_of(wide, rate),
                percent=True,
                seizure_type=kind,
            ),
        ]
    return parameters


def _refuse_names_twice(design: Entry, diary: Entry, endpoints: list[Entry]) -> None:
    """Refuse names with which a row of ADSZ would stand for two things."""
    windows = [BASELINE, *(entry["id"] for entry in (*design["visits"], *design["windows"]))]
    codes = [*own_codes(len(diary["seizure_types"])), *(entry["id"] for entry in endpoints)]
    problems = [
        Problem(
            f"protocol.yaml, {where}",
            f'The id "{name}" stands for two {what}.',
            action="Give what the protocol names so another id.",
        )
        for where, names, what in (
            ("design", windows, "windows (the baseline period and the visits are windows too)"),
            ("endpoints", codes, "parameters of ADSZ"),
        )
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    if problems:
        raise InputError(problems)


def _long(wide: pd.DataFrame, parameters: list[AdszParameter]) -> pd.DataFrame:
    """One row per row of the windows and parameter, in their order."""
    baseline = (wide["KIND"] == BASELINE).to_numpy()
    at_baseline = np.array([parameter.at_baseline for parameter in parameters])
    kept = ~baseline[:, None] | at_baseline
    row, column = np.nonzero(kept)
    value, base, change, percent = _values(parameters, baseline, kept)

    def of_window(values: Any) -> pd.Categorical:
        return _take(pd.Categorical(values), row)

    def of_parameter(values: list[str | None]) -> pd.Categorical:
        return _take(pd.Categorical(values), column)

    types = [parameter.seizure_type for parameter in parameters]
    analysed = np.where(wide["FREQ"].notna(), "Y", "N")
    columns = {
        "STUDYID": of_window(wide["STUDYID"]),
        "USUBJID": of_window(wide["USUBJID"].astype("str")),
        "TRT01P": of_window(wide["TRT01P"]),
        "PARAMCD": of_parameter([parameter.code for parameter in parameters]),
        "PARAM": of_parameter([parameter.label for parameter in parameters]),
        "PARCAT1": of_parameter([BY_TYPE if kind else ALL_SEIZURES for kind in types]),
        "SEIZTYPE": of_parameter(types),
        "AVISIT": of_window(wide["WINDOW"]),
        "AVISITN": wide["NUMBER"].to_numpy()[row],
        "AWTYPE": of_window(wide["KIND"]),
        "AWLO": wide["START"].to_numpy()[row],
        "AWHI": wide["END"].to_numpy()[row],
        "AVAL": value,
        "BASE": base,
        "CHG": change,
        "PCHG": percent,
        "ANL01FL": of_window(analysed),
    }
    return pd.DataFrame(columns, copy=False)


def _take(values: pd.Categorical, places: IntArray) -> pd.Categorical:
    return pd.Categorical.from_codes(values.codes[places], dtype=values.dtype, validate=False)


def _values(
    parameters: list[AdszParameter], baseline: BoolArray, kept: BoolArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """``AVAL``, ``BASE``, ``CHG`` and ``PCHG`` of the rows kept; the baseline has no change."""
    absent = np.full(len(baseline), np.nan)
    value = np.column_stack([parameter.value for parameter in parameters])[kept]
    base = np.column_stack(
        [absent if parameter.base is None else parameter.base for parameter in parameters]
    )[kept]
    percent = np.array([parameter.percent for parameter in parameters])
    later = np.broadcast_to(~baseline[:, None], kept.shape)[kept]
    change = np.where(later, value - base, np.nan)
    known = np.broadcast_to(percent, kept.shape)[kept] & (base > 0)
    return value, base, change, 100 * change / np.where(known, base, np.nan)
