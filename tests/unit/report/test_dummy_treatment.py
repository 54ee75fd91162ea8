"""The report of a study whose treatment is blinded says so everywhere, and claims nothing."""

import re

import pytest
from report_page import assert_numbers_are_results
from seizureflow.displays.labels import Labels
from seizureflow.displays.values import Results
from seizureflow.report.headline import headline
from unit.report.study import protocol, report, results_of

WORDS = "DUMMY TREATMENT"


def captions(page):
    return re.findall(r"<caption>(.*?)</caption>", page.text, re.DOTALL)


@pytest.fixture(scope="module")
def blinded(tmp_path_factory):
    return report(protocol(treatment="blinded", arms=3), tmp_path_factory.mktemp("page"))[0]


@pytest.fixture(scope="module")
def unblinded(tmp_path_factory):
    return report(protocol(arms=3), tmp_path_factory.mktemp("page"))[0]


def test_every_table_and_figure_carries_the_words(blinded):
    assert len(captions(blinded)) > 20
    assert all(WORDS in caption for caption in captions(blinded))
    texts = re.findall(r"<figcaption>(.*?)</figcaption>", blinded.text, re.DOTALL)
    assert len(texts) == 4
    assert all(WORDS in text for text in texts)


def test_the_banner_and_the_title_carry_the_words(blinded):
    assert re.search(r"<title>DUMMY TREATMENT: ", blinded.text)
    banners = [values["class"] for tag, values in blinded.elements if tag == "aside"]
    assert "dummy-banner" in banners[0]
    head = blinded.text[: blinded.text.index('<section id="answer"')]
    assert "The treatment codes were not read" in head


def test_the_banner_is_printed(blinded):
    """Nothing hides it in print, and its colours stay."""
    style = blinded.text[blinded.text.index("<style>") : blinded.text.index("</style>")]
    printed = style[style.index("@media print") :]
    hidden = re.findall(r"([^{}]*)\{[^{}]*display: none", printed)
    assert hidden
    assert not any("banner" in selector or "dummy" in selector for selector in hidden)
    kept = re.search(r"([^{}]*)\{ print-color-adjust: exact", printed)[1]
    assert {".banner", ".dummy"} <= {selector.strip() for selector in kept.split(",")}


def test_nothing_is_claimed(blinded, unblinded):
    claims = re.compile(
        r"criterion, a reduction of at least \S+, was|\bNot met\b|\bMet\b|lower than on|"
        r"higher than on|these data rule out|the interval excludes"
    )
    assert claims.search(unblinded.visible)
    assert not claims.search(blinded.visible)
    assert "There is no answer yet: treatment is blinded." in blinded.visible
    assert blinded.visible.count("Not judged: treatment is blinded") == 2  # one per arm compared
    assert not [tag for tag, _ in blinded.elements if tag == "svg"]


def test_numbers_are_shown_nevertheless(tmp_path):
    page, results = report(protocol(treatment="blinded"), tmp_path)
    assert set(results["TREATMENT"]) == {"dummy"}
    shown = {identity for identity, _, _ in assert_numbers_are_results(page, results)}
    assert "primary/relative_change?group=low&reference=placebo" in shown


def test_published_numbers_are_not_compared(blinded):
    section = blinded.text[blinded.text.index('<section id="published"') :]
    section = section[: section.index("</section>") + len("</section>")]
    assert "Nothing is compared with published results while treatment is blinded" in section
    assert "<table" not in section


def test_the_definitions_say_how_arms_were_assigned(blinded):
    assert "assigned to the arms at random within their strata." in blinded.visible


def test_true_arms_carry_no_such_words(unblinded):
    assert WORDS not in unblinded.text.replace(
        unblinded.text[unblinded.text.index("<style>") : unblinded.text.index("</style>")], ""
    )
    assert "blinded" not in unblinded.visible


@pytest.mark.parametrize("drop", [(), ("success_criterion",)])
def test_the_headline_keeps_numbers_and_no_verdict(drop):
    plan = protocol(drop=drop)
    results, labels = Results(results_of(plan)), Labels(plan, {})
    true = headline(results, labels, 0.95, dummy=False)
    dummy = headline(results, labels, 0.95, dummy=True)
    assert [n.label for n in dummy.numbers] == [n.label for n in true.numbers]
    assert not any(n.verdict for n in dummy.numbers)
    assert (len(dummy.sentences), dummy.pictures) == (1, ())
