"""The curve: each specification against its ordinary method, parts, duplicates, and the whole."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from seizureflow.analysis import Arm
from seizureflow.methods import load_method, run_method
from seizureflow.methods.specification_curve import part, summary
from seizureflow.problems import AnalysisError
from seizureflow.specification_curve.compute import compute_curve, joined, kept_columns
from seizureflow.specification_curve.prepare import prepare
from seizureflow.specification_curve.reference import curve_statistics
from seizureflow.tables import arranged
from unit.specification_curve.small_trial import (
    ARMS,
    GRID,
    arrays,
    curve_spec,
    grid_of,
    ordinary,
    primary_results,
    trial_data,
)


def computed_curve(data, grid, permutations=0, **parts):
    return compute_curve(
        arrays(data, grid),
        grid,
        labels={},
        level=0.95,
        permutations=permutations,
        rng=np.random.default_rng(1),
        **parts,
    )


@pytest.fixture(scope="module")
def data():
    return trial_data()


@pytest.fixture(scope="module")
def whole(data):
    return computed_curve(data, grid_of(), permutations=20)


@pytest.mark.parametrize("model", [*GRID["model"][:3], "negative_binomial"])
def test_each_specification_is_what_the_ordinary_method_gives(data, model):
    """Of the choices that the methods can be asked for themselves."""
    grid = grid_of(model=[model], baseline=["whole"], missing_data=["observed"], outliers=["keep"])
    table = computed_curve(data, grid).set_index("SPECIFICATION")
    assert (table["STATUS"] == "computed").sum() >= 4
    for specification in grid:
        row = table.loc[specification.number]
        if row["STATUS"] == "computed":
            found = row[["ESTIMATE", "LOWER", "UPPER", "P"]].to_numpy(dtype=float)
            # The likelihoods of counts and visits are maximised by other iterations.
            assert found == pytest.approx(ordinary(data, specification), rel=1e-9, abs=1e-9)


def test_other_baselines_enter_as_their_own_data_would(data):
    """The same as the ordinary method on data whose baseline is that window."""
    late = data["adsz"][(data["adsz"]["AVISIT"] == "late") & (data["adsz"]["PARAMCD"] == "SZFREQ")]
    frequency = late["AVAL"].to_numpy()
    people = data["adsl"].assign(
        BSFREQ=frequency, LBSFREQ=np.log(np.where(frequency > 0, frequency, np.nan))
    )
    changed = trial_data()["adsz"]
    post = changed[changed["PARAMCD"] == "SZFREQ"].set_index(["USUBJID", "AVISIT"])["AVAL"]
    rows = changed["PARAMCD"] == "LOGCHG"
    keys = changed.loc[rows, ["USUBJID", "AVISIT"]].apply(tuple, axis=1)
    base = changed.loc[rows, "USUBJID"].map(people.set_index("USUBJID")["LBSFREQ"])
    changed.loc[rows, "CHG"] = np.log(keys.map(post) + 0.2) - base
    grid = grid_of(model=["ancova", GRID["model"][0]], offset=GRID["offset"][:1], baseline=["late"],
                   population=["full"], missing_data=["observed"], outliers=["keep"])  # fmt: skip
    table = computed_curve(data, grid)
    for specification, (_, row) in zip(grid, table.iterrows(), strict=True):
        found = row[["ESTIMATE", "LOWER", "UPPER", "P"]].to_numpy(dtype=float)
        expected = ordinary({"adsl": people, "adsz": changed}, specification)
        assert found == pytest.approx(expected, rel=1e-9)


def test_parts_together_are_the_whole_to_the_last_bit(data, whole):
    grid = grid_of()
    for chunks in (2, 5):
        parts = [
            computed_curve(data, grid, permutations=20, chunk=chunk, chunks=chunks)
            for chunk in range(1, chunks + 1)
        ]
        together = arranged(joined(parts), "specifications")
        assert together.equals(arranged(whole, "specifications"))


def test_everything_that_was_planned_is_in_the_table_once(whole):
    grid = grid_of()
    assert list(whole["SPECIFICATION"]) == [one.number for one in grid]
    assert set(whole["STATUS"]) == {"computed", "duplicate", "impossible"}
    same = whole[whole["STATUS"] == "duplicate"]
    assert whole.set_index("SPECIFICATION").loc[same["SAMEAS"], "STATUS"].eq("computed").all()
    impossible = whole[whole["STATUS"] == "impossible"]
    assert impossible["MODEL"].str.startswith("Mixed").all()
    # Counts have no offset: of each two combinations that differ in it alone, one is a duplicate.
    counts = whole[whole["MODEL"] == "Negative binomial"]
    assert (counts["STATUS"] == "duplicate").sum() >= len(counts) / 2
    assert counts["OFFSET"].isna().all()


def test_a_duplicate_is_the_same_analysis(data):
    """Fitted on its own, a specification called a duplicate gives the numbers of its first."""
    grid = grid_of(model=["negative_binomial"])
    table = computed_curve(data, grid).set_index("SPECIFICATION")
    duplicates = table[table["STATUS"] == "duplicate"]
    for number in duplicates.index[:3]:
        alone = computed_curve(data, (grid[number - 1],))
        assert alone["LOGRATIO"].iloc[0] == table.loc[duplicates.loc[number, "SAMEAS"], "LOGRATIO"]


def test_missing_days_filled_in_at_the_baseline_rate():
    """84 days, 56 recorded with 10 seizures, baseline 3 per 28 days: 13 in 84 days."""
    data = trial_data(size=4)
    rows = data["adsz"]
    of_first = (rows["USUBJID"] == "P000") & (rows["AVISIT"] == "w")
    for code, value in (("SZCOUNT", 10.0), ("SZDAYS", 56.0), ("SZFREQ", 5.0)):
        rows.loc[of_first & (rows["PARAMCD"] == code), "AVAL"] = value
    data["adsl"].loc[0, "BSFREQ"] = 3.0
    grid = grid_of(model=["quasi_poisson"], missing_data=["baseline_imputed"], covariates=[[]])
    found = prepare(arrays(data, grid), grid[0])
    assert found.outcome[0] == 13
    assert found.log_exposure[0] == math.log(84 / 28)
    completers = grid_of(model=["quasi_poisson"], missing_data=["completers"], covariates=[[]])
    assert not prepare(arrays(data, completers), completers[0]).kept[0]  # 56 < 0.8 x 84


def test_winsorised_frequencies_end_at_the_quantile(data):
    levels = {"model": ["ancova"], "covariates": [[]], "missing_data": ["observed"]}
    grid = grid_of(**levels, outliers=["keep", "winsorise"])
    trial = arrays(data, grid)
    kept, lowered = (prepare(trial, one) for one in grid[:2])
    frequency = trial.windows["w"].frequency
    cap = np.quantile(frequency, 0.95)
    expected = np.log(np.minimum(frequency, cap) + 0.2) - np.log(trial.baselines["whole"])
    assert lowered.outcome == pytest.approx(expected)
    assert (kept.outcome != lowered.outcome).sum() == (frequency > cap).sum() > 0


def run_curve(data, value=-40.0, **levels):
    spec = curve_spec(GRID | levels)
    given = data | {"results_primary": primary_results(value)}
    return load_method("specification_curve")(spec, given, np.random.default_rng(1))


def numbers(result):
    return {(s.name, s.variable, s.level): s.value for s in result.statistics}


def test_the_summary_is_of_the_table(data, whole):
    result = run_curve(data)
    found = numbers(result)
    computed = whole[whole["STATUS"] == "computed"]
    assert found["specifications", None, None] == len(whole)
    assert found["specifications_computed", None, None] == len(computed)
    assert found["median_relative_change", None, None] == computed["ESTIMATE"].median()
    assert found["share_beyond_threshold", None, None] == 100 * (computed["ESTIMATE"] <= -31).mean()
    assert found["primary_rank", None, None] == 1 + (computed["ESTIMATE"] < -40).sum()
    ratios = computed["LOGRATIO"]
    by_model = ratios.groupby(computed["MODEL"])
    between = by_model.transform("mean")
    assert found["variance_share", "Model", None] == pytest.approx(
        100 * between.var() / ratios.var()
    )
    assert found["mean_relative_change", "Model", "ANCOVA"] == pytest.approx(
        100 * math.expm1(by_model.mean()["ANCOVA"])
    )
    assert any("is not the analysis primary itself" in note for note in result.notes)
    assert all(math.isfinite(s.value) for s in result.statistics)


def test_the_primary_is_recognised_as_the_first_specification(data, whole):
    result = run_curve(data, value=float(whole["ESTIMATE"].iloc[0]))
    assert not any("itself" in note for note in result.notes)


def test_a_primary_without_an_estimate_is_said(data):
    result = run_curve(data, value=math.nan, model=["ancova"])
    assert any("gave no estimate" in note for note in result.notes)
    assert ("primary_rank", None, None) not in numbers(result)


def test_permutation_p_values_by_hand():
    """Three arrangements of two specifications, the true one first."""
    ratios = np.log(np.array([[0.6, 1.0, 0.5], [0.6, 1.1, 0.7]]))
    p_values = np.array([[0.01, 0.9, 0.01], [0.2, 0.8, 0.01]])
    found = {n: v for n, _, v in curve_statistics(ratios, p_values, 31, 0.05)}
    medians = np.abs(np.median(ratios, axis=0))
    assert found["median"] == pytest.approx(medians)
    assert list(found["threshold"]) == [1, 0, 0.5]  # a ratio of 0.69 at most
    assert list(found["significant"]) == [0.5, 0, 1]


def with_a_third_arm(data):
    """Half as many participants more, whose seizures double."""
    adsl, adsz = data["adsl"], data["adsz"]
    more = adsl[::2].assign(TRT01P="other", USUBJID=lambda rows: "Q" + rows["USUBJID"])
    theirs = adsz[adsz["USUBJID"].isin(adsl["USUBJID"][::2])]
    theirs = theirs.assign(USUBJID="Q" + theirs["USUBJID"], AVAL=2 * theirs["AVAL"])
    return {
        "adsl": pd.concat([more, adsl], ignore_index=True),
        "adsz": pd.concat([adsz, theirs], ignore_index=True),
        "results_primary": primary_results(),
    }


def test_of_three_arms_two_are_compared(data):
    """The curve is that of a trial without the third arm, and the results say whose it is."""
    arms = (ARMS[0], Arm("other", "Other dose"), ARMS[1])
    options = curve_spec().options | {"arm": "active"}
    spec = replace(curve_spec(), arms=arms, options=options)
    three = with_a_third_arm(data)
    table = part(spec, three, np.random.default_rng(1))
    pd.testing.assert_frame_equal(table, part(curve_spec(), data, np.random.default_rng(1)))
    result = summary(table, spec, three)
    groups = {statistic.group for statistic in result.statistics}
    assert groups == {None, "active"}
    assert "Participants of other arms (Other dose) enter no specification." in result.notes


def test_of_three_arms_one_must_be_named(data):
    spec = replace(curve_spec(), arms=(*ARMS, Arm("other", "Other dose")))
    with pytest.raises(AnalysisError, match="two arms, and 3 were given"):
        part(spec, data, np.random.default_rng(1))


def test_names_that_do_not_exist_are_told_at_once(data):
    with pytest.raises(AnalysisError) as error:
        run_curve(
            data, baseline=["whole", "w", "gone"], population=["full", "itt"], covariates=[["AGE"]]
        )
    for words in (
        'the window "w" ends after day 1',
        'there is no window "gone" for a baseline',
        'there is no analysis set "itt"',
        'there is no variable "AGE" in ADSL',
    ):
        assert words in str(error.value)


def test_a_refusal_is_told_by_the_collected_curve():
    from seizureflow.specification_curve.compute import refused_table

    table = joined([refused_table("Two arms."), refused_table("Two arms.")])
    assert summary(table, curve_spec(), {}).notes == ("Not computed. Two arms.",)
    assert kept_columns(table).empty


def degenerate(data, what):
    people, rows = data["adsl"].copy(), data["adsz"].copy()
    counts = rows["PARAMCD"].isin(["SZCOUNT", "SZFREQ"])
    if what == "no seizure in an arm":
        active = rows["USUBJID"].isin(people.loc[people["TRT01P"] == "active", "USUBJID"])
        rows.loc[counts & active & (rows["AVISIT"] != "late"), "AVAL"] = 0.0
    elif what == "no seizure at all":
        rows.loc[counts & (rows["AVISIT"] != "late"), "AVAL"] = 0.0
    elif what == "all values equal":
        for code in ("SZCOUNT", "SZDAYS", "SZFREQ"):
            rows.loc[rows["PARAMCD"] == code, "AVAL"] = 28.0
        people = people.assign(BSFREQ=28.0, LBSFREQ=math.log(28))
    elif what == "tiny arms":
        people = people.head(4)
    elif what == "an empty arm":
        people = people[people["TRT01P"] == "placebo"]
    elif what == "nobody in a set":
        people["PPROTFL"] = "N"
    elif what == "no baseline":
        people[["BSFREQ", "LBSFREQ"]] = np.nan
    elif what == "everyone dropped out":
        rows.loc[rows["AVISIT"] != "late", "AVAL"] = np.nan
    elif what == "one participant in a stratum":
        people["STRATAR"] = ["alone"] + ["others"] * (len(people) - 1)
    return {"adsl": people, "adsz": rows}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "what",
    [
        "no seizure in an arm",
        "no seizure at all",
        "all values equal",
        "tiny arms",
        "an empty arm",
        "nobody in a set",
        "no baseline",
        "everyone dropped out",
        "one participant in a stratum",
    ],
)
def test_degenerate_data_are_answered_or_explained(data, what):
    levels = {"covariates": [["LBSFREQ"], []], "outliers": ["keep", "winsorise"]}
    changed = degenerate(data, what)
    spec = curve_spec(GRID | levels, permutations=5)
    table = part(spec, changed, np.random.default_rng(1))
    computed = table["STATUS"] == "computed"
    assert table.loc[computed, ["ESTIMATE", "LOWER", "UPPER", "P"]].notna().all(axis=None)
    assert table.loc[~computed, "REASON"].notna().all()
    result = summary(table, spec, {"results_primary": primary_results()})
    assert all(math.isfinite(s.value) or s.note for s in result.statistics)
    if what in ("an empty arm", "everyone dropped out"):
        assert "No specification could be computed." in result.notes or computed.any()


def test_the_method_runs_in_one_process(data):
    plan = {
        "analysis": {"id": "c", "population": "full", "options": dict(curve_spec().options)},
        "arms": [{"id": arm.id, "label": arm.label} for arm in ARMS],
        "visits": [],
        "labels": {},
        "frequency_days": 28,
        "confidence_level": 0.95,
        "seed": 3,
    }
    given = data | {"results_primary": primary_results()}
    first, second = (run_method("specification_curve", plan, given) for _ in range(2))
    assert first == second
