"""Intercurrent events: their days, the windows and endpoints that they end or fail."""

import numpy as np
import pandas as pd
import pytest
from seizureflow.adice import day_of_first, derive_adice
from seizureflow.adsz import derive_adsz
from seizureflow.analysis import AnalysisSpec, Arm, analysis_rows, visit_rows
from seizureflow.windows import end_at_events

# A completes; B leaves on day 60; C changes medication on day 40 and completes; D leaves, day unknown.
ADSL = pd.DataFrame(
    {
        "STUDYID": "s",
        "USUBJID": list("ABCD"),
        "TRT01P": ["p", "a", "a", "p"],
        "RANDFL": "Y",
        "FASFL": "Y",
        "EOSSTT": ["completed", "discontinued", "completed", "discontinued"],
        "COMPLFL": ["Y", "N", "Y", "N"],
        "EOSDY": pd.array([170, 60, 170, None], "Int64"),
        "DCSREAS": [None, "lack of efficacy", None, "lost"],
        "BSCOUNT": [12, 12, 12, 12],
        "BSDAYS": 42,
        "BSFREQ": 8.0,
        "LBSFREQ": np.log(8.0),
    }
)
MEDICATIONS = pd.DataFrame(
    {
        "USUBJID": ["A", "C", "C", "C", "Z"],
        "CLASS": ["other", "asm", "asm", "asm", "asm"],
        "REASON": ["pain", "epilepsy", "control", "control", "control"],
        "ASTDY": pd.array([10, -300, 40, 50, 3], "Int64"),
    }
)
DEFINITIONS = [
    {"id": "left", "label": "Left", "occurs": "discontinuation", "from_day": 1},
    {
        "id": "changed",
        "label": "Changed",
        "occurs": "medication",
        "classes": ["asm"],
        "reasons": ["control"],
        "from_day": 1,
    },
]


def events() -> pd.DataFrame:
    return derive_adice(ADSL, MEDICATIONS, DEFINITIONS)


def test_the_first_day_of_each_event():
    found = {(row.USUBJID, row.ICECD): row.ADY for row in events().itertuples()}
    assert found.pop(("D", "left")) is pd.NA
    assert found == {("B", "left"): 60, ("C", "changed"): 40}


def test_the_first_of_several_events_with_a_known_day():
    assert day_of_first(events(), ["left", "changed"]).to_dict() == {"B": 60, "C": 40}
    assert day_of_first(events(), ["left"]).to_dict() == {"B": 60}


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ([1, 57], {"A": 57, "B": 57, "C": 41, "D": 57}),
        ([57, 169], {"A": 169, "B": 61, "C": 57, "D": 169}),  # C's begins after the event: empty
    ],
)
def test_a_window_ends_with_the_day_of_the_event(window, expected):
    windows = pd.DataFrame(
        {"USUBJID": list("ABCD"), "WINDOW": "w", "START": window[0], "END": window[1]}
    )
    known = events()
    for kind in ("Int64", "float64"):  # with and without missing days, as files give them
        dates = known.assign(ADY=known["ADY"].astype(kind))
        ended = end_at_events(windows, [{"id": "w", "until": ["left", "changed"]}], dates)
        assert ended.set_index("USUBJID")["END"].to_dict() == expected
    assert ended.set_index("USUBJID")["END"].to_dict() == expected
    other = end_at_events(windows, [{"id": "w", "until": []}], None)
    assert other.equals(windows)


DESIGN = {
    "baseline": {"days": [-42, 1]},
    "visits": [
        {"id": "week_8", "label": "Week 8", "week": 8, "day": 57},
        {"id": "week_12", "label": "Week 12", "week": 12, "day": 85},
    ],
    "visit_windows": {"boundaries": "nominal"},
    "windows": [
        {"id": "w", "label": "W", "days": [57, 85], "until": []},
        {"id": "cut", "label": "Cut", "days": [29, 85], "until": ["changed"]},
    ],
}
DIARY = {
    "frequency_days": 28,
    "minimum_recorded_days": 1,
    "cluster_count_per_day": 1,
    "seizure_types": [
        {"id": "motor", "label": "Motor", "countable": True},
        {"id": "aware", "label": "Aware", "countable": True},
    ],
}
ENDPOINTS = [
    {"id": "R", "label": "R", "kind": "responder", "reduction": 50},
    {"id": "RN", "label": "R", "kind": "responder", "reduction": 50, "dropouts": "non_response"},
    {"id": "RP", "label": "R", "kind": "responder", "reduction": 50, "dropouts": "pragmatic"},
    {
        "id": "RC",
        "label": "R",
        "kind": "responder",
        "reduction": 50,
        "composite_events": ["changed"],
    },
    {"id": "P", "label": "P", "kind": "percent_change"},
    {"id": "F", "label": "F", "kind": "seizure_free_days"},
    {
        "id": "LM",
        "label": "L",
        "kind": "log_change",
        "post_offset": 0.5,
        "baseline_offset": 0.5,
        "seizure_type": "motor",
    },
]


