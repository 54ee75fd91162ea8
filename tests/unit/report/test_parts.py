"""The parts of the report that need more than a table: flow, definitions, findings, provenance."""

from dataclasses import replace

import pandas as pd
import pytest
from seizureflow.answering_analysis import answering_analysis
from seizureflow.displays.baseline import baseline_table
from seizureflow.displays.estimates import estimate_groups, estimates
from seizureflow.displays.flow import participant_flow
from seizureflow.displays.labels import Labels
from seizureflow.displays.values import Results
from seizureflow.registry import METHODS
from seizureflow.report.adverse_events import adverse_events
from seizureflow.report.analyses import card
from seizureflow.report.definitions import absent_domains, definitions, endpoint_formula
from seizureflow.report.evidence import provenance, published
from seizureflow.report.families import families_by_section
from seizureflow.report.headline import headline
from seizureflow.report.picture import pictures
from seizureflow.report.result_rows import RowNumbers
from seizureflow.success import Answer
from unit.report.study import protocol, results_of


def view(plan, term="Headache"):
    return Results(results_of(plan, term)), Labels(plan, {})


def flow_of(plan):
    results, labels = view(plan)
    return participant_flow(results, "participant_flow", "primary", labels)


def texts(cell):
    return "".join(piece if isinstance(piece, str) else piece.text for piece in cell)


def test_flow_leads_from_screening_to_the_primary_analysis():
    flow = flow_of(protocol())
    assert [(box.label, texts(box.cell), box.leaves) for box in flow.trunk] == [
        ("Screened", "17", False),
        ("Not randomised", "1", True),
        ("Randomised", "16", False),
    ]
    assert [(reason, count.text) for reason, count in flow.trunk[1].reasons] == [
        ("Age <18 to 75>", "1")
    ]
    assert [box.label for box in flow.arms[0].boxes] == [
        "Randomised",
        "Not dosed",
        "Dosed",
        "Discontinued",
        "Completed",
        "In the primary analysis",
    ]
    assert flow.remarks == ()


def test_flow_leaves_out_what_is_not_known_and_says_so():
    flow = flow_of(protocol(drop=("doses", "disposition", "adverse_events")))
    assert [box.label for box in flow.arms[0].boxes] == ["Randomised", "In the primary analysis"]
    assert flow.remarks == (
        "The diagram leaves out what the study has no data on: who received treatment; "
        "who completed, who left and why.",
    )


def test_flow_has_every_arm():
    assert [arm.label for arm in flow_of(protocol(arms=3)).arms] == ["Placebo", "Low", "High"]


def test_baseline_table_has_every_variable_by_arm_and_for_all():
    results, labels = view(protocol())
    table = baseline_table(results, "baseline_characteristics", labels)
    assert [texts(column) for column in table.columns] == [
        "Placebo, n = 8",
        "Low, n = 8",
        "All, n = 16",
    ]
    rows = {row.heading: [texts(cell) for cell in row.cells] for row in table.rows}
    assert rows["Female"] == ["3 (37.5%)", "3 (37.5%)", "6 (37.5%)"]
    assert "Mean (SD)" in rows


def test_kinds_of_events_that_are_not_recorded_are_left_out():
    plan = protocol()
    columns = plan["domains"]["adverse_events"]["columns"]
    del columns["related"], columns["action"]
    results, labels = view(plan)
    summary = adverse_events(results, "adverse_events", labels)
    assert [row.heading for row in summary.overview.rows][:2] == ["Any adverse event", "Serious"]
    assert summary.remarks[1:] == (
        "Related to treatment: not recorded in this study.",
        "Leading to withdrawal of treatment: not recorded in this study.",
    )


def test_terms_stand_below_their_body_system():
    results, labels = view(protocol(), term="Pain / ache")
    summary = adverse_events(results, "adverse_events", labels)
    assert [(row.heading, row.indent) for row in summary.terms.rows] == [
        ("Nervous system disorders", False),
        ("Pain / ache", True),
    ]


