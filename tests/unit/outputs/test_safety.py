"""Adverse events: the most frequent first, differences where the plan has them, counts by term."""

import pandas as pd
import pytest
from seizureflow.displays.values import Number
from seizureflow.outputs import adverse_events, by_analysis, selected_events
from seizureflow.outputs.catalogue import CATALOGUE
from seizureflow.outputs.widths import text_of
from unit.outputs.made_up import bare_study, cells, listed, protocol, result_rows

SYSTEMS = {"Eye disorders": {"Pain": (1, 0), "Itch": (3, 2)}, "Cardiac": {"Flutter": (6, 1)}}


def summary_rows(analysis="adverse_events"):
    """Two arms of ten: system and term with participants on each."""
    rows = []
    for arm, group in enumerate(("placebo", "low")):
        rows.append({"STATISTIC": "participants", "VALUE": 10.0, "GROUP": group})
        counts = [("any", None, 7 - arm), ("serious", None, arm), ("related", None, 2)]
        for system, terms in SYSTEMS.items():
            counts.append(("body_system", system, max(c[arm] for c in terms.values())))
            counts += [("term", f"{system} / {t}", c[arm]) for t, c in terms.items()]
        for variable, level, count in counts:
            about = {"GROUP": group, "VARIABLE": variable, "LEVEL": level}
            rows.append({"STATISTIC": "participants_with_event", "VALUE": float(count), **about})
            percent = {"STATISTIC": "participants_with_event_percent", "UNIT": "%", **about}
            rows.append(percent | {"VALUE": 10.0 * count})
    return result_rows(analysis, rows)


def hand_made(more=()):
    """A study whose summary of adverse events is the one above."""
    plan = protocol()
    entry = next(a for a in plan["analyses"] if a["id"] == "adverse_events")
    plan["analyses"] = [entry, *more]
    return plan


def draft_of(build, plan, rows, **datasets):
    (draft,) = build(bare_study(plan, rows, **(listed(plan) | datasets)))
    return draft


def test_the_most_frequent_come_first():
    table = draft_of(adverse_events.by_term, hand_made(), summary_rows()).tables[0]
    assert [row.heading for row in table.rows] == [
        "Any adverse event",
        "Cardiac",
        "Flutter",
        "Eye disorders",
        "Itch",
        "Pain",
    ]
    draft = draft_of(adverse_events.by_term, hand_made(), summary_rows())
    assert cells(draft, "Flutter") == ["6 (60.0%)", "1 (10.0%)"]
    assert cells(draft, "Pain") == ["1 (10.0%)", "0 (0.0%)"]


def test_differences_stand_beside_the_counts(monkeypatch):
    entry = hand_made()["analyses"][0] | {"id": "differences", "label": "Differences"}
    monkeypatch.setattr(adverse_events, "DIFFERENCES", "multiplicity")  # any other known method
    plan = hand_made([entry | {"method": "multiplicity", "role": "safety"}])
    about = {"GROUP": "low", "REFERENCE": "placebo", "VARIABLE": "term", "UNIT": "%"}
    numbers = {"": -50.0, "_lower": -80.25, "_upper": -10.0}
    rows = [
        {"STATISTIC": f"risk_difference{end}", "VALUE": value, **about}
        | {"LEVEL": "Cardiac / Flutter"}
        for end, value in numbers.items()
    ]
    rows.append(
        {"STATISTIC": "p_value", "VALUE": 0.02, **about, "LEVEL": "Cardiac / Flutter", "UNIT": None}
    )
    more = pd.concat([summary_rows(), result_rows("differences", rows)])
    draft = draft_of(adverse_events.by_term, plan, more)
    assert cells(draft, "Flutter") == [
        "6 (60.0%)",
        "1 (10.0%)",
        "−50.0% (−80.3% to −10.0%)",
        "0.020",
    ]
    assert cells(draft, "Itch") == ["3 (30.0%)", "2 (20.0%)", "", ""]
    assert draft.analyses == ("adverse_events", "differences")
    headings = [column[0] for column in draft.tables[0].columns[2:]]
    assert headings == ["Risk difference (95% CI), Low vs placebo", "p"]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"related": "x", "action": "y"}, ["Any adverse event", "Serious", "Related to treatment"]),
        ({}, ["Any adverse event", "Serious"]),
    ],
)
def test_what_is_not_recorded_is_not_zero(columns, expected):
    plan = hand_made()
    plan["domains"]["adverse_events"]["columns"] = columns
    draft = draft_of(adverse_events.overview, plan, summary_rows())
    assert [row.heading for row in draft.tables[0].rows][: len(expected)] == expected
    assert any("not recorded" in note for note in draft.footnotes) == (not columns)


