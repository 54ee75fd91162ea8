"""Listings show the records of the datasets, all and only those that they are about."""

import pandas as pd
import pytest
from seizureflow.outputs import listings, participants
from seizureflow.outputs.widths import text_of
from unit.outputs.made_up import bare_study, listed, protocol


def rows_of(draft):
    return [[row.heading, *map(text_of, row.cells)] for row in draft.tables[0].rows]


def drafts_of(build, **datasets):
    plan = protocol()
    return list(build(bare_study(plan, **(listed(plan) | datasets))))


def in_order(frame):
    """Participants of the reference arm first; the other arm is called low."""
    ordered = frame.sort_values(["TRT01P", "USUBJID"], ascending=[False, True])
    return list(ordered["USUBJID"])


def test_discontinued_participants_are_those_of_adsl():
    adsl = listed(protocol())["adsl"].assign(EOSDT=pd.Timestamp("2020-05-01"), EOSDY=61.0)
    adsl["COMPLFL"] = adsl["DCSREAS"].isna().map({True: "Y", False: "N"})
    left = adsl[(adsl["RANDFL"] == "Y") & (adsl["COMPLFL"] == "N")]
    assert 1 < len(left) < len(adsl)
    (draft,) = drafts_of(listings.discontinued, adsl=adsl)
    assert [row[0] for row in rows_of(draft)] == in_order(left)
    assert {tuple(row[-3:]) for row in rows_of(draft)} == {("2020-05-01", "61", "adverse event")}


def test_nobody_is_listed_where_it_is_not_known_who_left():
    adsl = listed(protocol())["adsl"].assign(COMPLFL=None)
    assert drafts_of(listings.discontinued, adsl=adsl) == []


def test_all_adverse_events_are_those_of_adae():
    adae = listed(protocol())["adae"]
    everything, serious = drafts_of(listings.adverse_events)
    shown = rows_of(everything)
    assert [row[0] for row in shown] == in_order(adae)
    headings = [text_of(column) for column in everything.tables[0].columns]
    assert dict(zip(headings, shown[0][1:], strict=True)) == {
        "Arm": "Placebo",
        "Body system": "Nervous system disorders",
        "Term": "Headache",
        "Start (study day)": "2020-04-01 (31)",
        "End (study day)": "",
        "Severity": "mild",
        "Serious": "No",
        "Related": "Yes",
        "Emergent": "Yes",
    }
    assert rows_of(serious) == [[listings.EMPTY]]


def test_deaths_are_listed_where_they_are_known():
    fatal = listed(protocol())["adae"].assign(AESDTH="N")
    fatal.loc[fatal.index[0], "AESDTH"] = "Y"
    *_, deaths = drafts_of(listings.adverse_events, adae=fatal)
    assert deaths.subtitle == "Deaths"
    assert [row[0] for row in rows_of(deaths)] == [fatal["USUBJID"].iloc[0]]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"DOSEDFL": "N"}, "No dose"),
        ({"DOSEDFL": "N", "POSTBLFL": "N"}, "No dose; no usable diary after baseline"),
        ({}, "Another condition of the set"),
    ],
)
def test_reasons_for_exclusion_are_the_facts_that_are_lacking(facts, expected):
    plan = protocol()
    plan["analysis_sets"] = [
        {"id": "full", "label": "Full set", "requires": ["dosed", "post_baseline_diary"]}
    ]
    people = listed(plan)["adsl"].iloc[:2].assign(DOSEDFL="Y", POSTBLFL="Y", FASFL="Y")
    for name, value in (facts | {"FASFL": "N"}).items():
        people.loc[people.index[1], name] = value
    (draft,) = listings.exclusions(bare_study(plan, adsl=people))
    assert rows_of(draft) == [["P01", "Low", "S1", "Full set", expected]]


def test_deviations_keep_the_arm_of_the_participant():
    deviations = listed(protocol(), "P00")["deviations"]  # of P00 and P01
    (draft,) = drafts_of(listings.deviations, deviations=deviations)
    assert [row[:2] for row in rows_of(draft)] == [["P00", "Placebo"], ["P01", "Low"]]


def test_no_deviations_are_said():
    deviations = listed(protocol())["deviations"].iloc[:0]
    (draft,) = drafts_of(listings.deviations, deviations=deviations)
    assert rows_of(draft) == [[listings.EMPTY]]


def test_partial_records_stay_partial():
    adae = listed(protocol())["adae"]
    bare = adae.assign(ASTDT=pd.NaT, ASTDY=float("nan"), AESEV=None)
    draft, _ = drafts_of(listings.adverse_events, adae=bare)
    headings = [text_of(column) for column in draft.tables[0].columns]
    assert "Severity" not in headings
    assert {row[1 + headings.index("Start (study day)")] for row in rows_of(draft)} == {""}


def test_analysis_sets_are_counted_by_their_flags():
    plan = protocol()
    plan["analysis_sets"] = [
        {"id": "safety", "label": "Safety set", "requires": []},
        {"id": "full", "label": "Full set", "requires": []},
    ]
    people = pd.DataFrame(
        [
            ("A", "placebo", "Y", "Y", "Y"),
            ("B", "placebo", "Y", "Y", "N"),
            ("C", "low", "Y", "N", "N"),
            ("D", None, "N", "N", "N"),
        ],
        columns=["USUBJID", "TRT01P", "RANDFL", "SAFFL", "FASFL"],
    )
    (draft,) = participants.analysis_sets(bare_study(plan, adsl=people))
    headings = [text_of(column) for column in draft.tables[0].columns]
    assert headings == ["Placebo (N=2)", "Low (N=1)", "All (N=3)"]
    assert rows_of(draft) == [["Safety set", "2", "0", "2"], ["Full set", "1", "0", "1"]]
    identity = draft.tables[0].rows[0].cells[0][0].identity
    assert identity == "adsl/participants?group=placebo&variable=SAFFL&level=Y"
