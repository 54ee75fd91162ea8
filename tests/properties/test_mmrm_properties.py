"""What must hold for any data: invariances, and closed forms where the data are complete."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from seizureflow.mmrm import MMRM, STRUCTURES, mmrm
from seizureflow.mmrm.fit import layout_of
from seizureflow.mmrm.frame import analysed_rows
from seizureflow.mmrm.likelihood import Likelihood
from seizureflow.mmrm.optimise import maximise, starting_values
from seizureflow.mmrm.patterns import compress
from seizureflow.mmrm.standardise import standardise
from seizureflow.mmrm.structures import covariance_structure

COLUMNS = {"subject": "subject", "visit": "visit"}
FORMULA = "y ~ arm * visit + baseline"
METHODS = ("satterthwaite", "kenward-roger", "kenward-roger-linear")
quick = settings(max_examples=12, deadline=None, derandomize=True)
seeds = st.integers(0, 10_000)
structures = st.sampled_from(STRUCTURES)
methods = st.sampled_from(METHODS)


def drawn_trial(seed: int, *, subjects=36, visits=3, missing=0.15, arms=2) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    subject, visit = np.divmod(np.arange(subjects * visits), visits)
    root = np.eye(visits) + 0.5 * np.tril(rng.normal(size=(visits, visits)))
    data = pd.DataFrame(
        {
            "subject": subject,
            "visit": pd.Categorical.from_codes(visit, [f"v{j + 1}" for j in range(visits)]),
            "arm": pd.Categorical.from_codes((subject % arms), ["p", "q", "r"][:arms]),
            "baseline": rng.normal(1.0, 1.0, subjects)[subject],
            "y": (rng.normal(size=(subjects, visits)) @ root.T).ravel(),
        }
    )
    # Every third subject is complete, so that every structure is identified.
    return data[(rng.random(len(data)) >= missing) | (subject % 3 == 0) | (visit == 0)]


def assert_same(one: MMRM, two: MMRM, rtol: float = 1e-7) -> None:
    """Same likelihood, contrasts and standard errors.

    Newton stops 1e-8 or less from the optimum in squared standard errors and then squares that,
    so that only rounding, amplified by the covariance's condition, is left: 1e-7.
    """
    assert one.loglik == pytest.approx(two.loglik, rel=1e-9, abs=1e-9)
    for ask in (
        lambda fit: fit.contrast("arm", "p", by="visit"),
        lambda fit: fit.lsmeans("arm", by="visit"),
    ):
        pd.testing.assert_frame_equal(ask(one), ask(two), rtol=rtol, atol=1e-9)


@quick
@given(seeds, structures, methods)
def test_row_order_and_subject_labels_do_not_matter(seed, structure, method):
    data = drawn_trial(seed)
    rng = np.random.default_rng(seed + 1)
    shuffled = data.sample(frac=1.0, random_state=seed)
    names = rng.permutation([f"id{i}" for i in range(data["subject"].max() + 1)])
    shuffled["subject"] = names[shuffled["subject"]]
    options = {"covariance": structure, "df": method, **COLUMNS}
    assert_same(mmrm(FORMULA, data, **options), mmrm(FORMULA, shuffled, **options))


@quick
@given(
    seeds,
    structures,
    methods,
    st.floats(1e-4, 1e4),
    st.floats(-1e3, 1e3),
    st.booleans(),
)
def test_affine_transforms_of_the_outcome(seed, structure, method, scale, shift, negative):
    data = drawn_trial(seed)
    factor = -scale if negative else scale
    moved = data.assign(y=factor * data["y"] + shift)
    options = {"covariance": structure, "df": method, **COLUMNS}
    one, two = mmrm(FORMULA, data, **options), mmrm(FORMULA, moved, **options)
    before, after = (fit.contrast("arm", "p", by="visit") for fit in (one, two))
    # The shift costs log10(shift / scale) digits of the outcome itself.
    rtol = 1e-7 + 1e-13 * abs(shift) / scale
    np.testing.assert_allclose(
        after["estimate"], factor * before["estimate"], rtol, atol=1e-7 * scale
    )
    np.testing.assert_allclose(after["se"], scale * before["se"], rtol)
    np.testing.assert_allclose(after["df"], before["df"], rtol)
    rows = one.nobs - len(one.terms)
    # Change of variable in the restricted likelihood: (n - p) log scale.
    assert two.loglik == pytest.approx(one.loglik - rows * np.log(scale), rel=1e-8, abs=1e-7)
    np.testing.assert_allclose(
        two.visit_covariance, scale**2 * one.visit_covariance, rtol=1e-5, atol=1e-6 * scale**2
    )


@quick
@given(seeds, structures, methods, st.floats(0.01, 100.0), st.floats(-50.0, 50.0))
def test_reparameterised_designs(seed, structure, method, scale, shift):
    """Other reference levels and units of a covariate span the same design."""
    data = drawn_trial(seed)
    other = data.assign(
        arm=data["arm"].cat.reorder_categories(["q", "p"]),
        baseline=scale * data["baseline"] + shift,
    )
    options = {"covariance": structure, "df": method, **COLUMNS}
    one, two = mmrm(FORMULA, data, **options), mmrm(FORMULA, other, **options)
    columns = ["estimate", "se", "df"]
    for arm in ("p", "q"):
        ours = two.lsmeans("arm", by="visit").loc[arm, columns]
        theirs = one.lsmeans("arm", by="visit").loc[arm, columns]
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-8)
    # The baseline's unit divides |X'WX| by scale^2; reordering two arms has determinant one.
    assert two.loglik == pytest.approx(one.loglik - np.log(scale), rel=1e-8, abs=1e-7)


@quick
@given(seeds, structures)
def test_adding_a_function_of_the_design_moves_only_coefficients(seed, structure):
    data = drawn_trial(seed)
    moved = data.assign(y=data["y"] + 3.0 * data["baseline"] - 2.0 * (data["arm"] == "q"))
    options = {"covariance": structure, **COLUMNS}
    one, two = mmrm(FORMULA, data, **options), mmrm(FORMULA, moved, **options)
    assert two.loglik == pytest.approx(one.loglik, rel=1e-10)
    gap = two.params - one.params
    expected = pd.Series(0.0, index=gap.index)
    expected["baseline"], expected["arm[T.q]"] = 3.0, -2.0
    np.testing.assert_allclose(gap, expected, atol=1e-7)


# Full Kenward-Roger differs here: in its parameterisation the second derivatives are not zero.
@quick
@given(seeds, st.sampled_from(["satterthwaite", "kenward-roger-linear"]))
def test_complete_data_give_the_two_sample_t_test_at_each_visit(seed, method):
    """With every effect by visit and an unstructured V, GLS is OLS and Sigma is pooled."""
    data = drawn_trial(seed, missing=0.0)
    fit = mmrm("y ~ arm * visit", data, df=method, **COLUMNS)
    wide = data.pivot(index="subject", columns="visit", values="y")
    second = np.arange(len(wide)) % 2 == 1
    centred = wide - wide.groupby(second).transform("mean")
    pooled = centred.T @ centred / (len(wide) - 2)
    np.testing.assert_allclose(fit.visit_covariance, pooled, rtol=1e-7, atol=1e-9)
    for visit in wide.columns:
        test = stats.ttest_ind(wide.loc[second, visit], wide.loc[~second, visit])
        ours = fit.contrast("arm", "p", by="visit").loc[("q", visit)]
        assert ours["t"] == pytest.approx(test.statistic, rel=1e-6)
        assert ours["df"] == pytest.approx(test.df, rel=1e-6)
        assert ours["p"] == pytest.approx(test.pvalue, rel=1e-6)


@quick
@given(seeds, st.integers(2, 3))
def test_complete_data_give_hotelling_s_test_over_several_visits(seed, visits):
    """Kenward-Roger's F is exact for Hotelling's T^2 (Kenward and Roger 1997, section 4)."""
    data = drawn_trial(seed, missing=0.0)
    fit = mmrm("y ~ arm * visit", data, df="kenward-roger-linear", **COLUMNS)
    # The arm effect at visit 1 and its changes to the next visits: no effect at any of them.
    wanted = [name for name in fit.terms if name.startswith("arm")][:visits]
    test = fit.test(np.array([[float(term == name) for term in fit.terms] for name in wanted]))
    wide = data.pivot(index="subject", columns="visit", values="y").to_numpy()[:, :visits]
    second = np.arange(len(wide)) % 2 == 1
    means = wide[second].mean(0), wide[~second].mean(0)
    centred = wide - np.where(second[:, None], *means)
    freedom = len(wide) - 2
    spread = centred.T @ centred / freedom * (1 / second.sum() + 1 / (~second).sum())
    gap = means[0] - means[1]
    t2 = gap @ np.linalg.solve(spread, gap)
    df = freedom - visits + 1
    assert test["F"] == pytest.approx(t2 * df / (freedom * visits), rel=1e-6)
    assert test["df_den"] == pytest.approx(df, rel=1e-6)


@quick
@given(seeds, st.sampled_from(["satterthwaite", "kenward-roger-linear"]))
def test_two_visits_in_one_arm_give_the_paired_t_test(seed, method):
    data = drawn_trial(seed, subjects=20, visits=2, missing=0.0)
    fit = mmrm(
        "y ~ visit", data, df="satterthwaite" if method == "kenward-roger" else method, **COLUMNS
    )
    wide = data.pivot(index="subject", columns="visit", values="y")
    test = stats.ttest_rel(wide["v2"], wide["v1"])
    ours = fit.contrast("visit", "v1").loc["v2"]
    assert ours["t"] == pytest.approx(test.statistic, rel=1e-6)
    assert ours["df"] == pytest.approx(test.df, rel=1e-6)
    assert ours["p"] == pytest.approx(test.pvalue, rel=1e-6)


@quick
@given(seeds, structures, st.sampled_from(["satterthwaite", "kenward-roger-linear", "residual"]))
def test_one_visit_is_analysis_of_covariance(seed, structure, method):
    data = drawn_trial(seed, visits=1)
    fit = mmrm("y ~ arm + baseline", data, covariance=structure, df=method, **COLUMNS)
    X = np.column_stack([np.ones(len(data)), data["arm"] == "q", data["baseline"]])
    inverse = np.linalg.inv(X.T @ X)
    beta = inverse @ X.T @ data["y"]
    n, p = X.shape
    variance = ((data["y"] - X @ beta) ** 2).sum() / (n - p)
    np.testing.assert_allclose(fit.params, beta, rtol=1e-7, atol=1e-10)
    np.testing.assert_allclose(fit.bse, np.sqrt(variance * np.diag(inverse)), rtol=1e-7)
    np.testing.assert_allclose(fit.coefficients["df"], n - p, rtol=1e-6)
    # Restricted log-likelihood of ordinary least squares (Harville 1974), with |X'X|.
    expected = -0.5 * ((n - p) * (np.log(2 * np.pi * variance) + 1) - np.linalg.slogdet(inverse)[1])
    assert fit.loglik == pytest.approx(expected, rel=1e-9)


@quick
@given(seeds)
def test_compound_symmetry_on_complete_data_is_the_split_plot_analysis(seed):
    data = drawn_trial(seed, missing=0.0)
    fit = mmrm("y ~ arm * visit", data, covariance="cs", df="kenward-roger-linear", **COLUMNS)
    wide = data.pivot(index="subject", columns="visit", values="y").to_numpy()
    n, m = wide.shape
    second = np.arange(n) % 2 == 1
    cell = np.where(second[:, None], wide[second].mean(0), wide[~second].mean(0))
    centred = wide - cell
    within = ((centred - centred.mean(1, keepdims=True)) ** 2).sum() / ((n - 2) * (m - 1))
    interaction = wide[second].mean(0) - wide[~second].mean(0)
    squares = ((interaction - interaction.mean()) ** 2).sum() * n / 4
    L = np.array([[float(t == name) for t in fit.terms] for name in fit.terms if ":" in name])
    test = fit.test(L)
    assert test["F"] == pytest.approx(squares / (m - 1) / within, rel=1e-6)
    assert test["df_den"] == pytest.approx((n - 2) * (m - 1), rel=1e-5)


@quick
@given(seeds, structures, st.booleans())
def test_no_nearby_covariance_is_more_likely(seed, structure, reml):
    """A derivative-free check that the reported optimum is one."""
    data = drawn_trial(seed)
    rows = analysed_rows(FORMULA, data, group=None, **COLUMNS)
    standard = standardise(compress(layout_of(rows), rows.X, rows.y[None]), rows.terms)
    likelihood = Likelihood(standard.data, covariance_structure(structure, 3), reml=reml)
    start = starting_values(likelihood)
    optimum = maximise(likelihood, start, max_iterations=50)
    assert optimum.converged.all()
    one = np.arange(1)
    best = likelihood.evaluate(optimum.theta, one).value[0]
    moves = np.random.default_rng(seed).normal(size=(40, optimum.theta.shape[1]))
    for size in (1e-4, 1e-2, 0.3):
        for move in moves:
            value = likelihood.evaluate(optimum.theta + size * move, one).value[0]
            assert value >= best - 1e-10  # rounding of a sum of some hundred terms