def events():
    """Five events of three participants, of which one is not emergent and one not serious."""
    return pd.DataFrame(
        [
            ("P00", "placebo", "Eye disorders", "Itch", "Y", "Y"),
            ("P00", "placebo", "Eye disorders", "Itch", "Y", "Y"),
            ("P02", "placebo", "Eye disorders", "Pain", "Y", "Y"),
            ("P02", "placebo", "Eye disorders", "Pain", "Y", "N"),
            ("P01", "low", "Eye disorders", "Itch", "N", "Y"),
        ],
        columns=["USUBJID", "TRT01P", "AEBODSYS", "AETERM", "AESER", "TRTEMFL"],
    ).assign(AEWDFL="N")


def test_serious_events_are_counted_by_term():
    draft = draft_of(selected_events.serious, hand_made(), summary_rows(), adae=events())
    assert cells(draft, "Any serious adverse event") == ["0 (0.0%)", "1 (10.0%)"]
    assert cells(draft, "Eye disorders") == ["2; 3", "0; 0"]
    assert cells(draft, "Itch") == ["1; 2", "0; 0"]
    assert cells(draft, "Pain") == ["1; 1", "0; 0"]
    counted = [p for row in draft.tables[0].rows[1:] for c in row.cells for p in c]
    assert all(p.identity.startswith("adae/") for p in counted if isinstance(p, Number))


def test_no_such_event_is_said():
    none = events().assign(AESER="N")
    draft = draft_of(selected_events.serious, hand_made(), summary_rows(), adae=none)
    assert len(draft.tables[0].rows) == 1
    assert draft.footnotes == ("No participant of any arm had such an event.",)


def test_an_arm_without_participants():
    rows = summary_rows()
    low = rows["GROUP"] == "low"
    share = rows["STATISTIC"] == "participants_with_event_percent"
    rows.loc[low, "VALUE"] = 0.0
    rows.loc[low & share, "VALUE"] = float("nan")
    draft = draft_of(adverse_events.by_term, hand_made(), rows)
    assert cells(draft, "Flutter") == ["6 (60.0%)", "0 (–)"]
    assert draft.tables[0].columns[1][1].text == "0"


@pytest.mark.parametrize("number", ["14.1.4", "14.3.5", "14.3.6", "14.3.7"])
def test_methods_that_a_plan_need_not_have_are_laid_out_by_their_rows(number):
    """Stands for any method: the layout is read from the rows."""
    definition = next(d for d in CATALOGUE if d.number == number)
    entry = protocol(("seizure_freedom",))["analyses"][0]
    plan = protocol(analyses=[entry])
    rows = [
        {"STATISTIC": name, "VALUE": value, "GROUP": group}
        for group, value in (("placebo", 8.0), ("low", 0.0))
        for name in ("participants", "days_on_treatment")
    ]
    study = bare_study(plan, result_rows("seizure_freedom", rows))
    assert not definition.can_be_had(study)
    (draft,) = by_analysis.by_method(study, entry["method"])
    assert draft.analyses == ("seizure_freedom",)
    assert cells(draft, "days_on_treatment") == ["8", "0"]
    assert [column[1].text for column in draft.tables[0].columns] == ["8", "0"]


def test_column_headings_have_the_size_of_the_arm():
    draft = draft_of(adverse_events.by_term, hand_made(), summary_rows())
    assert [text_of(column) for column in draft.tables[0].columns] == [
        "Placebo (N=10)",
        "Low (N=10)",
    ]
