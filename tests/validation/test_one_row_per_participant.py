"""The methods on one row per participant against R.

Expected values: tests/validation/data/one_row_per_participant.json, computed with R 4.2.2 (stats, MASS,
emmeans, sandwich; versions in the file) on the four data sets beside it.
"""

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from seizureflow.analysis import AnalysisSpec, Arm
from seizureflow.methods import load_method
from validation.trial_data import DATA, analysis_datasets, read_participants

REFERENCE = json.loads((DATA / "one_row_per_participant.json").read_text())
EXPECTED = REFERENCE["one_row_per_participant"]
COVARIATES = {
    "two_arm_6_visits": ("LBSFREQ", "STRUCTFL", "HIGHBLFL"),
    "two_arm_10_visits": ("LBSFREQ", "STRUCTFL", "HIGHBLFL"),
    "two_arm_complete": ("LBSFREQ", "STRUCTFL"),
    "progabide": ("LBSFREQ",),
}
# Both sides solve the same equations.
SAME_EQUATIONS = 1e-6
# R's glm() stops when the deviance changes by less than 1e-8 and takes the weights of the iteration
# before, so that its standard errors are exact to a few times 1e-6 only.
GLM_STANDARD_ERROR = 5e-6
# R's fisher.test() finds odds ratio and limits, or their inverse where they exceed 1, by uniroot() with an
# absolute tolerance of 1.2e-4; the test of the tail probabilities below is exact.
UNIROOT = 1.2e-3
# R's theta.ml() takes the information of the iteration before the last.
THETA_STANDARD_ERROR = 1e-4


def run(name: str, method: str, endpoint: str | None, covariates: tuple[str, ...] = ()):
    people = read_participants(name)
    active = next(arm for arm in people["TRT01P"].unique() if arm != "placebo")
    spec = AnalysisSpec(
        id=method,
        population="full",
        arms=(Arm("placebo", "Placebo"), Arm(active, active)),
        endpoint=endpoint,
        window="window",
        covariates=covariates,
    )
    return load_method(method)(spec, analysis_datasets(people))


def value(result, name: str, **which: str) -> float:
    found = [
        statistic.value
        for statistic in result.statistics
        if statistic.name == name and all(getattr(statistic, k) == v for k, v in which.items())
    ]
    assert len(found) == 1, f"{len(found)} statistics are named {name} with {which}"
    return found[0]


def coefficients(expected: list[dict]) -> pd.DataFrame:
    """R's table of coefficients, with the names that the terms have here."""
    table = pd.DataFrame(expected)
    estimate, se = table["Estimate"], table["Std. Error"]
    p = table.filter(regex=r"^Pr\(").iloc[:, 0]
    names = [rename(term) for term in table["term"]]
    return pd.DataFrame(
        {"coefficient": estimate, "coefficient_se": se, "coefficient_p": p}
    ).set_index(pd.Index(names))


def rename(term: str) -> str:
    if term == "(Intercept)":
        return "Intercept"
    known = {"log_baseline": "LBSFREQ", "structural1": "STRUCTFL[T.1]"}
    known["high_baseline1"] = "HIGHBLFL[T.1]"
    return known.get(term, f"ARM[T.{term.removeprefix('arm')}]")


def assert_coefficients(result, expected: list[dict], tolerance: dict[str, float]) -> None:
    for term, row in coefficients(expected).iterrows():
        for name, wanted in row.items():
            found = value(result, name, variable=term)
            assert found == pytest.approx(wanted, rel=tolerance[name], abs=1e-10), (term, name)


@pytest.mark.parametrize("name", EXPECTED)
def test_ancova(name):
    expected = EXPECTED[name]["ancova"]
    result = run(name, "ancova", "LOGCHG", COVARIATES[name])
    assert_coefficients(
        result,
        expected["coef"],
        dict.fromkeys(["coefficient", "coefficient_se", "coefficient_p"], SAME_EQUATIONS),
    )
    for row in expected["lsmeans"]:
        for statistic, column in (
            ("lsmean", "emmean"),
            ("lsmean_se", "SE"),
            ("lsmean_lower", "lower.CL"),
            ("lsmean_upper", "upper.CL"),
        ):
            found = value(result, statistic, group=row["arm"])
            assert found == pytest.approx(row[column], rel=SAME_EQUATIONS, abs=1e-9)
    assert value(result, "residual_df") == expected["df"]
    limits = [value(result, "difference_lower"), value(result, "difference_upper")]
    assert limits == pytest.approx(expected["ci"], rel=SAME_EQUATIONS)
    assert value(result, "difference_se_hc3") == pytest.approx(
        expected["hc3_se"], rel=SAME_EQUATIONS
    )
    assert value(result, "relative_change") == pytest.approx(
        100 * np.expm1(value(result, "difference")), rel=1e-12
    )


