"""The count models against R, and against what was published of the progabide counts.

Expected values: tests/validation/data/longitudinal_counts.json, progabide_models.json and
quasi_poisson.json, computed with R 4.2.2 (stats, MASS, geepack, lme4; versions in the files).
"""

import json
import math

import numpy as np
import pandas as pd
import pytest
from seizureflow.analysis import AnalysisSpec, Arm
from seizureflow.methods import load_method
from seizureflow.registry import METHODS
from validation.trial_data import (
    DATA,
    PROGABIDE,
    analysis_datasets,
    read_participants,
    visit_datasets,
)

LONGITUDINAL = json.loads((DATA / "longitudinal_counts.json").read_text())["longitudinal_counts"]
MODELS = json.loads((DATA / "progabide_models.json").read_text())
QUASI_POISSON = json.loads((DATA / "quasi_poisson.json").read_text())["quasi_poisson"]
COVARIATES = {"two_arm_6_visits": ("LBSFREQ", "STRUCTFL"), "progabide": ("LBSFREQ", "AGE")}
# Both sides solve the same equations.
SAME_EQUATIONS = 1e-6
# R's glm() stops when the deviance changes by less than 1e-8 and takes the weights of the iteration before.
GLM_STANDARD_ERROR = 5e-6
# geepack stops when the coefficients change by less than 1e-4 of themselves; with unequal numbers of visits it
# stops 4e-6 short of the solution.
GEEPACK = 1e-5
# lme4's bobyqa stops where the log-likelihood is flat: up to 2e-4 standard errors from its maximum, at which the
# standard errors, from finite differences, differ by a few times 1e-6.
BOBYQA_IN_STANDARD_ERRORS = 5e-4
LME4_STANDARD_ERROR = 1e-5


def with_defaults(method: str, options: dict) -> dict:
    schemas = METHODS[method].options
    return {name: schema["default"] for name, schema in schemas.items()} | options


def run(data, method, covariates=(), population="full", window="window", unit=28, **options):
    arms = [arm for arm in data["adsl"]["TRT01P"].unique() if arm != "placebo"]
    spec = AnalysisSpec(
        id=method,
        population=population,
        arms=(Arm("placebo", "Placebo"), *(Arm(arm, arm) for arm in arms)),
        window=window,
        covariates=covariates,
        visits=tuple(sorted(data["adsz"]["AVISIT"].unique())),
        frequency_days=unit,
        options=with_defaults(method, options),
    )
    return load_method(method)(spec, data)


def value(result, name: str, **which: str) -> float:
    found = [
        statistic.value
        for statistic in result.statistics
        if statistic.name == name and all(getattr(statistic, k) == v for k, v in which.items())
    ]
    assert len(found) == 1, f"{len(found)} statistics are named {name} with {which}"
    return found[0]


KNOWN = {
    "(Intercept)": "Intercept", "log_baseline": "LBSFREQ", "age": "AGE", "structural1": "STRUCTFL[T.1]",
    "high_baseline1": "HIGHBLFL[T.1]", "x": "PERIOD", "lbase": "LBASE", "lage": "LAGE", "V4": "LASTVIS",
}  # fmt: skip


def term(name: str) -> str:
    """R's name of a term as it is here; the arm comes first in products with covariates."""
    if ":" in name:
        parts = [term(part) for part in name.split(":")]
        return ":".join(
            sorted(parts, key=lambda part: (part != "PERIOD", not part.startswith("ARM")))
        )
    if name.startswith("visit"):
        return f"VISIT[T.{name.removeprefix('visit')}]"
    return KNOWN.get(name, f"ARM[T.{name.removeprefix('arm')}]")


def assert_terms(result, expected, estimate: float, error: float, *, intercept: float = 0.0):
    for row in expected:
        name = term(row["term"])
        shift = intercept if name == "Intercept" else 0.0
        found = value(result, "coefficient", variable=name)
        assert found == pytest.approx(row["Estimate"] + shift, rel=estimate), name
        wanted = row.get("Std. Error", row.get("Std.err"))
        found = value(result, "coefficient_se", variable=name)
        assert found == pytest.approx(wanted, rel=error), name


