"""Numbers as printed, and rows laid out as tables."""

import math
from dataclasses import replace

import pytest
from seizureflow.displays.labels import Labels
from seizureflow.displays.tables import Family, analysis_tables, compose, families
from seizureflow.displays.values import Number, Result, number
from seizureflow.displays.words import days_in_words, lower_first
from unit.report.study import protocol


def result(statistic, value=1.0, **about) -> Result:
    return Result("a", statistic, statistic.replace("_", " ").capitalize(), value, **about)


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (result("relative_change", -14.38, unit="%"), "−14.4%"),
        (result("participants", 32.0), "32"),
        (result("lsmean", -0.42895), "−0.429"),
        (result("difference_se_hc3", 0.25393), "0.254"),
        (result("odds_ratio_upper", 6.8512), "6.85"),
        (result("p_value", 0.51), "0.51"),
        (result("coefficient_p", 3e-24), "<0.001"),
        (result("residual_df", 62.0), "62"),
        (result("residual_df", 61.25), "61.3"),
        (result("lsmean_df", 62.0), "62.0"),
        (result("theta", math.inf), "∞"),
        (result("lsmean", math.nan), "–"),
        (result("mean", 4.2, unit="years"), "4.20 years"),
        (result("first_screened", math.nan, text="2018-03-20"), "2018-03-20"),
    ],
)
def test_numbers_as_printed(row, text):
    assert number(row).text == text


def test_a_number_keeps_all_its_digits_and_its_row():
    row = result("lsmean", -0.1 - 0.2, group="low", level="a & b / c", variable="X")
    assert number(row) == Number(
        "−0.300",
        "-0.30000000000000004",
        "a/lsmean?group=low&variable=X&level=a%20%26%20b%20%2F%20c",
    )


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["n"], [Family(("n",))]),
        (
            ["n", "n_percent", "x", "x_se", "x_lower", "x_upper"],
            [
                Family(("n", "n_percent"), "share", ", n (%)"),
                Family(("x", "x_lower", "x_upper"), "range", " (90% CI)"),
                Family(("x_se",)),
            ],
        ),
        (
            ["x_lower", "x_upper", "x"],
            [Family(("x", "x_lower", "x_upper"), "range", " (90% CI)")],
        ),
        (
            ["median", "quartile_1", "quartile_3"],
            [Family(("median", "quartile_1", "quartile_3"), "range", " (quartiles)")],
        ),
        (["median"], [Family(("median",))]),
    ],
)
def test_statistics_that_belong_together_are_shown_together(names, expected):
    assert families(names, "90%") == expected


def test_a_range_without_numbers_is_one_dash():
    family = Family(("x", "x_lower", "x_upper"), "range")
    rows = {name: result(name, math.nan) for name in family.names}
    assert [piece.text for piece in compose(family, rows)] == ["–"]


def layout(rows):
    return analysis_tables(rows, Labels(protocol(arms=3), {}), "95%")


def test_rows_are_sorted_into_tables_by_what_they_are_about():
    shown, kept = layout(
        [
            result("lsmean", group="low"),
            result("difference", group="low", reference="placebo"),
            result("mean", group="low", visit="week_4"),
            result("mean", group="low", variable="AGE"),
            result("coefficient", variable="ARM[T.low]"),
            result("residual_sd"),
        ]
    )
    assert [table.caption for table in shown] == [
        "By arm",
        "Comparison",
        "Low",
        "By visit and arm: Low",
    ]
    assert [table.caption for table in kept] == ["Model terms", "The analysis as a whole"]
    assert shown[1].columns == (("Low vs placebo",),)
    assert kept[0].rows[0].heading == "Low against placebo"


def test_means_and_comparisons_by_visit_have_tables_of_their_own():
    rows = [
        result(name, group=arm, reference=reference, visit=visit)
        for visit in ("week_4", "week_8")
        for name, arm, reference in (
            ("lsmean", "placebo", None),
            ("lsmean", "low", None),
            ("difference", "low", "placebo"),
        )
    ]
    (means, comparison), _ = layout(rows)
    assert (means.caption, comparison.caption) == (
        "By visit and arm",
        "Comparison by visit: Low vs placebo",
    )
    assert [row.heading for row in means.rows if row.cells] == 2 * ["Placebo", "Low"]
    assert [row.heading for row in comparison.rows] == ["Week 4", "Week 8"]
    assert all(cell for table in (means, comparison) for row in table.rows for cell in row.cells)