def adsz(endpoints: list[dict] = ENDPOINTS) -> pd.DataFrame:
    """Baseline: 12 motor seizures in 42 days. After: one motor seizure per 14 days, and B until 60."""
    rows, seizures = [], []
    for person, last in zip("ABCD", (84, 60, 84, 84), strict=True):
        for day in [*range(-42, 0), *range(1, last + 1)]:
            nominal = day if day < 0 else day - 1
            rows.append((person, day, day + 1 if day != -1 else 1))
            count = (
                1
                if (nominal < 0 and nominal % 7 in (0, 3)) or (nominal > 0 and nominal % 14 == 13)
                else 0
            )
            if count:
                seizures.append((person, day, "motor", count, False))
    intervals = pd.DataFrame(rows, columns=["USUBJID", "START", "END"])
    counts = pd.DataFrame(seizures, columns=["USUBJID", "START", "SEIZTYPE", "COUNT", "CLUSTER"])
    merged = intervals.merge(counts[["USUBJID", "START", "COUNT"]], how="left").fillna({"COUNT": 0})
    countable = merged.assign(DAYS=1, COUNT=merged["COUNT"].astype("int64"))
    return derive_adsz(ADSL, countable, pd.DataFrame(), DESIGN, DIARY, endpoints, counts, events())


def values(table: pd.DataFrame, code: str, window: str, column: str = "AVAL") -> list[float]:
    own = table[(table["PARAMCD"] == code) & (table["AVISIT"] == window)]
    return own[column].tolist()


def test_endpoints_by_rule_for_those_who_left():
    table = adsz()
    # 2 seizures in 28 days against 8: all respond on the days observed; B had none in days 57-60
    assert values(table, "R", "w") == [1, 1, 1, 1]
    # B left before the end; D's day is not known, its diary is whole
    assert values(table, "RN", "w") == [1, 0, 1, 1]
    assert values(table, "RP", "w") == [1, 0, 1, 0]
    assert values(table, "RC", "w") == [1, 1, 0, 1]


@pytest.mark.parametrize(
    ("endpoint", "entering", "left_out"),
    [
        # B, who left, has no recorded day in the window here
        ("R", {"A": 1, "C": 1, "D": 1}, "1 of 4 participants left out for want of recorded days"),
        ("RN", {"A": 1, "B": 0, "C": 1, "D": 1}, ""),
        ("RP", {"A": 1, "B": 0, "C": 1, "D": 0}, ""),
    ],
)
def test_who_is_no_responder_by_rule_enters_the_analysis(endpoint, entering, left_out):
    table = adsz()
    of_b = (table["USUBJID"] == "B") & (table["AVISIT"] == "w")
    table.loc[of_b & table["PARAMCD"].isin(["SZFREQ", "R"]), "AVAL"] = np.nan
    spec = AnalysisSpec(
        id="x",
        population="full",
        arms=SPEC.arms,
        endpoint=endpoint,
        window="w",
        endpoint_kind="responder",
    )
    rows = analysis_rows({"adsl": ADSL, "adsz": table}, spec, "AVAL")
    assert rows.frame.set_index("USUBJID")["OUTCOME"].to_dict() == entering
    assert [note[: len(left_out)] for note in rows.notes] == ([left_out] if left_out else [])


def test_who_had_no_seizure_of_the_type_is_judged_by_no_rule():
    # Nobody had seizures of the type "aware", so that none can halve; B left.
    of_type = {"kind": "responder", "reduction": 50, "dropouts": "non_response", "label": "R"}
    table = adsz(
        [{**of_type, "id": kind, "seizure_type": kind.lower()} for kind in ("AWARE", "MOTOR")]
    )
    assert values(table, "AWARE", "w") == pytest.approx([np.nan] * 4, nan_ok=True)
    assert values(table, "MOTOR", "w") == [1, 0, 1, 1]


def test_percent_change_free_days_and_types():
    table = adsz()
    assert values(table, "P", "w")[0] == pytest.approx(100 * (2 - 8) / 8)
    assert values(table, "F", "w")[0] == 26
    assert values(table, "F", "w", "CHG")[0] == pytest.approx(26 - 28 * 30 / 42)
    assert values(table, "LM", "w", "CHG")[0] == pytest.approx(np.log(2.5) - np.log(8.5))
    assert values(table, "SZDAYS", "cut") == [56, 32, 12, 56]


SPEC = AnalysisSpec(
    id="x",
    population="full",
    arms=(Arm("p", "P"), Arm("a", "A")),
    endpoint="P",
    window="w",
    visits=("week_8", "week_12"),
    endpoint_kind="percent_change",
    hypothetical_events=("left", "changed"),
)


def test_what_follows_a_hypothetical_event_does_not_enter():
    data = {"adsl": ADSL, "adsz": adsz(), "adice": events()}
    seen = visit_rows(data, SPEC, "AVAL")
    pairs = set(zip(seen.frame["USUBJID"], seen.frame["VISIT"].astype(str), strict=True))
    # B's week 12 window reaches beyond day 60; both of C's beyond day 40
    assert pairs == {(p, v) for p in "AD" for v in ("week_8", "week_12")} | {("B", "week_8")}
    assert "2 participants had an event" in seen.notes[0]
    with pytest.raises(Exception, match="no participant of A has the data"):
        analysis_rows(data, SPEC, "AVAL")


def test_a_visit_without_logarithm_is_counted_in_a_note():
    table = adsz()
    endpoint = (table["PARAMCD"] == "P") & (table["AVISIT"] == "week_8")
    table.loc[endpoint & (table["USUBJID"] == "A"), "AVAL"] = np.nan
    spec = AnalysisSpec(**{**SPEC.__dict__, "hypothetical_events": ()})
    seen = visit_rows({"adsl": ADSL, "adsz": table}, spec, "AVAL")
    assert "1 visits of 1 participants have a seizure frequency but no value" in seen.notes[0]