@pytest.mark.parametrize("name", QUASI_POISSON)
def test_quasi_poisson(name):
    covariates = {
        "two_arm_complete": ("LBSFREQ", "STRUCTFL"), "progabide": ("LBSFREQ",),
    }.get(name, ("LBSFREQ", "STRUCTFL", "HIGHBLFL"))  # fmt: skip
    data = analysis_datasets(read_participants(name))
    result = run(data, "quasi_poisson", covariates)
    expected = QUASI_POISSON[name]
    assert_terms(result, expected, SAME_EQUATIONS, GLM_STANDARD_ERROR)
    for row in expected:
        found = value(result, "coefficient_p", variable=term(row["term"]))
        assert found == pytest.approx(row["Pr(>|t|)"], rel=1e-4, abs=1e-12)


@pytest.mark.parametrize("name", LONGITUDINAL)
@pytest.mark.parametrize("correlation", ["exchangeable", "independence"])
def test_gee(name, correlation):
    expected = LONGITUDINAL[name]
    result = run(
        visit_datasets(name), "gee", COVARIATES[name], visit_effect="categorical", correlation=correlation
    )  # fmt: skip
    assert result.converged
    tolerance = GEEPACK if correlation == "exchangeable" else SAME_EQUATIONS
    assert_terms(result, expected[f"gee_{correlation}"], tolerance, SAME_EQUATIONS)
    if correlation == "exchangeable":
        found = value(result, "working_correlation")
        assert found == pytest.approx(expected["gee_alpha"], rel=SAME_EQUATIONS)
        assert value(result, "scale") == pytest.approx(expected["gee_scale"], rel=SAME_EQUATIONS)


@pytest.mark.parametrize("name", LONGITUDINAL)
def test_poisson_mixed(name):
    """lme4 leaves the log-likelihood of counts equal to their means out; with it, it is the same."""
    data, expected = visit_datasets(name), LONGITUDINAL[name]["poisson_random_intercept_agq20"]
    result = run(
        data, "poisson_mixed", COVARIATES[name], visit_effect="categorical", quadrature_points=20
    )
    assert result.converged
    for row in expected["coef"]:
        found = value(result, "coefficient", variable=term(row["term"]))
        error = value(result, "coefficient_se", variable=term(row["term"]))
        assert abs(found - row["Estimate"]) < BOBYQA_IN_STANDARD_ERRORS * row["Std. Error"]
        assert error == pytest.approx(row["Std. Error"], rel=LME4_STANDARD_ERROR)
    assert value(result, "participant_sd") == pytest.approx(expected["sd"], rel=2e-6)
    adsz = data["adsz"]
    counts = adsz.loc[adsz["PARAMCD"] == "SZCOUNT", "AVAL"].to_numpy()
    saturated = sum(y * math.log(y) - y - math.lgamma(y + 1) if y else 0.0 for y in counts)
    found = value(result, "log_likelihood") - saturated
    assert found == pytest.approx(expected["loglik"], abs=1e-5)
    assert found > expected["loglik"] - 1e-8


def progabide(changes=(), without: str | None = None) -> dict[str, pd.DataFrame]:
    """ADSL and ADSZ of the table, with wrong cells put in and a participant left out."""
    wide = pd.read_csv(PROGABIDE)
    for participant, column, wrong in changes:
        wide.loc[wide["id"] == participant, column] = wrong
    base = np.log(wide["baseline_8_weeks"] / 4)
    adsl = pd.DataFrame(
        {
            "USUBJID": wide["id"].astype("str"),
            "TRT01P": wide["arm"],
            "FASFL": np.where(wide["id"].astype("str") == without, "N", "Y"),
            "BSCOUNT": wide["baseline_8_weeks"],
            "BSDAYS": 56,
            "LBASE": base - base.mean(),
            "LAGE": np.log(wide["age"]) - np.log(wide["age"]).mean(),
            "LBASE4": base,
            "LOGAGE": np.log(wide["age"]),
        }
    )
    weeks = [column for column in wide if column.startswith("weeks_")]
    adsz = pd.concat(
        [
            pd.DataFrame(
                {"USUBJID": adsl["USUBJID"], "PARAMCD": code, "AVISIT": str(place), "AVAL": values}
            )
            for place, column in enumerate(weeks, start=1)
            for code, values in (
                ("SZCOUNT", wide[column].astype(float)), ("SZDAYS", 14.0), ("SZFREQ", 2.0 * wide[column]),
            )
        ],
        ignore_index=True,
    )  # fmt: skip
    return {"adsl": adsl, "adsz": adsz}