@pytest.mark.parametrize(
    ("endpoint", "words"),
    [
        (
            {"kind": "log_change", "post_offset": 0.2, "baseline_offset": 0.2},
            "ln(frequency in the window + 0.2) − ln(baseline frequency + 0.2)",
        ),
        (
            {"kind": "log_change", "post_offset": 0, "baseline_offset": 0},
            "ln(frequency in the window) − ln(baseline frequency)",
        ),
        (
            {"kind": "responder", "reduction": 75},
            "frequency in the window at least 75% below the baseline frequency",
        ),
        (
            {"kind": "responder", "reduction": 100},
            "no countable seizure on the recorded days of the window",
        ),
    ],
)
def test_endpoints_in_words(endpoint, words):
    assert endpoint_formula(endpoint) == words


def test_definitions_follow_the_protocol():
    plan = protocol(eligibility=[])
    plan["design"]["visits"] = []
    found = dict(definitions(Labels(plan, {}), 0.95))
    assert found["Baseline"] == ("Days −42 to −1 (42 days).",)
    assert found["Visits"] == ("The plan has no visits after the baseline.",)
    assert found["Eligibility"] == (
        "The plan states no criteria that could be checked against the data.",
    )
    assert "counts 1 on each day" in " ".join(found["Seizures that count"])
    assert "never a zero" in " ".join(found["Seizure frequency"])


def test_absent_domains_are_named():
    domains = {"participants": {"columns": {"participant": "p", "arm": "a"}}, "period_counts": {}}
    assert [line.partition(":")[0].rstrip(".") for line in absent_domains(domains)] == [
        "Daily diary",
        "Visits",
        "Doses",
        "Disposition",
        "Adverse events",
        "Medications",
        "Site",
        "Age",
        "Sex",
        "Date of randomisation",
    ]


def test_nothing_published_gives_no_comparison():
    assert published(None, {}, Labels(protocol(), {})) is None


def test_provenance_has_every_analysis_and_each_software_once():
    plan = protocol()
    results, labels = view(plan)
    found = provenance(results, labels)
    assert [trace.analysis for trace in found.traces] == [a["id"] for a in plan["analyses"]]
    assert {trace.seed for trace in found.traces} == {"none drawn"}
    assert found.software == ("python 3",)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "primary"),
        ({"success_criterion": {"analysis": "offset_both"}}, "offset_both"),
        ({"success_criterion": None}, "primary"),
        ({"success_criterion": None, "analyses": []}, None),
    ],
)
def test_the_answer_is_that_of_the_criterion_else_of_the_primary_analysis(change, expected):
    entry = answering_analysis(protocol() | change)
    assert (entry["id"] if entry else None) == expected


def test_the_answer_has_a_sentence_per_arm_compared():
    results, labels = view(protocol(arms=3))
    found = headline(results, labels, 0.95, dummy=False)
    assert len(found.sentences) == len(found.pictures) == 2
    assert [n.label for n in found.numbers if n.verdict] == [
        "Criterion: a reduction of at least 31%, low",
        "Criterion: a reduction of at least 31%, high",
    ]


def place(estimate, lower, upper, required=31.0):
    given = Answer("x", "X", estimate, lower, upper, 0.5, required, False, "")
    drawn = pictures([given], 0.95)
    return drawn[0] if drawn else None


def test_the_picture_keeps_the_order_of_its_numbers():
    drawn = place(-14.4, -46.1, 36.1)
    order = [drawn.lower, drawn.criterion, drawn.estimate, drawn.no_effect, drawn.upper]
    numbers = [float(position.removesuffix("%")) for position in order]
    assert numbers == sorted(numbers)
    assert numbers[0] > 0
    assert numbers[-1] < 100
    assert "−14.4%" in drawn.text


