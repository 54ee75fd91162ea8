"""What is answered, by what; what is missing is missing."""

from copy import deepcopy

import pytest
from seizureflow.checklists.answers import Status, combined
from seizureflow.checklists.protocol_keys import PROTOCOL_KEYS
from seizureflow.checklists.study_run import StudyRun
from unit.checklists.hand_made import (
    NAMES,
    PLAN,
    ROWS,
    definition,
    effect,
    filled,
    of_estimand,
    part,
    plan,
    results,
    rows_of,
    said,
    without_analyses,
)

IN_REPORT, PLANNED = Status.IN_REPORT, Status.FROM_PLAN
STATED, MISSING = Status.STATED, Status.MISSING
NOT_APPLICABLE = Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([IN_REPORT, MISSING], Status.IN_PART),
        ([MISSING, NOT_APPLICABLE], MISSING),
        ([NOT_APPLICABLE, NOT_APPLICABLE], NOT_APPLICABLE),
        ([IN_REPORT, STATED], STATED),
        ([PLANNED, IN_REPORT], IN_REPORT),
        ([PLANNED, NOT_APPLICABLE], PLANNED),
    ],
)
def test_an_item_is_no_more_than_its_weakest_part(statuses, expected):
    assert combined(statuses) is expected


@pytest.mark.parametrize(
    ("number", "index", "status", "words"),
    [
        ("1a", 0, PLANNED, "Description: “A randomised trial made up by hand.”"),
        ("7", 0, PLANNED, "Does the tablet lower the frequency of seizures?"),
        ("12a", 0, PLANNED, "Age 18 or more"),
        ("14", 0, PLANNED, "Log change, Weeks 0–4; Ratio of geometric means"),
        ("14", 1, PLANNED, "Responder, Weeks 0–4"),
        ("17b", 0, PLANNED, "Stratified by: Sex"),
        ("21d", 0, PLANNED, "Analyses: 1 of the role sensitivity; each with its method."),
        ("22a", 0, IN_REPORT, "Sham 10, Tablet 11"),
        ("22a", 1, IN_REPORT, "Sham 10, Tablet 10"),
        ("22a", 2, IN_REPORT, "Sham 10, Tablet 10"),
        ("22b", 0, IN_REPORT, "Sham 1, Tablet 0; the reasons are there."),
        ("22b", 1, IN_REPORT, "Not dosed: Sham 0, Tablet 1; nobody else."),
        ("26", 0, IN_REPORT, "Of all 2 outcomes, with each analysis."),
        ("26", 3, IN_REPORT, "−18.1% (−40.0% to 12.0%)"),
        ("26", 4, IN_REPORT, "Of all 1 secondary outcome."),
        ("27", 0, IN_REPORT, "Any adverse event: Sham 3, Tablet 4"),
        ("28", 0, IN_REPORT, "1 of 1 analyses of the plan gave results."),
    ],
)
def test_the_plan_and_the_results_answer(number, index, status, words):
    found = part(number, index)
    assert (found.status, said(found), found.to_do) == (status, words, "")


def test_numbers_are_rows_of_the_results():
    numbers = [piece for piece in part("22a", 0).said if not isinstance(piece, str)]
    identities = [n.identity for n in numbers]
    assert identities == ["flow/randomised?group=sham", "flow/randomised?group=tablet"]
    assert [n.exact for n in numbers] == ["10.0", "11.0"]


@pytest.mark.parametrize(
    ("number", "index", "protocol", "why"),
    [
        ("1a", 0, plan(description="A non-randomised trial."), "Neither title nor description"),
        ("1a", 0, plan(description="Who was not randomised left."), "Neither title nor"),
        ("1b", 0, None, "reporting.abstract"),
        ("9", 1, None, "reporting.allocation_ratio"),
        ("12a", 0, plan(eligibility=[]), "reporting.eligibility"),
        ("14", 0, without_analyses("main"), "No analysis of the plan has the role primary"),
        ("14", 1, without_analyses("response"), "role secondary"),
        ("17b", 0, plan(design=PLAN["design"] | {"strata": []}), "reporting.stratification"),
        ("21a", 2, without_analyses("events"), "role safety"),
        ("21c", 0, plan(domains={}), "neither a diary nor counts"),
        ("21d", 0, without_analyses("robust"), "role sensitivity or subgroup"),
        ("22a", 2, without_analyses("main"), "role primary"),
        ("23a", 0, None, "no dates of screening"),
        ("25", 0, None, "baseline_summary"),
        ("26", 1, None, "summary_by_visit"),
        ("28", 0, without_analyses("robust"), "role sensitivity or subgroup"),
    ],
)
def test_what_the_plan_lacks_is_missing(number, index, protocol, why):
    found = part(number, index, protocol)
    assert found.status is MISSING
    assert why in found.to_do
    assert not found.said


