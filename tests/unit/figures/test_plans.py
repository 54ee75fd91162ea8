"""Which figures a study has, and what each reads."""

from dataclasses import replace
from pathlib import Path

import pytest
from seizureflow.figures.plans import figure_analyses, figure_datasets, figure_plan, figures_of
from seizureflow.protocol import load_protocol

ROOT = Path(__file__).parents[3]


def study(name, *, without_domains=(), methods=None):
    """A shipped study, without some raw domains or with analyses by certain methods alone."""
    protocol = load_protocol(ROOT / "studies" / name, ROOT / "schemas")
    data = dict(protocol.data)
    data["domains"] = {k: v for k, v in data["domains"].items() if k not in without_domains}
    if methods is not None:
        data["analyses"] = [entry for entry in data["analyses"] if entry["method"] in methods]
    return replace(protocol, data=data)


def ids(protocol, figure):
    return [entry["id"] for entry in figure_analyses(protocol, figure)]


def test_optional_tables_are_read_where_the_study_has_them():
    assert figure_datasets(study("opus"), "exposure") == ["adsl", "adex", "adae"]
    without = study("opus", without_domains=["adverse_events"])
    assert "exposure" in figures_of(without)
    assert figure_datasets(without, "exposure") == ["adsl", "adex"]


@pytest.mark.parametrize(
    ("domain", "figure"), [("doses", "exposure"), ("diary", "recording_compliance")]
)
def test_a_study_without_a_needed_table_does_not_have_the_figure(domain, figure):
    assert figure in figures_of(study("opus"))
    assert figure not in figures_of(study("opus", without_domains=[domain]))


def test_the_primary_analysis_is_read_beside_what_is_needed():
    assert ids(study("opus"), "participant_flow") == ["participant_flow", "primary"]
    alone = study("opus", methods=["participant_flow"])
    assert ids(alone, "participant_flow") == ["participant_flow"]
    assert "participant_flow" in figures_of(alone)
    assert "participant_flow" not in figures_of(study("opus", methods=["mmrm"]))


@pytest.mark.parametrize(
    ("methods", "has"),
    [
        (["mmrm"], True),
        (["percent_change_summary"], True),
        (["summary_by_visit"], False),
    ],
)
def test_percent_changes_need_the_primary_analysis_or_their_summary(methods, has):
    assert ("percent_change" in figures_of(study("opus", methods=methods))) is has


def test_a_figure_takes_no_more_of_the_plan_than_it_names():
    plan = figure_plan(study("opus"), "recording_compliance", {"confidence_level": 0.95})
    assert plan["protocol"]["diary_quality"]["minimum_compliance"] == 80
    assert "diary" not in plan["protocol"]
    assert plan["analyses"] == []
