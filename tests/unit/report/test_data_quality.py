"""The section on data quality: nothing is lost between the tables and the page."""

import pandas as pd
import pytest
from report_page import Page
from seizureflow.displays.labels import Labels
from seizureflow.findings import Finding, findings_frame
from seizureflow.report.data_quality import (
    data_quality,
    deviation_tables,
    recording_table,
    rows_table,
    types_table,
)
from seizureflow.report.finding_groups import MOST_LISTED, findings_by_rule
from unit.report.study import protocol, quality_tables, report


def finding(severity, rule="odd_day", participant="P1", message="It is odd.", value="x"):
    return Finding(severity, rule, "d.csv", "col", participant, "2", value, message, "Look.")


def groups(*findings):
    return findings_by_rule(findings_frame(findings)).groups


def texts(table):
    return {row.heading: ["".join(cell) for cell in row.cells] for row in table.rows}


def labels():
    return Labels(protocol(), {"focal_aware": "Focal, aware"})


@pytest.mark.parametrize(
    ("severities", "sentence"),
    [
        ([], "The checks of the raw data gave no findings."),
        (["note"], "The checks of the raw data gave 1 note. None asks for action."),
        (["note", "warning", "note"], "The checks of the raw data gave 1 warning and 2 notes."),
    ],
)
def test_findings_are_counted(severities, sentence):
    found = findings_by_rule(findings_frame(finding(severity) for severity in severities))
    assert found.sentence == sentence
    assert [group.severity for group in found.groups] == sorted(set(severities), reverse=True)


def test_a_rule_is_one_row_with_its_findings_and_people():
    found = groups(
        finding("warning", participant="P1"),
        finding("note", rule="late_entry", participant=""),
        finding("warning", participant="P2"),
        finding("warning", participant="P2"),
        finding("warning", rule="long_run"),
        finding("error"),
    )
    assert [(g.severity, g.rule, g.count, g.participants) for g in found] == [
        ("error", "Odd day", 1, 1),
        ("warning", "Odd day", 3, 2),
        ("warning", "Long run", 1, 1),
        ("note", "Late entry", 1, 0),
    ]
    assert [found_.participant for found_ in found[1].listed] == ["P1", "P2", "P2"]


def test_findings_that_say_different_things_are_told_apart():
    alike, other = groups(
        finding("warning"),
        finding("warning", value="y"),
        finding("warning", rule="b"),
        finding("warning", rule="b", message="It is odder."),
    )
    assert (alike.differ, other.differ) == (False, True)


def test_many_findings_are_counted_in_full_and_listed_in_part(tmp_path):
    many = [finding("warning", participant=f"P{n}", value=f"v{n}") for n in range(50_000)]
    (group,) = groups(*many)
    assert (group.count, group.participants, len(group.listed)) == (50_000, 50_000, MOST_LISTED)
    page, _ = report(protocol(), tmp_path, findings=many)
    assert "participant P199" in page.visible
    assert "participant P200" not in page.visible
    assert "These are the first 200 of 50000; the rest is in data_quality/findings.csv" in (
        page.visible
    )
    assert ("a", "data_quality/findings.csv") in page.attributes("href")


def test_every_row_of_every_file_is_accounted_for():
    table = rows_table(quality_tables()["row_accounting"])
    assert texts(table) == {
        "Diary, data/diary.csv": ["1000", "960", "40"],
        "Focal": ["", "", "33"],
        "Not usable": ["", "", "7"],
        "Treatment codes, data/codes.csv": ["16", "16", "0"],
    }
    for row in table.rows:
        if row.strong:
            read, used, left_out = (int("".join(cell)) for cell in row.cells)
            assert read == used + left_out


def test_rows_in_error_are_named():
    accounting = pd.DataFrame(
        [("diary", "d.csv", "error", "see the findings", 3)],
        columns=["DOMAIN", "FILE", "OUTCOME", "REASON", "ROWS"],
    )
    assert texts(rows_table(accounting))["Error: see the findings"] == ["", "", "3"]