@pytest.mark.parametrize(
    ("number", "index", "without"),
    [
        ("22a", 0, ("flow", "randomised")),
        ("22a", 1, ("flow", "dosed")),
        ("22a", 2, ("main", "participants")),
        ("22b", 0, ("flow", "discontinued")),
        ("22b", 0, ("flow", "discontinued_for")),  # somebody left without a reason
        ("22b", 1, ("flow", "not_dosed")),  # why one is not analysed is then unknown
        ("26", 0, ("response", "participants")),
        ("26", 3, ("main", "relative_change_upper")),
        ("26", 3, ("main", "lsmean")),
        ("26", 4, ("response", "odds_ratio_lower")),
        ("26", 4, ("response", "responders_percent")),
        ("27", 0, ("events", "participants_with_event")),
        ("28", 0, ("robust", "participants")),
    ],
)
def test_what_the_results_lack_is_missing(number, index, without):
    assert part(number, index, table=results(without=(without,))).status is MISSING


def test_a_number_that_was_not_computed_is_no_answer():
    rows = [dict(row) for row in ROWS]
    for row in rows:
        if (row["ANALYSIS"], row["STATISTIC"]) == ("main", "relative_change_lower"):
            row["VALUE"] = float("nan")
    assert part("26", 3, table=results(rows)).status is MISSING


def test_an_analysis_that_failed_gave_no_results():
    failed = {"ANALYSIS": "robust", "STATISTIC": "note", "LABEL": "Note", "TEXT": "Not computed."}
    rows = [row for row in ROWS if row["ANALYSIS"] != "robust"] + [failed]
    assert part("28", 0, table=results(rows)).status is MISSING


def test_a_set_that_does_not_ask_for_a_dose_explains_no_exclusion():
    sets = [{"id": "full", "label": "Full set", "requires": ["randomised"]}]
    assert part("22b", 1, plan(analysis_sets=sets)).status is MISSING


def test_a_relative_effect_alone_is_not_enough_for_a_binary_outcome():
    found = part("26", 5)
    assert found.status is MISSING
    assert "Responder, Weeks 0–4" in found.to_do
    both = [*ROWS, *effect("response", "risk_difference", 0.2, -0.1, 0.5)]
    assert part("26", 5, table=results(both)).status is IN_REPORT
    assert part("26", 5, without_analyses("response")).status is NOT_APPLICABLE


def test_an_unequal_ratio_is_the_plans_and_an_equal_one_may_be_a_default():
    design = deepcopy(PLAN["design"])
    design["arms"][1]["ratio"] = 2
    assert said(part("9", 1, plan(design=design))) == "Sham 1 : Tablet 2"
    assert part("9", 1).status is MISSING


def test_the_study_states_what_is_missing():
    reporting = {
        "funding": {"text": "A foundation.", "source": "The paper"},
        "site_eligibility": {"not_applicable": "There was one site."},
    }
    funding = part("5a", 0, plan(reporting=reporting))
    assert (funding.status, funding.statement, funding.source) == (
        STATED,
        "A foundation.",
        "The paper",
    )
    sites = part("12b", 0, plan(reporting=reporting))
    assert (sites.status, sites.statement) == (NOT_APPLICABLE, "There was one site.")


def test_a_statement_stands_beside_a_result_and_not_for_it():
    stated = plan(reporting={"losses": {"text": "Nobody left."}})
    found = part("22b", 0, stated)
    assert (found.status, found.statement) == (IN_REPORT, "Nobody left.")
    assert said(found).startswith("Sham 1")


@pytest.mark.parametrize("number", ["22a", "22b", "25", "26", "27", "28"])
def test_nothing_by_dummy_arm_is_a_result(number):
    items = filled(plan(treatment="blinded"))[0].items
    found = next(item for item in items if item.number == number)
    assert all(not p.said for p in found.parts)
    assert found.status is MISSING


def test_no_result_is_claimed_without_results():
    for checklist in filled(table=results([])):
        assert not [p for item in checklist.items for p in item.parts if p.of_results]