@pytest.mark.parametrize(("case", "without"), [("all_59", None), ("without_207", "207")])
def test_gee_with_the_baseline_as_a_period(case, without):
    """Diggle, Liang & Zeger, table 8.10; the working correlations printed by SAS are 0.7716 and 0.5941."""
    expected = MODELS["progabide_gee_baseline_as_period_0"][case]
    result = run(progabide(without=without), "gee", unit=7, baseline_as_period=True)
    assert_terms(result, expected["coef"], SAME_EQUATIONS, SAME_EQUATIONS)
    for name, wanted in (("working_correlation", "alpha"), ("scale", "scale")):
        assert value(result, name) == pytest.approx(expected[wanted], rel=SAME_EQUATIONS)
    sas = {"all_59": 0.7716, "without_207": 0.5941}[case]
    assert value(result, "working_correlation_less_terms") == pytest.approx(sas, abs=5e-5)
    interaction = value(result, "log_rate_ratio", group="progabide")
    assert interaction == pytest.approx(expected["coef"][3]["Estimate"], rel=SAME_EQUATIONS)


# Interaction and its standard error, and the standard error of the period, of geepack and MASS on the copies that
# are in circulation: the four decimals tell which of them was read.
COPIES = {
    "right": ((), ("-0.3016", "0.1712", "0.1108", "0.1161")),
    "geepack": (
        ((145, "weeks_7_8", 5), (147, "weeks_7_8", 4), (209, "baseline_8_weeks", 42)),
        ("-0.3024", "0.1711", "0.1118", "0.1159"),
    ),
    "MASS up to 7.3-64": (((126, "weeks_5_6", 21),), ("-0.2995", "0.1709", "0.1087", "0.1156")),
}


@pytest.mark.parametrize("copy", COPIES)
def test_wrong_copies_of_the_table_give_other_numbers(copy):
    changes, expected = COPIES[copy]
    result = run(progabide(changes, without="207"), "gee", unit=7, baseline_as_period=True)
    found = (
        value(result, "log_rate_ratio", group="progabide"),
        value(result, "log_rate_ratio_se", group="progabide"),
        value(result, "coefficient", variable="PERIOD"),
        value(result, "coefficient_se", variable="PERIOD"),
    )
    assert tuple(f"{number:.4f}" for number in found) == expected


# MASS's help page and book print these of their copy.
MASS_21 = {"LBASE": ("0.94862", "0.04360"), "ARM[T.progabide]": ("-0.34588", "0.06100"), "LAGE": ("0.88760", "0.11650"), "LASTVIS": ("-0.15977", "0.05458")}  # fmt: skip


def test_poisson_regression_of_the_wrong_copy_is_what_its_help_page_prints():
    data = progabide(COPIES["MASS up to 7.3-64"][0])
    result = run(data, "quasi_poisson", ("LBASE", "LAGE"), unit=14, dispersion="one", rows="visit", visit_effect="last", arm_by=["LBASE"])  # fmt: skip
    for name, printed in MASS_21.items():
        found = [value(result, key, variable=name) for key in ("coefficient", "coefficient_se")]
        assert tuple(f"{number:.5f}" for number in found) == printed
    assert f"{value(result, 'deviance'):.2f}" == "869.07"


def test_regressions_of_the_periods():
    """Venables & Ripley's models; with one row per period they have no offset, and nor have these per 14 days."""
    expected = MODELS["progabide_glm"]
    options = {"rows": "visit", "visit_effect": "last", "arm_by": ["LBASE"]}
    covariates, data = ("LBASE", "LAGE"), progabide()
    poisson = run(data, "quasi_poisson", covariates, unit=14, dispersion="one", **options)
    assert_terms(poisson, expected["poisson"], SAME_EQUATIONS, GLM_STANDARD_ERROR)
    assert value(poisson, "deviance") == pytest.approx(expected["poisson_deviance"], rel=1e-9)
    assert value(poisson, "residual_df") == 230
    result = run(data, "negative_binomial", covariates, unit=14, **options)
    assert_terms(result, expected["negative_binomial"], SAME_EQUATIONS, SAME_EQUATIONS)
    assert value(result, "theta") == pytest.approx(expected["theta"], rel=SAME_EQUATIONS)
    assert value(result, "theta_se") == pytest.approx(expected["se_theta"], rel=1e-4)
    assert 2 * value(result, "log_likelihood") == pytest.approx(expected["twologlik"], rel=1e-9)
    # The covariate is centred, so that the effect at its mean is the coefficient of the arm.
    effect = value(result, "log_rate_ratio", group="progabide")
    assert effect == pytest.approx(value(result, "coefficient", variable="ARM[T.progabide]"))


