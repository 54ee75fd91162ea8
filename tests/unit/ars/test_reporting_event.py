"""The reporting event: what the standard permits, no reference broken, no result lost or changed."""

import json

import pytest
from seizureflow.ars.json_text import json_text
from seizureflow.ars.outputs import OutputFile
from seizureflow.ars.reporting_event import reporting_event
from unit.ars.made_up import plan, results
from unit.ars.standard import broken_references, violations
from unit.report import study

FILES = (
    OutputFile("report", "Report", "report.html"),
    OutputFile("tables", "Tables", "tables/all.rtf", ("primary",)),
)


def event_of(protocol=None) -> dict:
    protocol = protocol or plan()
    return reporting_event(protocol, {}, results(protocol), 0.95, FILES)


def one(entries, **which) -> dict:
    found = [entry for entry in entries if which.items() <= entry.items()]
    assert len(found) == 1, which
    return found[0]


@pytest.fixture(scope="module")
def event() -> dict:
    return event_of()


def analysis(event, name) -> dict:
    return one(event["analyses"], id=f"Analysis.{name}")


def values(event, name) -> list[tuple]:
    """Of each result its operation, groups, raw and formatted value."""
    return [
        (
            result["operationId"].rsplit(".", 1)[-1],
            *(group.get("groupId", group.get("groupValue")) for group in result["resultGroups"]),
            result.get("rawValue"),
            result["formattedValue"],
        )
        for result in analysis(event, name)["results"]
    ]


def test_the_standard_permits_it(event):
    assert violations(event) == []


def test_whatever_it_names_is_defined_once(event):
    assert broken_references(event) == []


def test_results_of_real_methods_are_permitted_too():
    """Every kind of row that methods give: by arm, compared, by visit, by term, events, words."""
    protocol = study.protocol(arms=3)
    wanted = {"participant_flow", "ancova", "by_visit", "adverse_events", "tpsc_cox", "wilcoxon"}
    wanted |= {"baseline_characteristics", "responders", "without_each_site"}
    protocol["analyses"] = [entry for entry in protocol["analyses"] if entry["id"] in wanted]
    protocol.pop("success_criterion", None)
    table = study.results_of(protocol)
    made = reporting_event(protocol, {}, table, 0.95, FILES[:1])
    assert violations(made) == []
    assert broken_references(made) == []
    numbers = table[table["STATISTIC"] != "note"]
    assert sum(len(entry["results"]) for entry in made["analyses"]) == len(numbers) > 200


def test_a_property_that_the_standard_has_not_is_found(event):
    """The table of the standard can fail."""
    wrong = json.loads(json.dumps(event))
    wrong["analyses"][0]["notes"] = ["x"]
    del wrong["analyses"][1]["reason"]
    wrong["analyses"][2]["purpose"] = {"controlledTerm": "SAFETY"}
    wrong["analyses"][3]["results"][0]["rawValue"] = 1.0
    wrong["analyses"][4]["methodId"] = "Method.nothing"
    assert len(violations(wrong)) == 4
    assert broken_references(wrong) == ["methodId Method.nothing is not among methods"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "primary",
            [
                ("participants", "Group.TRT01P.sham", "12.0", "12"),
                ("participants", "Group.TRT01P.low", "11.0", "11"),
                ("participants", "Group.TRT01P.high", "10.0", "10"),
                ("lsmean", "Group.TRT01P.low", "Group.AVISIT.week_2", "-0.123456", "−0.123"),
                ("relative_change", "Group.TRT01P.low", "Group.reference.sham", "-35.25", "−35.3%"),
                ("p_value", "Group.TRT01P.low", "Group.reference.sham", "0.0123", "0.012"),
                ("p_value", "Group.TRT01P.high", "Group.reference.sham", "1e-09", "<0.001"),
                ("covariance_structure", "unstructured", "unstructured"),
                ("coefficient", "AGE:ARM[T.low]", "1.5", "1.500"),
            ],
        ),
        (
            "ancova",
            [
                ("difference", "Group.TRT01P.low", "Group.reference.sham", None, "–"),
                ("relative_change", "Group.TRT01P.low", "Group.reference.sham", "inf", "∞%"),
            ],
        ),
        ("characteristics", [("count", "Group.TRT01P.low", "SEX", "F", "4.0", "4")]),
        ("events", [("events", "Group.TRT01P.high", "term", "Head, ache", "2.0", "2")]),
        ("refused", []),
    ],
)
def test_results(event, name, expected):
    assert values(event, name) == expected


@pytest.mark.parametrize(
    ("name", "dataset", "variable", "subset"),
    [
        ("primary", "ADSZ", "CHG", "DataSubset.LOGCHG.weeks_0_4.by_visit"),
        ("ancova", "ADSZ", "CHG", "DataSubset.LOGCHG.weeks_0_2"),
        ("without_each", "ADSZ", "CHG", "DataSubset.LOGCHG.weeks_0_2"),  # that of what it repeats
        ("first_seizure", "ADTTE", "AVAL", "DataSubset.TTSZ1"),
        ("characteristics", "ADSL", None, None),  # of several variables
        ("events", "ADAE", None, None),
        ("refused", "ADSZ", "AVAL", "DataSubset.RESP50.weeks_0_4"),
    ],
)
def test_what_an_analysis_is_of(event, name, dataset, variable, subset):
    found = analysis(event, name)
    of = (found.get("dataset"), found.get("variable"), found.get("dataSubsetId"))
    assert of == (dataset, variable, subset)