def test_everything_is_missing_that_no_plan_key_says():
    bare = plan(
        description="A trial.",
        eligibility=[],
        estimands=None,
        intercurrent_events=None,
        analyses=[],
        domains={},
        design=PLAN["design"] | {"strata": []},
    )
    consort, estimands = filled(bare, results([]))
    answered = {i.number for i in consort.items for p in i.parts if p.status is not MISSING}
    # The dictionary of the data, the question and the groups are in every run.
    assert answered == {"4", "7", "21b"}
    assert {i.topic for i in estimands.items if i.status is not MISSING} == {"Clinical question"}


# ---- Estimands ----


@pytest.mark.parametrize(
    ("topic", "index", "status", "words"),
    [
        ("Treatment", 0, PLANNED, "Tablet against sham"),
        ("Population", 0, PLANNED, "Made-up people (analysed: full set)"),
        ("Variable", 0, PLANNED, "Log change, Weeks 0–4: days 1 to 28 (28 days)"),
        ("Intercurrent events", 0, PLANNED, "Stopping: treatment policy"),
        ("Intercurrent events", 1, PLANNED, "Every event of the plan has one."),
        ("Population-level summary", 0, PLANNED, "Ratio of geometric means"),
        ("Main estimator", 0, PLANNED, "The analysis main"),
        ("Main estimator", 2, IN_REPORT, "−18.1% (−40.0% to 12.0%)"),
        ("Sensitivity analyses", 0, IN_REPORT, "With results: 1."),
    ],
)
def test_an_estimand_is_answered_from_plan_and_results(topic, index, status, words):
    found = of_estimand(topic, index)
    assert (found.status, said(found)) == (status, words)


def test_an_event_without_a_strategy_is_missing():
    events = [*PLAN["intercurrent_events"], {"id": "rescue", "label": "Rescue", "occurs": "x"}]
    found = of_estimand("Intercurrent events", 1, plan(intercurrent_events=events))
    assert (found.status, found.to_do) == (MISSING, "The estimand has no strategy for: rescue.")


@pytest.mark.parametrize("name", ["endpoint", "window", "population"])
def test_an_analysis_of_something_else_does_not_aim_at_the_estimand(name):
    changed = deepcopy(PLAN["analyses"])
    next(a for a in changed if a["id"] == "robust")[name] = "other"
    found = of_estimand("Sensitivity analyses", 0, plan(analyses=changed))
    assert found.status is MISSING


def test_an_unknown_assumption_is_missing_until_the_study_states_it():
    changed = deepcopy(PLAN["analyses"])
    next(a for a in changed if a["id"] == "main")["method"] = "trimmed_means"
    assert of_estimand("Main estimator", 1, plan(analyses=changed)).status is MISSING
    stated = plan(analyses=changed, reporting={"missing_data": {"text": "None are missing."}})
    assert of_estimand("Main estimator", 1, stated).status is STATED


def test_items_are_asked_of_every_estimand():
    second = PLAN["estimands"][0] | {"id": "other", "label": "Another effect"}
    sections = [s for s, _ in filled(plan(estimands=[*PLAN["estimands"], second]))[1].sections]
    assert sections == ["The trial", "Estimand: Effect of assignment", "Estimand: Another effect"]


def test_the_summary_counts_every_point_once():
    for checklist in filled():
        counts = [
            int(word) for word in checklist.summary.replace(",", "").split() if word.isdigit()
        ]
        total = next(c for c in counts if c == len(checklist.items))
        rest = counts[counts.index(total) + 1 :]
        assert sum(rest) == total


def test_three_arms_need_an_estimate_each():
    design = deepcopy(PLAN["design"])
    design["arms"].append({"id": "high", "label": "High", "reference": False, "ratio": 1})
    run = StudyRun(plan(design=design), {}, results())
    assert run.estimate(run.primary) == ()
    more = [*ROWS]
    for row in effect("main", "relative_change", -20.0, -50.0, 5.0):
        more.append(row | {"GROUP": "high"})
    both = StudyRun(plan(design=design), {}, results(more)).estimate(run.primary)
    assert "".join(p if isinstance(p, str) else "#" for p in both) == (
        "Tablet # (# to #), High # (# to #)"
    )


def test_a_visit_is_not_taken_for_the_whole():
    visit = rows_of("main", "participants", 1, 1, VISIT="week_4")
    assert said(part("22a", 2, table=results([*visit, *ROWS]))) == "Sham 10, Tablet 10"


def test_definitions_are_those_that_the_rule_reads():
    assert [definition(name).id for name in NAMES] == ["consort-2025", "ich-e9-r1"]


def test_nothing_of_a_plan_is_read_but_what_the_rule_gives():
    assert plan().keys() <= set(PROTOCOL_KEYS)  # and every test here is answered from it