BRESLOW_CLAYTON = ("LBASE4", "ARM[T.progabide]", "ARM[T.progabide]:LBASE4", "LOGAGE", "LASTVIS")
# Maximum likelihood with R 4.2.2 (lme4 1.1-31, glmmTMB), to the digits given: estimates, standard errors, others.
MIXED_MODELS = {
    "II": ("poisson_mixed", {}, (0.8844, -0.9330, 0.3383, 0.4842, -0.1611), (0.1312, 0.4008, 0.2033, 0.3473, 0.0546), {"participant_sd": 0.5028}),
    "II, Laplace": ("poisson_mixed", {"quadrature_points": 1}, None, None, {"log_likelihood": -665.3587}),
    "negative binomial": ("negative_binomial_mixed", {"quadrature_points": 1}, (0.8847, -0.9321, 0.3375, 0.4834, -0.1180), (0.1305, 0.3987, 0.2021, 0.3457, 0.0871), {"participant_sd": 0.4645, "log_likelihood": -625.0327}),
}  # fmt: skip


def breslow_clayton(method, **options):
    options = {"visit_effect": "last"} | options
    return run(progabide(), method, ("LBASE4", "LOGAGE"), unit=14, arm_by=["LBASE4"], **options)


@pytest.mark.parametrize("model", MIXED_MODELS)
def test_mixed_models_of_the_periods(model):
    method, options, estimates, errors, others = MIXED_MODELS[model]
    result = breslow_clayton(method, **options)
    assert result.converged
    for name, wanted in zip(BRESLOW_CLAYTON, estimates or (), strict=False):
        assert value(result, "coefficient", variable=name) == pytest.approx(wanted, abs=6e-5)
    for name, wanted in zip(BRESLOW_CLAYTON, errors or (), strict=False):
        assert value(result, "coefficient_se", variable=name) == pytest.approx(wanted, abs=6e-5)
    for name, wanted in others.items():
        assert value(result, name) == pytest.approx(wanted, abs=6e-5)
    if method == "negative_binomial_mixed":
        assert value(result, "theta") == pytest.approx(7.43, abs=0.006)


# lme4's own, by Laplace's method. It stops its search for the modes early: its log-likelihood of model III is 0.003
# lower than the maximum found here, coefficients differ by up to 0.01 standard errors and standard errors by up to 1.1%.
LAPLACE_MODELS = {
    "III": ("participant_and_row", "last", (0.8800, -0.9477, 0.3489, 0.4898, -0.1031), (0.1288, 0.3931, 0.1995, 0.3407, 0.0853), {"participant_sd": 0.4593, "row_sd": 0.3569}, -624.865),
    "IV": ("participant_and_slope", "linear", (0.8849, -0.9284, 0.3379, 0.4771, -0.2664), (0.1306, 0.3995, 0.2032, 0.3515, 0.1634), {"participant_sd": 0.4998, "slope_sd": 0.7286}, -655.741),
}  # fmt: skip


@pytest.mark.parametrize("model", LAPLACE_MODELS)
def test_models_with_several_random_effects(model):
    effects, visit, estimates, errors, others, likelihood = LAPLACE_MODELS[model]
    result = breslow_clayton("poisson_mixed", random_effects=effects, visit_effect=visit)
    assert result.converged
    names = [*BRESLOW_CLAYTON[:4], "LASTVIS" if visit == "last" else "VISITLIN"]
    for name, estimate, error in zip(names, estimates, errors, strict=True):
        assert abs(value(result, "coefficient", variable=name) - estimate) < 0.01 * error
        assert value(result, "coefficient_se", variable=name) == pytest.approx(error, rel=0.012)
    for name, wanted in others.items():
        assert value(result, name) == pytest.approx(wanted, abs=2e-4)
    found = value(result, "log_likelihood")
    assert found == pytest.approx(likelihood, abs=0.0035)
    assert found > likelihood - 0.0005
