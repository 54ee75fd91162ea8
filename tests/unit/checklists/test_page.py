"""The page and the table: strict markup, nothing fetched, everything said."""

import re

import pytest
from report_page import (
    Page,
    assert_accessible,
    assert_printed_numbers_are_results,
    assert_self_contained,
)
from seizureflow.checklists.page import render_checklists
from seizureflow.checklists.table import COLUMNS, checklist_table
from seizureflow.displays.sections import SECTIONS
from unit.checklists.hand_made import ROOT, filled, plan, results

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


def page(protocol=None, table=None) -> Page:
    protocol = protocol or plan()
    template = (ROOT / "report" / "checklists.html.j2").read_text(encoding="utf-8")
    style = "\n".join(
        (ROOT / "report" / name).read_text(encoding="utf-8")
        for name in ("report.css", "checklists.css")
    )
    return Page(render_checklists(protocol, filled(protocol, table), template, style))


@pytest.mark.parametrize(
    "protocol",
    [plan(), plan(simulated=True), plan(treatment="blinded"), plan(estimands=[])],
    ids=["real", "simulated", "blinded", "no_estimand"],
)
def test_the_page_is_strict_self_contained_and_accessible(protocol):
    found = page(protocol)
    assert_self_contained(found)
    assert_accessible(found)


def test_every_number_is_a_row_of_the_results():
    assert_printed_numbers_are_results(page(), results())


def test_markup_in_a_plan_is_text():
    protocol = plan(title=HOSTILE, question=HOSTILE, reporting={"funding": {"text": HOSTILE}})
    found = page(protocol)
    assert_self_contained(found)
    assert found.visible.count("<script>alert(1)</script>") >= 3
    assert "<script" not in found.text


@pytest.mark.parametrize(
    ("source", "linked"),
    [
        ("https://example.org/trial", True),
        ("javascript:alert(1)", False),
        ("https://example.org/ a b", False),
        ("The paper", False),
    ],
)
def test_only_an_address_on_the_web_becomes_a_link(source, linked):
    found = page(plan(reporting={"funding": {"text": "A fund.", "source": source}}))
    assert (("a", source) in found.attributes("href")) is linked
    assert source in found.visible


def test_links_lead_to_the_report_beside_the_page():
    addresses = {a for _, a in page().attributes("href") if a.startswith("report.html#")}
    assert "report.html#analysis-main" in addresses
    template = (ROOT / "report" / "report.html.j2").read_text(encoding="utf-8")
    written = set(re.findall(r'id="([\w-]+)"', template))
    written |= {section.id for section in SECTIONS}
    made = ("analysis-", "estimand-")
    assert not {
        a for a in addresses if not (p := a.split("#")[1]).startswith(made) and p not in written
    }


def test_simulated_participants_are_named_wherever_a_result_answers():
    found = page(plan(simulated=True))
    assert "The participants of this study are simulated." in found.visible
    assert found.visible.count("(simulated participants)") > 5
    assert "simulated" not in page().visible


def test_dummy_arms_are_named():
    assert "DUMMY TREATMENT" in page(plan(treatment="blinded")).visible
    assert "DUMMY" not in page().visible


def test_the_same_study_gives_the_same_bytes():
    assert page().text == page().text


def test_the_table_has_a_row_for_every_part():
    checklists = filled()
    table = checklist_table(checklists)
    assert tuple(table.columns) == COLUMNS
    assert len(table) == sum(len(item.parts) for c in checklists for item in c.items)
    flow = table[(table["ITEM"] == "22a") & table["ASKS"].str.startswith("Randomised")].iloc[0]
    assert flow["STATUS"] == "in this report"
    assert flow["ANSWER"] == "Sham 10, Tablet 11"
    assert flow["RESULTS"] == "flow/randomised?group=sham flow/randomised?group=tablet"
    assert flow["WHERE"] == "report.html#participants"
    missing = table["STATUS"] == "missing"
    assert (table.loc[missing, "TO_DO"] != "").all()
    assert (table.loc[~missing, "TO_DO"] == "").all()