def test_headings_of_columns_do_not_repeat_what_they_are_of():
    rows = [
        replace(result(name, group="low", visit="week_4"), label=label)
        for name, label in (
            ("difference", "Difference of LS means"),
            ("difference_se", "Standard error of the difference"),
            ("other_se", "Standard error of the mean"),
            ("p_value", "p"),
        )
    ]
    assert layout(rows)[0][0].columns == (
        ("Difference of LS means",),
        ("Standard error",),
        ("Standard error of the mean",),
        ("p",),
    )


def test_the_estimate_stands_first_among_the_comparisons():
    rows = [
        result(name, group="low", reference="placebo") for name in ("t", "ratio", "ratio_lower")
    ]
    shown, _ = analysis_tables(rows, Labels(protocol(), {}), "95%", "ratio")
    assert [row.heading for row in shown[0].rows] == ["Ratio", "Ratio lower", "T"]


def test_a_statistic_that_an_arm_lacks_leaves_its_cell_empty():
    shown, _ = layout([result("x", group="placebo"), result("y", group="low")])
    assert shown[0].rows[0].cells[1] == ()


def test_notes_on_numbers_stand_below_once():
    rows = [result(name, group="low", note="Few.") for name in ("x", "y")]
    assert layout(rows)[0][0].notes == ("Low: Few.",)


def test_no_rows_give_no_tables():
    assert layout([]) == ([], [])


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("Intercept", "Intercept"),
        ("ARM[T.low]", "Low against placebo"),
        ("STRUCTFL[T.Y]", "Structural cause: Yes"),
        ("AVISIT[T.week_4]", "Week 4"),
        ("ARM[T.low]:AVISIT[T.week_4]", "Low against placebo × Week 4"),
        ("odd (term)", "odd (term)"),
    ],
)
def test_model_terms_in_words(term, words):
    labels = Labels(protocol(), {"STRUCTFL": "Structural cause"})
    assert labels.term(term) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([-42, 1], "days −42 to −1 (42 days)"),
        ([57, 169], "days 57 to 168 (112 days)"),
        ([-7, 8], "days −7 to 7 (14 days)"),
        ([1, 2], "days 1 to 1 (1 day)"),
    ],
)
def test_days_in_words(days, words):
    assert days_in_words(days) == words


@pytest.mark.parametrize(("label", "words"), [("Placebo", "placebo"), ("EEG", "EEG"), ("", "")])
def test_labels_within_a_sentence(label, words):
    assert lower_first(label) == words


def test_values_of_one_comparison_are_rows_with_a_column_per_statistic():
    """Tipping points, leave-one-out and posteriors are read down a column."""
    rows = [
        result(name, group="low", reference="placebo", variable="left_out", level=site)
        for site in ("1", "2")
        for name in ("difference", "p_value")
    ]
    shown, _ = layout(rows)
    assert [table.caption for table in shown] == ["By left out: Low vs placebo"]
    assert (shown[0].stub, len(shown[0].columns)) == ("Left out", 2)
    assert [row.heading for row in shown[0].rows] == ["1", "2"]


@pytest.mark.parametrize(
    ("variable", "level", "words"),
    [
        ("STRUCTFL:HIGHBLFL", "N; Y", "No; Yes"),
        ("-1", "0.5", "0.5 in the compared arm"),
        ("margin", "31%", "31%"),
    ],
)
def test_values_that_methods_vary_are_told_in_words(variable, level, words):
    assert Labels(protocol(), {}).level(variable, level) == words


@pytest.mark.parametrize(
    ("name", "unit", "value", "text"),
    [
        ("risk_difference", None, 0.1273, "12.7%"),
        ("risk_difference", "%", 12.73, "12.7%"),
        ("risk_difference_se", None, 0.0969, "9.7%"),
        ("hazard_ratio_lower", None, 0.4401, "0.44"),
        ("chi_square", None, 1.0, "1.00"),
        ("posterior_probability", None, 1.0, "1.000"),
        ("p_value_rubin", None, 0.0312, "0.031"),
        ("p_value_se", None, 0.0037198, "0.0037"),
        ("restricted_mean", "days", 34.0, "34.0 days"),
        ("restricted_mean", "days", math.nan, "–"),
    ],
)
def test_statistics_have_the_decimals_that_they_bear(name, unit, value, text):
    assert number(result(name, value=value, unit=unit)).text == text


def test_points_of_curves_are_in_no_table():
    curve = [
        result("curve_density", group="low", variable="flat", level=f"{at}%") for at in range(80)
    ]
    rows = [result("participants", 3.0, group="low"), *curve]
    labels = Labels(protocol(), {})
    assert analysis_tables(rows, labels, "95%") == analysis_tables(rows[:1], labels, "95%")