def test_every_seizure_type_says_what_it_was_taken_for():
    table = types_table(quality_tables("CPS")["seizure_types"], labels())
    assert texts(table) == {
        "CPS": ["Focal, aware", "Focal aware", "named in the plan", "yes", "120", "310"],
        "CPS ?": ["not mapped", "–", "–", "–", "3", "–"],
    }


def test_recorded_days_are_described_over_participants():
    """Baseline: 100% and 50% of 42 days; who had no day in the period is not judged."""
    found = texts(recording_table(quality_tables()["compliance"], labels()))
    assert found["Baseline"] == ["2", "75.0% [50.0% to 100.0%]", "1", "84", "63", "20", "1"]
    assert [cells[3:] for name, cells in found.items() if name != "Baseline"] == [
        ["56", "55", "0", "1"]
    ]


def test_the_limit_of_compliance_is_that_of_the_plan():
    plan = protocol()
    plan["diary"]["quality"]["minimum_compliance"] = 40
    table = recording_table(quality_tables()["compliance"], Labels(plan, {}))
    assert ("Below 40%",) in table.columns
    assert texts(table)["Baseline"][2] == "0"


def test_deviations_are_listed_by_kind():
    against, misplaced = deviation_tables(quality_tables("P00")["deviations"])
    assert texts(against) == {"P00": ["Age 18 to 75", "P00", "at most 75"]}
    assert texts(misplaced) == {"P01": ["Structural lesion", "Y", "N"]}
    assert misplaced.columns[1:] == (("Used at randomisation",), ("From the data",))


def test_many_deviations_are_listed_in_part():
    row = quality_tables()["deviations"].iloc[[0]]
    many = pd.concat([row.assign(USUBJID=f"P{n}") for n in range(MOST_LISTED + 5)])
    (table,) = deviation_tables(many)
    assert len(table.rows) == MOST_LISTED
    assert table.notes == ("5 more rows are in adam/deviations.parquet beside this file.",)


@pytest.mark.parametrize(
    ("rows", "changes", "sentences"),
    [
        (
            [0, 1],
            {},
            (
                "1 randomised participant did not meet a criterion for randomisation.",
                "1 randomised participant had another stratum at randomisation than in the data.",
            ),
        ),
        (
            [],
            {},
            (
                "Every randomised participant met every criterion that the plan states.",
                "The strata used at randomisation are not in the data.",
            ),
        ),
        (
            [],
            {"eligibility": []},
            (
                "The plan states no criteria for randomisation that could be checked.",
                "The strata used at randomisation are not in the data.",
            ),
        ),
    ],
)
def test_deviations_in_a_sentence(rows, changes, sentences):
    deviations = quality_tables()["deviations"].iloc[rows]
    none = findings_frame([])
    plan = protocol(**changes)
    plan["domains"]["participants"]["columns"].pop("randomisation_strata", None)
    found = data_quality(none, None, None, None, deviations, Labels(plan, {}))
    assert found.deviations == sentences


def test_strata_that_were_used_and_agree_are_said_to():
    plan = protocol()
    used = {plan["design"]["strata"][0]: {"column": "strat1"}}
    plan["domains"]["participants"]["columns"]["randomisation_strata"] = used
    deviations = quality_tables()["deviations"].iloc[:0]
    found = data_quality(findings_frame([]), None, None, None, deviations, Labels(plan, {}))
    assert found.deviations[1] == "Every stratum used at randomisation is that of the data."


def test_what_a_study_lacks_is_left_out(tmp_path):
    full, _ = report(protocol(), tmp_path)
    bare, _ = report(protocol(), tmp_path, quality={})
    headings = (
        "What became of every row",
        "What seizure types were taken for",
        "Recording of the diary",
        "Protocol deviations that the data show",
    )
    assert all(heading in full.visible for heading in headings)
    assert not any(heading in bare.visible for heading in headings)


def test_numbers_on_the_raw_data_do_not_pass_for_results(tmp_path):
    """They are not marked as rows of the results, and none of the results stands among them."""
    page, _ = report(protocol(), tmp_path, findings=[finding("warning")])
    start, end = (
        page.text.index(f'<section id="{name}"') for name in ("data-quality", "published")
    )
    section = Page(page.text[start:end])
    assert "960" in section.visible
    assert not section.numbers
