"""SAS PROC MIXED on the FEV data of R's mmrm (200 subjects, 537 of 800 visits observed).

Listings are in github.com/openpharma/mmrm under design/SAS, design/KR, design/ddfm_covtype and
design/Robust. SAS stops at a relative criterion of 1e-8, which leaves it up to 3e-3 standard errors
of theta from the optimum: its -2 log-likelihoods are higher than ours by up to 6e-6. First-order
effects of that size on standard errors and degrees of freedom set the tolerances.

The listings with race and sex in the model are not reproduced: those columns are not at hand.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from seizureflow.mmrm import mmrm

COLUMNS = {"subject": "subject", "visit": "visit"}


@cache
def fev() -> pd.DataFrame:
    wide = pd.read_csv(Path(__file__).parent / "data" / "fev.csv")
    return wide.melt(["subject", "arm"], var_name="visit", value_name="fev1")


# structure, group, -2 Res Log Like, intercept, its standard error and df (SAS prints whole df).
# design/SAS/sas_log_simple_reml.txt, sas_ar1h_reml.txt, sas_group_csh_reml.txt
INTERCEPT_ONLY = [
    ("us", None, 3700.94648570, 42.8338, 0.3509, 171),
    ("ar1h", None, 3739.96835012, 41.6955, 0.3947, 191),
    ("csh", "arm", 3764.55218946, 41.8458, 0.3372, 191),
]


@pytest.mark.parametrize(("structure", "group", "criterion", "mean", "se", "df"), INTERCEPT_ONLY)
def test_intercept_only(structure, group, criterion, mean, se, df):
    fit = mmrm("fev1 ~ 1", fev(), covariance=structure, group=group, **COLUMNS)
    assert fit.nobs == 537
    # At most SAS's: ours is the better optimum; at least what its stopping rule leaves.
    assert criterion - 1e-5 < -2 * fit.loglik <= criterion + 1e-8
    intercept = fit.coefficients.loc["Intercept"]
    # Four printed decimals, and the 3e-3 standard errors by which SAS stops short.
    assert intercept["estimate"] == pytest.approx(mean, abs=3e-3 * se)
    assert intercept["se"] == pytest.approx(se, abs=2e-4)
    assert round(intercept["df"]) == df


def test_unstructured_covariance():
    # sas_log_simple_reml.txt, rows VIS1 to VIS4 (SAS's order is 2, 3, 4, 1), four decimals.
    expected = [
        [113.63, 49.8999, 2.7459, -40.4566],
        [49.8999, 44.0193, 4.9722, -8.5335],
        [2.7459, 4.9722, 27.2643, 23.0555],
        [-40.4566, -8.5335, 23.0555, 158.17],
    ]
    fit = mmrm("fev1 ~ 1", fev(), **COLUMNS)
    # The elements' standard errors are about 5 to 20; SAS is within 2e-3 of those.
    np.testing.assert_allclose(fit.visit_covariance, expected, atol=3e-2)


def test_grouped_covariance():
    # sas_group_csh_reml.txt: variances by visit and the correlation, four significant digits.
    fit = mmrm("fev1 ~ 1", fev(), covariance="csh", group="arm", **COLUMNS)
    for arm, variances, rho in (
        ("PBO", [122.64, 45.1705, 21.4110, 126.14], 0.08074),
        ("TRT", [82.7175, 31.3308, 44.6841, 234.52], 0.2097),
    ):
        np.testing.assert_allclose(np.diag(fit.visit_covariance.loc[arm]), variances, rtol=5e-4)
        assert fit.visit_correlation.loc[(arm, "VIS1"), "VIS4"] == pytest.approx(rho, abs=5e-4)


# Difference of arms, its standard error and df with DDFM=KENWARDROGER(FIRSTORDER), or where only
# KENWARDROGER is listed (toep, cs: linear in SAS's parameters, so the same).
# design/ddfm_covtype/kr1_us, kr1_ar1, kr1_arh1, kr_toep; design/KR/kr1_csh, kr1_toeph,
# kr_linear_ante, kr_cs
KENWARD_ROGER = [
    ("us", 3.81972492174648, 0.66124382270307, 160.733266403768),
    ("ar1", 4.22574315817874, 0.96058142305176, 188.46934887972),
    ("ar1h", 3.72674356244499, 0.75924807546934, 188.225339095373),
    ("csh", 3.77090812499029, 0.67403858183242, 190.737701349941),
    ("toeph", 3.92287746213894, 0.72537324518435, 180.062730071701),
    ("adh", 3.72344028834729, 0.66158550758897, 162.393385281755),
    ("toep", 4.47051860580552, 0.87839805519623, 160.027408337368),
    ("cs", 4.19663617897035, 0.7964696053595, 177.038485931223),
]


@pytest.mark.parametrize(("structure", "difference", "se", "df"), KENWARD_ROGER)
def test_linear_kenward_roger(structure, difference, se, df):
    fit = mmrm("fev1 ~ arm", fev(), covariance=structure, df="kenward-roger-linear", **COLUMNS)
    effect = fit.contrast("arm", reference="PBO").loc["TRT"]
    assert effect["estimate"] == pytest.approx(difference, abs=5e-4 * se)
    assert effect["se"] == pytest.approx(se, rel=2e-4)
    assert effect["df"] == pytest.approx(df, rel=5e-4)


# PROC MIXED EMPIRICAL: variances of the intercept (placebo) and of the difference.
# design/Robust/empirical_*_covb.csv
EMPIRICAL = [
    ("us", 0.16725909903518, 0.40908637028234),
    ("adh", 0.17350223093416, 0.41552647969341),
    ("ar1", 0.27666930670945, 0.68196697308307),
    ("csh", 0.19635239056617, 0.46038132267959),
    ("toeph", 0.18350201218893, 0.46360435395588),
    ("toep", 0.30022945455349, 0.76371849328831),
    ("ar1h", 0.19106397930347, 0.46203608554929),
    ("cs", 0.26910953746582, 0.6297163326325),
]


@pytest.mark.parametrize(("structure", "intercept", "difference"), EMPIRICAL)
def test_empirical_covariance(structure, intercept, difference):
    fit = mmrm("fev1 ~ arm", fev(), covariance=structure, vcov="cr0", **COLUMNS)
    covariance = fit.coefficient_covariance.to_numpy()
    assert covariance[0, 0] == pytest.approx(intercept, rel=2e-4)
    assert covariance[0, 1] == pytest.approx(-intercept, rel=2e-4)
    assert covariance[1, 1] == pytest.approx(difference, rel=2e-4)
