"""The dummy assignment: balanced within strata, repeatable, and blind to everything else."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seizureflow.dummy_treatment import (
    assign_dummy_treatment,
    assumed_randomised,
    dummy_generator,
    stratum_values,
)
from seizureflow.problems import InputError

TWO = [{"id": "placebo", "label": "P", "ratio": 1}, {"id": "active", "label": "A", "ratio": 1}]
TWO_TO_ONE = [TWO[0], TWO[1] | {"ratio": 2}]
THREE = [*TWO, {"id": "high", "label": "H", "ratio": 3}]


def people(size, strata):
    """``strata``: for each variable the number of its levels."""
    frame = pd.DataFrame({"USUBJID": [f"P{n:04d}" for n in range(size)]})
    for place, (name, levels) in enumerate(strata.items()):
        frame[name] = [f"L{(n // (place + 1)) % levels}" for n in range(size)]
    return frame


def counts(frame, assigned, strata):
    merged = frame.merge(assigned, on="USUBJID", validate="one_to_one")
    keys = [tuple(row) for row in merged[strata].astype(str).to_numpy()]
    return Counter(zip(keys, merged["ARMCD"], strict=True)), Counter(keys)


@given(
    st.integers(0, 60),
    st.sampled_from([TWO, TWO_TO_ONE, THREE]),
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(0, 2**32),
    st.randoms(),
)
def test_arms_keep_their_proportions_in_every_stratum(size, arms, sites, sexes, seed, random):
    frame = people(size, {"SITEID": sites, "SEX": sexes})
    order = random.sample(range(size), size)
    strata = ["SITEID", "SEX"]
    rng = np.random.default_rng(seed)
    assigned = assign_dummy_treatment(frame.iloc[order], strata, arms, rng)
    assert assigned["USUBJID"].tolist() == frame["USUBJID"].tolist()
    found, sizes = counts(frame, assigned, strata)
    block = sum(arm["ratio"] for arm in arms)
    for stratum, members in sizes.items():
        for arm in arms:
            whole = members // block * arm["ratio"]
            assert whole <= found[stratum, arm["id"]]
            assert found[stratum, arm["id"]] <= whole + min(arm["ratio"], members % block)
    again = assign_dummy_treatment(frame, strata, arms, np.random.default_rng(seed))
    pd.testing.assert_frame_equal(assigned, again)


@pytest.mark.parametrize(
    ("arms", "expected"),
    [
        (TWO, {"placebo": 30, "active": 30}),
        (TWO_TO_ONE, {"placebo": 20, "active": 40}),
        (THREE, {"placebo": 12, "active": 12, "high": 36}),
    ],
)
def test_whole_blocks_give_the_ratio_exactly(arms, expected):
    assigned = assign_dummy_treatment(people(60, {}), [], arms, np.random.default_rng(1))
    assert Counter(assigned["ARMCD"]) == expected


def test_a_stratum_does_not_depend_on_the_others():
    frame = people(40, {"SITEID": 2})
    rng = np.random.default_rng(5)
    both = assign_dummy_treatment(frame, ["SITEID"], TWO, rng)
    alone = assign_dummy_treatment(frame[frame["SITEID"] == "L1"], ["SITEID"], TWO, rng)
    shared = both[both["USUBJID"].isin(alone["USUBJID"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(shared, alone)


def test_other_columns_do_not_matter():
    frame = people(40, {"SITEID": 2})
    with_codes = frame.assign(ARMCD=["placebo", "active"] * 20, AGE=range(40))
    found = [
        assign_dummy_treatment(each, ["SITEID"], TWO, np.random.default_rng(5))
        for each in (frame, with_codes)
    ]
    pd.testing.assert_frame_equal(*found)


def test_the_assignment_tells_nothing_of_the_true_arms():
    """Over many studies, a participant's dummy arm equals the true one as often as not.

    1000 draws of a fair coin lie within 5 standard deviations (79) of 500.
    """
    frame = people(20, {})
    truth = np.array(["placebo", "active"] * 10)
    agreed = [
        (assign_dummy_treatment(frame, [], TWO, dummy_generator(1, f"s{n}"))["ARMCD"] == truth)[0]
        for n in range(1000)
    ]
    assert abs(sum(agreed) - 500) < 79


@pytest.mark.parametrize(("seed", "study"), [(1, "other"), (2, "trial")])
def test_another_study_or_seed_gives_another_assignment(seed, study):
    frame = people(60, {"SITEID": 2})
    found = [
        assign_dummy_treatment(frame, ["SITEID"], TWO, rng)["ARMCD"].tolist()
        for rng in (
            dummy_generator(1, "trial"),
            dummy_generator(1, "trial"),
            dummy_generator(seed, study),
        )
    ]
    assert found[0] == found[1]
    assert found[0] != found[2]


@pytest.mark.parametrize("absent", [None, np.nan, pd.NA])
def test_a_missing_value_is_a_stratum_of_its_own(absent):
    frame = pd.DataFrame({"USUBJID": [f"P{n}" for n in range(8)], "SEX": [absent, "None"] * 4})
    assigned = assign_dummy_treatment(frame, ["SEX"], TWO, np.random.default_rng(3))
    for start in (0, 1):
        assert Counter(assigned["ARMCD"].iloc[start::2]) == {"placebo": 2, "active": 2}


def test_the_type_of_a_number_does_not_matter():
    """A column of whole numbers turns into one of fractions where somebody's is missing."""
    frame = people(20, {}).assign(LEVEL=[1, 2] * 10)
    found = [
        assign_dummy_treatment(each, ["LEVEL"], TWO, np.random.default_rng(3))
        for each in (frame, frame.astype({"LEVEL": "float64"}))
    ]
    pd.testing.assert_frame_equal(*found)


@pytest.mark.parametrize(
    ("dated", "expected"), [((), ["P0000", "P0001", "P0002"]), (("P0001",), ["P0001"])]
)
def test_who_counts_as_randomised(dated, expected):
    frame = people(3, {})
    frame["RANDDT"] = pd.Timestamp("2020-01-01")
    frame["RANDDT"] = frame["RANDDT"].where(frame["USUBJID"].isin(dated))
    assert assumed_randomised(frame)["USUBJID"].tolist() == expected


def test_strata_are_those_of_randomisation_where_they_are_known():
    frame = people(2, {}).assign(SEX=["F", "M"], HIGHBLFL=["Y", "N"], STRAT2R=["N", "N"])
    found = stratum_values(frame, ["SEX", "HIGHBLFL"])
    assert found.to_dict("list") == {
        "USUBJID": ["P0000", "P0001"],
        "SEX": ["F", "M"],
        "HIGHBLFL": ["N", "N"],
    }


def test_an_unknown_stratum_is_refused():
    with pytest.raises(InputError, match="The variable SEKS is neither"):
        stratum_values(people(2, {"SEX": 2}), ["SEX", "SEKS"])