def test_conditions_of_sets_and_subsets(event):
    full, adults = event["analysisSets"]
    assert full["condition"] == {
        "dataset": "ADSL",
        "variable": "FASFL",
        "comparator": "EQ",
        "value": ["Y"],
    }
    assert full["description"] == "Required: randomised, dosed."
    assert adults["description"] == "Required: AGE at least 18."
    by_visit = one(event["dataSubsets"], id="DataSubset.LOGCHG.weeks_0_4.by_visit")
    assert [
        (
            clause["condition"]["variable"],
            clause["condition"]["comparator"],
            *clause["condition"]["value"],
        )
        for clause in by_visit["compoundExpression"]["whereClauses"]
    ] == [("PARAMCD", "EQ", "LOGCHG"), ("AVISIT", "IN", "week_2", "week_4")]


def test_the_reference_comes_first_among_the_arms(event):
    treatment = one(event["analysisGroupings"], id="Grouping.TRT01P")
    assert [group["name"] for group in treatment["groups"]] == ["Sham", "Low dose", "High dose"]
    assert [g["resultsByGroup"] for g in analysis(event, "primary")["orderedGroupings"]] == [
        True,  # arms: each has participants
        True,  # the reference
        False,  # visits: of two, one has a result
        True,  # terms
    ]


@pytest.mark.parametrize(
    ("name", "purpose"),
    [
        ("primary", {"controlledTerm": "PRIMARY OUTCOME MEASURE"}),
        ("first_seizure", {"controlledTerm": "SECONDARY OUTCOME MEASURE"}),
        ("ancova", {"sponsorTermId": "Term.purpose.sensitivity"}),
        ("events", {"sponsorTermId": "Term.purpose.safety"}),
    ],
)
def test_purposes(event, name, purpose):
    assert analysis(event, name)["purpose"] == purpose


def test_operations(event):
    operations = one(event["methods"], id="Method.mmrm")["operations"]
    assert [(o["order"], o["name"], o["label"], o.get("resultPattern")) for o in operations] == [
        (1, "participants", "Participants", "X"),
        (2, "lsmean", "LS mean", "X.XXX"),
        (3, "relative_change", "Relative change", "X.X%"),
        (4, "p_value", "p", "X.XXX or <0.001"),
        (5, "covariance_structure", "Covariance", None),
        (6, "coefficient", "Coefficient", "X.XXX"),
    ]


def test_what_the_standard_has_no_place_for_is_kept(event):
    primary = analysis(event, "primary")
    assert primary["description"] == (
        "Estimand: Effect of assignment. The fit converged. One participant was left out. Two "
        "visits were used."
    )
    assert analysis(event, "refused")["description"] == (
        "The fit did not converge. Not computed. No responders."
    )
    code = primary["programmingCode"]
    assert code["context"] == "python 3.11; numpy 2.4"
    assert all(len(parameter["value"]) == 1 for parameter in code["parameters"])
    assert {p["name"]: p["value"][0] for p in code["parameters"]} == {
        "confidence_level": "0.95",
        "covariates": '["LBSFREQ"]',
        "covariance": '["us"]',
        "df": "kenward-roger",
        "data_sha256": "d" * 64,
        "plan_sha256": "p" * 64,
        "code_sha256": "c" * 64,
    }


def test_contents_are_by_role_and_end_with_the_outputs(event):
    items = event["mainListOfContents"]["contentsList"]["listItems"]
    assert [item["name"] for item in items] == [
        "Primary",
        "Secondary",
        "Sensitivity",
        "Safety",
        "Descriptive",
        "Report",
        "Tables",
    ]
    assert [item["analysisId"] for item in items[1]["sublist"]["listItems"]] == [
        "Analysis.first_seizure",
        "Analysis.refused",
    ]
    report, tables = event["outputs"]
    assert len(report["displays"]) == len(plan()["analyses"])
    assert [display["display"]["name"] for display in tables["displays"]] == ["primary"]
    assert tables["fileSpecifications"][0]["fileType"] == {"controlledTerm": "rtf"}


def test_dummy_arms_and_simulated_participants_are_said():
    made = event_of(plan(treatment="blinded", simulated=True))
    assert made["description"].endswith(
        "The participants are simulated. DUMMY TREATMENT: participants were assigned to arms at "
        "random."
    )
    arms = one(made["analysisGroupings"], id="Grouping.TRT01P")["groups"]
    assert all(arm["name"].endswith("(DUMMY TREATMENT)") for arm in arms)
    assert violations(made) == []


def test_the_plan_is_named_with_its_hash(event):
    other = event_of(plan(title="Another title"))
    first, second = (one(e["referenceDocuments"], id="Document.protocol") for e in (event, other))
    assert first["location"] == "studies/made_up/protocol.yaml"
    assert first["description"] != second["description"]


def test_results_of_an_unknown_analysis_are_refused():
    table = results()
    table["ANALYSIS"] = table["ANALYSIS"].replace("events", "eventz")
    with pytest.raises(ValueError, match="no analyses eventz"):
        reporting_event(plan(), {}, table, 0.95)


def test_equal_results_give_equal_text(event):
    text = json_text(event)
    assert text == json_text(event_of())
    assert json.loads(text) == event