@pytest.mark.parametrize("numbers", [(float("nan"),) * 3, (-50, -100, 10), (0, -50, float("inf"))])
def test_there_is_no_picture_of_what_has_no_place(numbers):
    assert place(*numbers) is None


def test_pictures_share_one_axis():
    wide = Answer("x", "X", -10, -60, 80, 0.5, 31.0, False, "")
    narrow = Answer("y", "Y", -10, -20, 5, 0.5, 31.0, False, "")
    drawn = pictures([wide, narrow], 0.95)
    assert drawn[0].no_effect == drawn[1].no_effect
    assert drawn[0].estimate == drawn[1].estimate


def test_a_picture_of_one_point_has_a_place():
    assert place(0.0, 0.0, 0.0, None).estimate == "50.00%"


@pytest.mark.parametrize("method", METHODS)
def test_every_method_says_what_it_asks(method):
    question = METHODS[method].question.format(endpoint="e", window="w", parameter="p")
    assert question.endswith("?")


def test_missing_values_of_the_results_are_absent():
    frame = results_of(protocol())
    assert Results(frame).of("primary")[0].reference is None
    assert Results(pd.DataFrame(columns=frame.columns)).of("primary") == []


def test_an_overview_takes_the_estimate_itself_and_not_one_of_a_variant():
    """The comparison with earlier trials stands beside the one without them."""
    plan = protocol()
    results, labels = view(plan)
    frame = results.frame
    own = frame[
        (frame["ANALYSIS"] == "historical_responders")
        & (frame["STATISTIC"] == "risk_difference")
        & frame["VARIABLE"].isna()
    ]["VALUE"].item()
    line = next(x for x in estimates(results, labels) if x.id == "historical_responders")
    assert line.estimate[0].exact == repr(own)


def cards_of(plan):
    results, labels = view(plan)
    rows = RowNumbers(results)
    return [card(results, entry, labels, "95%", rows, "primary") for entry in plan["analyses"]]


def test_sections_hold_every_analysis_once():
    plan = protocol()
    found = families_by_section(cards_of(plan))
    shown = [c.id for families in found.values() for family in families for c in family.cards]
    assert sorted(shown) == sorted(a["id"] for a in plan["analyses"])
    assert [c.id for family in found["primary"] for c in family.cards] == ["primary"]
    assert [c.id for family in found["participants"] for c in family.cards] == ["participant_flow"]
    described = [family.title.startswith("Descriptive: ") for family in found["secondary"]]
    assert described == sorted(described)
    assert any(described)


def test_a_method_without_a_family_is_shown_nevertheless():
    (first,) = [c for c in cards_of(protocol()) if c.id == "ancova"]
    found = families_by_section([replace(first, method="not_in_the_registry")])
    assert [f.title for families in found.values() for f in families] == ["Others"]


def test_safety_is_read_from_exposure_to_laboratory():
    (first,) = [c for c in cards_of(protocol()) if c.id == "adverse_events"]
    methods = ("laboratory_shift", "vital_signs", "adverse_event_summary", "exposure_summary")
    (family,) = families_by_section([replace(first, method=name) for name in methods])["safety"]
    assert [c.method for c in family.cards] == [
        "exposure_summary",
        "adverse_event_summary",
        "laboratory_shift",
        "vital_signs",
    ]


def test_the_primary_estimates_come_first():
    results, labels = view(protocol())
    titles = [title for title, _ in estimate_groups(estimates(results, labels))]
    assert titles[0].startswith("Primary: ")


@pytest.mark.parametrize(("drop", "says"), [((), "Apart from “"), (("multiplicity",), "No adj")])
def test_the_definitions_say_what_is_done_about_several_analyses(drop, says):
    plan = protocol()
    plan["analyses"] = [a for a in plan["analyses"] if a["id"] not in drop]
    lines = dict(definitions(Labels(plan, {}), 0.95))["Intervals and p"]
    assert says in lines[0]
