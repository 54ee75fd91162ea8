"""Methods of responders against R.

Expected values: tests/validation/data/responders.json and one_row_per_participant.json, computed with R
4.2.2 on the data sets beside them.
"""

import json

import numpy as np
import pytest
from scipy import stats
from seizureflow.analysis import AnalysisSpec, Arm
from seizureflow.methods import load_method
from seizureflow.proportions.logistic_fit import fit_logistic
from validation.trial_data import DATA, analysis_datasets, read_participants

EXPECTED = json.loads((DATA / "responders.json").read_text())["results"]
LOGISTIC = json.loads((DATA / "one_row_per_participant.json").read_text())[
    "one_row_per_participant"
]
COVARIATES = {
    "two_arm_6_visits": ("LBSFREQ", "STRUCTFL", "HIGHBLFL"),
    "two_arm_10_visits": ("LBSFREQ", "STRUCTFL", "HIGHBLFL"),
    "two_arm_complete": ("LBSFREQ", "STRUCTFL"),
    "progabide": ("LBSFREQ",),
}
STRATA = {"two_arm_10_visits": ["STRUCTFL", "HIGHBLFL"], "two_arm_complete": ["STRUCTFL"]}
SAME_EQUATIONS = 1e-6
# confint() of R 4.2.2 (MASS) interpolates the profile between steps of 1/5 of a quantile by a spline;
# the likelihood at our limits is tested exactly in tests/unit/proportions/test_logistic_fit.py.
SPLINE = 2e-4


def run(name: str, method: str, covariates=(), **options):
    people = read_participants(name)
    active = next(arm for arm in people["TRT01P"].unique() if arm != "placebo")
    spec = AnalysisSpec(
        id=method,
        population="full",
        arms=(Arm("placebo", "Placebo"), Arm(active, active)),
        endpoint="RESP50",
        endpoint_kind="responder",
        window="window",
        covariates=covariates,
        options=options,
    )
    result = load_method(method)(spec, analysis_datasets(people))
    return {s.name: s.value for s in result.statistics if s.reference and not s.variable}


@pytest.mark.parametrize("name", COVARIATES)
def test_profile_likelihood_interval(name):
    found = run(name, "logistic", COVARIATES[name], interval="profile")
    limits = np.log([found["odds_ratio_lower"], found["odds_ratio_upper"]])
    assert limits == pytest.approx(LOGISTIC[name]["logistic"]["profile_ci"], rel=SPLINE, abs=2e-4)


@pytest.mark.parametrize("name", STRATA)
def test_cochran_mantel_haenszel(name):
    found, expected = run(name, "cmh", strata=STRATA[name]), EXPECTED[name]["cmh"]
    assert found["p_value"] == pytest.approx(expected["p"], rel=SAME_EQUATIONS)
    assert found["chi_square"] == pytest.approx(expected["statistic"], rel=SAME_EQUATIONS)
    assert found["odds_ratio"] == pytest.approx(expected["or"], rel=SAME_EQUATIONS)
    limits = [found["odds_ratio_lower"], found["odds_ratio_upper"]]
    assert limits == pytest.approx(expected["ci"], rel=SAME_EQUATIONS)


@pytest.mark.parametrize("name", STRATA)
def test_stratified_score_test_is_r_s_mantel_haenszel_test(name):
    found = run(name, "risk_difference", strata=STRATA[name])
    assert found["p_value"] == pytest.approx(EXPECTED[name]["cmh"]["p"], rel=SAME_EQUATIONS)


@pytest.mark.parametrize("name", COVARIATES)
def test_standardised_risk_difference(name):
    found = run(name, "standardised_risk", COVARIATES[name])
    expected = EXPECTED[name]["standardised_risk_difference"]
    assert found["risk_difference"] == pytest.approx(expected, rel=2 * SAME_EQUATIONS)


@pytest.mark.parametrize("name", ["progabide", "two_arm_6_visits"])
def test_variances_of_the_standardised_difference_against_the_bootstrap(name):
    """The robust variance within 12% of a bootstrap of the whole analysis, stratified by arm.

    400 resamples know a standard deviation to 3.5%; the rest is that of small samples.
    """
    people = read_participants(name)
    data = analysis_datasets(people)
    active = next(arm for arm in people["TRT01P"].unique() if arm != "placebo")
    wanted = data["adsz"][data["adsz"]["PARAMCD"] == "RESP50"].set_index("USUBJID")["AVAL"]
    outcome = people["USUBJID"].map(wanted).to_numpy()
    arm = (people["TRT01P"] == active).to_numpy().astype(float)
    covariate = np.log(people["BSFREQ"].to_numpy())
    matrix = np.column_stack([np.ones(len(arm)), arm, covariate])
    rng = np.random.default_rng(3)
    drawn = []
    for _ in range(400):
        rows = np.concatenate(
            [rng.choice(np.flatnonzero(arm == a), int((arm == a).sum())) for a in (0, 1)]
        )
        drawn.append(_standardised(outcome[rows], matrix[rows]))
    found = run(name, "standardised_risk", ("LBSFREQ",))
    assert found["risk_difference_robust_se"] == pytest.approx(np.nanstd(drawn), rel=0.12)


def _standardised(outcome, matrix):
    if outcome[matrix[:, 1] == 0].sum() == 0:
        return outcome[matrix[:, 1] == 1].mean()  # the limit of the fit without responders
    beta = fit_logistic(outcome, matrix).coefficients
    risks = [
        stats.logistic.cdf(
            np.column_stack([matrix[:, 0], np.full(len(matrix), a), matrix[:, 2]]) @ beta
        )
        for a in (0, 1)
    ]
    return risks[1].mean() - risks[0].mean()
