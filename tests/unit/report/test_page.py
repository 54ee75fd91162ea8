"""The whole page: every study that passes the protocol's checks gets one that stands up."""

import pytest
from report_page import assert_accessible, assert_numbers_are_results, assert_self_contained
from seizureflow.findings import Finding
from unit.report.study import protocol, quality_tables, report


def with_analyses(*changes) -> dict:
    """A protocol without a criterion in which some analyses are changed."""
    plan = protocol(drop=("success_criterion",))
    by_id = dict(changes)
    plan["analyses"] = [a | by_id.get(a["id"], {}) for a in plan["analyses"]]
    return plan


STUDIES = {
    "complete": (protocol, {}),
    "three arms": (lambda: protocol(arms=3), {}),
    "no criterion": (lambda: protocol(drop=("success_criterion",)), {}),
    "no estimands": (lambda: protocol(drop=("estimands",)), {}),
    "nothing published": (protocol, {"published": False}),
    "no adverse events": (lambda: protocol(drop=("adverse_events",)), {}),
    "no doses, no disposition": (
        lambda: protocol(drop=("doses", "disposition", "adverse_events")),
        {},
    ),
    "no eligibility criteria": (lambda: protocol(eligibility=[]), {}),
    "primary not computed": (protocol, {"refuse": ("primary",)}),
    "nothing computed": (
        protocol,
        {"refuse": tuple(a["id"] for a in protocol()["analyses"]), "published": False},
    ),
    "no primary": (lambda: with_analyses(("primary", {"role": "secondary"})), {}),
    "primary is an odds ratio": (
        lambda: with_analyses(
            ("primary", {"role": "secondary"}), ("responders", {"role": "primary"})
        ),
        {},
    ),
    "primary is a description": (
        lambda: with_analyses(
            ("primary", {"role": "secondary"}), ("percent_change", {"role": "primary"})
        ),
        {},
    ),
    "blinded": (lambda: protocol(treatment="blinded"), {}),
    "blinded, three arms, nothing computed": (
        lambda: protocol(arms=3, treatment="blinded"),
        {"refuse": ("primary",)},
    ),
    "nothing known of the quality": (protocol, {"quality": {}}),
    "quality tables without rows": (
        protocol,
        {"quality": {name: table.iloc[:0] for name, table in quality_tables().items()}},
    ),
    "simulated": (lambda: protocol(simulated=True), {}),
    "not simulated": (lambda: protocol(simulated=False), {}),
    "one analysis": (
        lambda: protocol(analyses=[a for a in protocol()["analyses"] if a["id"] == "primary"]),
        {"published": False},
    ),
}


@pytest.mark.parametrize("name", STUDIES)
def test_every_study_gets_a_sound_page(tmp_path, name):
    make, options = STUDIES[name]
    page, results = report(make(), tmp_path, **options)
    assert_self_contained(page)
    assert_accessible(page)
    if name != "nothing computed":
        assert_numbers_are_results(page, results)
    assert "None" not in page.visible
    assert "nan" not in page.visible.split()


def test_every_number_of_a_comparison_is_on_the_page(tmp_path):
    """What the analyses computed is shown in full; nothing is left in the table of results alone."""
    page, results = report(protocol(), tmp_path)
    shown = {identity for identity, _, _ in page.numbers}
    hidden = set()
    for row in results.to_dict("records"):
        name = f"{row['ANALYSIS']}/{row['STATISTIC']}"
        drawn = row["STATISTIC"].startswith("curve_")  # a point of a curve, for its figure
        if (
            row["STATISTIC"] != "note"
            and not drawn
            and not any(identity.partition("?")[0] == name for identity in shown)
        ):
            hidden.add(name)
    # In the baseline table, n is shown where a value is missing.
    assert hidden <= {"baseline_characteristics/n"}


def test_the_same_study_gives_the_same_bytes(tmp_path):
    first, _ = report(protocol(arms=3), tmp_path)
    second, _ = report(protocol(arms=3), tmp_path)
    assert first.text == second.text
    assert str(tmp_path) not in first.text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "\"'><img src=x onerror=y>",
        "R&D",
        "</td></table><iframe src=//x>",
        "=HYPERLINK(0;1)",
        "{{ 7 * 7 }}{% raw %}",
    ],
)
def test_words_of_the_data_stay_words(tmp_path, text):
    """Titles, labels, terms of events, findings, participants and seizure types alike."""
    finding = Finding("warning", text, text, text, text, "", text, text, text)
    plan = protocol(title=text, question=text, description=text)
    plan["design"]["arms"][1]["label"] = text
    quality = quality_tables(text)
    page, results = report(plan, tmp_path, term=text, findings=[finding], quality=quality)
    assert_self_contained(page)
    assert_numbers_are_results(page, results)
    section = page.visible[page.visible.rindex("Data quality") :]
    assert page.visible.count(text) > 5 + section.count(text)
    assert section.count(text) >= 11  # finding: 6; rows: 1; types: 2; deviation: 2


def test_the_banner_stands_where_participants_are_simulated(tmp_path):
    words = "The participants of this study are simulated."
    by_construction = "by construction and is no evidence"
    simulated, _ = report(protocol(simulated=True), tmp_path)
    real, _ = report(protocol(simulated=False, description="A trial."), tmp_path)
    assert words in simulated.visible
    assert by_construction in simulated.visible
    assert "simulated" not in real.visible.lower()


def test_the_confidence_level_is_that_of_the_settings(tmp_path):
    plan = protocol(arms=3)
    page, _ = report(plan, tmp_path, confidence_level=0.9, published=False)
    assert "90% confidence interval" in page.visible
    assert "90% CI" in page.visible
    priors = "with 95% probability"  # of a prior, at whatever level the intervals are
    assert "95%" not in page.visible.replace(priors, "")


def test_what_was_not_computed_says_why(tmp_path):
    page, _ = report(protocol(), tmp_path, refuse=("primary",))
    assert "could not be estimated" in page.visible
    assert "Not computed. Analysis primary: refused for the test." in page.visible
    assert "Cannot be judged" in page.visible


def test_only_addresses_of_the_web_become_links(tmp_path):
    page, _ = report(protocol(), tmp_path)
    addresses = [address for _, address in page.attributes("href")]
    assert "https://example.org/paper" in addresses
    assert not any(address.startswith("javascript") for address in addresses)


def test_what_differs_from_the_published_comes_first(tmp_path):
    page, _ = report(protocol(), tmp_path)
    places = [
        page.visible.index(f"The number {name}") for name in ("does_not_fit", "unknown", "fits")
    ]
    assert places == sorted(places)
    assert "Of 3 published numbers, this run gives 1 the same" in page.visible
    assert "1 different; 1 it does not compute" in page.visible