@pytest.mark.parametrize("name", EXPECTED)
def test_logistic(name):
    expected = EXPECTED[name]["logistic"]
    result = run(name, "logistic", "RESP50", COVARIATES[name])
    assert result.converged
    # p follows the standard error; at z near 4 its relative error is about z^2 times larger.
    tolerance = {
        "coefficient": SAME_EQUATIONS * 2,
        "coefficient_se": GLM_STANDARD_ERROR,
        "coefficient_p": 20 * GLM_STANDARD_ERROR,
    }
    assert_coefficients(result, expected["coef"], tolerance)
    assert value(result, "log_likelihood") == pytest.approx(expected["loglik"], rel=SAME_EQUATIONS)
    limits = np.log([value(result, "odds_ratio_lower"), value(result, "odds_ratio_upper")])
    assert limits == pytest.approx(expected["wald_ci"], rel=20 * GLM_STANDARD_ERROR)


@pytest.mark.parametrize("name", EXPECTED)
def test_responder_counts_and_fisher(name):
    expected = EXPECTED[name]
    result = run(name, "fisher_exact", "RESP50")
    for arm, count in expected["responders"].items():
        assert value(result, "responders", group=arm) == count
        assert value(result, "participants", group=arm) == expected["n"][arm]
    assert value(result, "p_value") == pytest.approx(expected["fisher"]["p"], rel=SAME_EQUATIONS)
    assert value(result, "odds_ratio") == pytest.approx(expected["fisher"]["or"], rel=UNIROOT)
    limits = [value(result, "odds_ratio_lower"), value(result, "odds_ratio_upper")]
    assert limits == pytest.approx(expected["fisher"]["ci"], rel=UNIROOT)


@pytest.mark.parametrize("name", EXPECTED)
def test_limits_of_fisher_have_the_tail_probabilities_that_define_them(name):
    """At each limit the observed table cuts off 2.5% of the conditional distribution (Cornfield)."""
    result = run(name, "fisher_exact", "RESP50")
    reference, active = EXPECTED[name]["n"]
    size = EXPECTED[name]["n"]
    responders = EXPECTED[name]["responders"]
    total, drawn = size[reference] + size[active], sum(responders.values())

    def distribution(odds_ratio: float):
        return stats.nchypergeom_fisher(total, drawn, size[active], odds_ratio)

    lower, upper = value(result, "odds_ratio_lower"), value(result, "odds_ratio_upper")
    observed = responders[active]
    assert distribution(lower).sf(observed - 1) == pytest.approx(0.025, rel=1e-6)
    assert distribution(upper).cdf(observed) == pytest.approx(0.025, rel=1e-6)
    assert distribution(value(result, "odds_ratio")).mean() == pytest.approx(observed, rel=1e-6)


@pytest.mark.parametrize("name", EXPECTED)
def test_negative_binomial(name):
    expected = EXPECTED[name]["negative_binomial"]
    result = run(name, "negative_binomial", None, COVARIATES[name])
    assert result.converged
    tolerance = {"coefficient": 1e-6, "coefficient_se": 1e-6, "coefficient_p": 1e-5}
    assert_coefficients(result, expected["coef"], tolerance)
    assert value(result, "theta") == pytest.approx(expected["theta"], rel=1e-6)
    assert value(result, "theta_se") == pytest.approx(
        expected["se_theta"], rel=THETA_STANDARD_ERROR
    )
    assert 2 * value(result, "log_likelihood") == pytest.approx(expected["twologlik"], rel=1e-9)


@pytest.mark.parametrize("name", EXPECTED)
def test_median_percent_change(name):
    result = run(name, "percent_change_summary", None)
    for arm, median in EXPECTED[name]["median_pct"].items():
        assert value(result, "median", group=arm) == pytest.approx(median, abs=1e-9)
