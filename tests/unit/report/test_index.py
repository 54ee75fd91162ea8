"""The page over all studies, from their summaries."""

import json

import pytest
from report_page import Page, assert_accessible, assert_self_contained
from seizureflow.displays.labels import Labels
from seizureflow.displays.values import Results
from seizureflow.report.headline import headline
from seizureflow.report.index_page import index_page
from seizureflow.report.summary import study_summary
from unit.report.study import ROOT, protocol, results_of


def summary(**changes):
    plan = protocol(**changes)
    dummy = plan["treatment"] == "blinded"
    labels, results = Labels(plan, {}), Results(results_of(plan))
    answer = headline(results, labels, 0.95, dummy=dummy)
    return study_summary(answer, labels, "DUMMY TREATMENT" if dummy else "")


def index(*summaries):
    text = index_page(
        summaries,
        ["report.html", "tables/index.html", "further.html"],
        {"index.html.j2": (ROOT / "report" / "index.html.j2").read_text(encoding="utf-8")},
        (ROOT / "report" / "report.css").read_text(encoding="utf-8"),
    )
    page = Page(text)
    assert_self_contained(page)
    assert_accessible(page)
    return page


def test_a_study_is_shown_with_its_answer_and_links():
    given = summary(simulated=True)
    page = index(given)
    for words in (given["title"], given["question"], *given["answer"]):
        assert " ".join(words.split()) in page.visible
    assert "The participants of this study are simulated." in page.visible
    links = [address for _, address in page.attributes("href")]
    assert {"opus/report.html", "opus/tables/index.html", "opus/further.html"} <= set(links)


def test_real_participants_are_not_called_simulated():
    assert "simulated" not in index(summary(simulated=False, description="A trial.")).visible


def test_a_blinded_study_has_no_answer():
    page = index(summary(treatment="blinded"))
    assert "DUMMY TREATMENT" in page.visible
    assert "There is no answer yet" in page.visible
    assert "Not met" not in page.visible


def test_numbers_of_a_summary_name_their_rows():
    given = summary()
    first = given["numbers"][0]
    assert first["results"][0]["identity"] == "primary/relative_change?group=low&reference=placebo"
    assert float(first["results"][0]["exact"]) == pytest.approx(
        float(first["text"].replace("−", "-").removesuffix("%")), abs=0.05
    )
    assert json.loads(json.dumps(given)) == given


def test_words_of_a_plan_stay_words():
    text = "</script><script>alert(1)</script>"
    assert index(summary(title=text, question=text)).visible.count(text) == 2


def test_a_run_without_studies_says_so():
    assert "The run has no study." in index().visible
