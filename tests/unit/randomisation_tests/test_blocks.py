"""The blocks of the randomisation, found from dates and strata."""

import numpy as np
import pandas as pd
import pytest
from seizureflow.problems import AnalysisError
from seizureflow.randomisation_tests.blocks import find_blocks


def people(arms: str, days: list[int], strata: str | None = None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "USUBJID": [f"P{place}" for place in range(len(arms))],
            "TRT01P": list(arms),
            "RANDDT": pd.Timestamp("2020-01-01") + pd.to_timedelta(days, unit="D"),
            "STRAT1R": list(strata or "N" * len(arms)),
        }
    )


def test_blocks_follow_the_dates_within_strata():
    frame = people("abababab", [7, 6, 5, 4, 3, 2, 1, 0], "NYNYNYNY")
    found = find_blocks(frame, ["STRAT1R"], 2)
    # Stratum N: participants 6, 4, 2, 0 in the order of their dates; stratum Y: 7, 5, 3, 1.
    members = {tuple(np.flatnonzero(found.block == number)) for number in np.unique(found.block)}
    assert members == {(4, 6), (0, 2), (5, 7), (1, 3)}
    assert (found.incomplete, found.tied) == (0, 0)


def test_the_end_of_a_stratum_is_an_incomplete_block():
    found = find_blocks(people("abbaa", [0, 1, 2, 3, 4]), [], 2)
    assert [*found.block] == [0, 0, 1, 1, 2]
    assert found.incomplete == 1


def test_complete_blocks_of_another_composition_are_counted():
    found = find_blocks(people("abbaaa", [0, 1, 2, 3, 4, 5]), [], 2)
    assert found.uneven == 1


def test_participants_of_the_same_day_are_counted_and_ordered_by_name():
    found = find_blocks(people("abab", [0, 0, 0, 1]), [], 2)
    assert [*found.block] == [0, 0, 1, 1]
    assert found.tied == 3


def test_without_a_block_size_strata_are_the_blocks():
    frame = people("abab", [3, 2, 1, 0], "NNYY").drop(columns="RANDDT")
    assert [*find_blocks(frame, ["STRAT1R"], None).block] == [0, 0, 1, 1]
    assert [*find_blocks(frame, [], None).block] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("drop", "strata", "message"),
    [
        ("RANDDT", [], "ADSL has no RANDDT.* block_size the value null"),
        ("STRAT1R", ["STRAT1R"], "ADSL has no STRAT1R.* strata another value"),
    ],
)
def test_what_is_absent_is_named(drop, strata, message):
    with pytest.raises(AnalysisError, match=message):
        find_blocks(people("abab", [0, 1, 2, 3]).drop(columns=drop), strata, 2)


def test_participants_without_a_date_are_named():
    frame = people("abab", [0, 1, 2, 3])
    frame.loc[2, "RANDDT"] = pd.NaT
    with pytest.raises(AnalysisError, match=r"1 randomised participants lack .* P2"):
        find_blocks(frame, [], 2)
