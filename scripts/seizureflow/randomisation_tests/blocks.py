"""Puts the randomised participants into the blocks within which treatments may be exchanged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from seizureflow.array_types import IntArray
from seizureflow.problems import AnalysisError


@dataclass(frozen=True)
class Blocks:
    """The blocks of the randomisation, as far as the data show them.

    Attributes:
        block: Number of the block of each participant, in the order of the rows given.
        incomplete: Blocks with fewer participants than the block size.
        uneven: Complete blocks whose composition differs from that of most complete blocks.
        tied: Participants randomised on the same day, and in the same stratum, as another one.
    """

    block: IntArray
    incomplete: int
    uneven: int
    tied: int


def find_blocks(people: pd.DataFrame, strata: Sequence[str], block_size: int | None) -> Blocks:
    """Cut participants, in the order of their randomisation, into blocks within their strata.

    Participants with the same date are in the order of their names, which the data cannot better.

    Args:
        people: One row per randomised participant with ``USUBJID``, ``TRT01P``, the strata, and
            ``RANDDT`` where there is a block size.
        strata: Variables by which the randomisation was stratified; none for one stratum.
        block_size: Participants per block; None where whole strata are the blocks.

    Raises:
        AnalysisError: A stratum or a date is absent or missing.
    """
    _refuse_missing(people, strata, block_size)
    stratum = _codes(people, strata)
    if block_size is None:
        return Blocks(stratum, 0, 0, 0)
    dates = people["RANDDT"].to_numpy().astype("datetime64[D]").astype(np.int64)
    names = people["USUBJID"].astype("str").rank().to_numpy()
    order = np.lexsort((names, dates, stratum))
    place = np.empty(len(people), dtype=np.int64)
    place[order] = _places_within(stratum[order])
    frame = people.assign(STRATUM=stratum, PIECE=place // block_size)
    block = np.asarray(frame.groupby(["STRATUM", "PIECE"]).ngroup(), dtype=np.int64)
    sizes = np.bincount(block)
    tied = pd.DataFrame({"stratum": stratum, "date": dates}).duplicated(keep=False)
    return Blocks(
        block,
        incomplete=int((sizes < block_size).sum()),
        uneven=_uneven(block, people["TRT01P"], sizes == block_size),
        tied=int(tied.sum()),
    )


def _refuse_missing(people: pd.DataFrame, strata: Sequence[str], block_size: int | None) -> None:
    needed = [*strata, *(["RANDDT"] if block_size is not None else [])]
    for name in needed:
        reason = "the date of randomisation" if name == "RANDDT" else f"the stratum {name}"
        if name not in people or people[name].isna().all():
            raise AnalysisError(
                f"ADSL has no {name}, so {reason} is not known. Give option "
                f"{'block_size the value null' if name == 'RANDDT' else 'strata another value'}."
            )
        missing = people.loc[people[name].isna(), "USUBJID"].astype("str").tolist()
        if missing:
            raise AnalysisError(
                f"{len(missing)} randomised participants lack {reason}: {', '.join(missing[:5])}. "
                "Their place in the randomisation is not known."
            )


def _codes(people: pd.DataFrame, strata: Sequence[str]) -> IntArray:
    if not strata:
        return np.zeros(len(people), dtype=np.int64)
    return np.asarray(people.groupby(list(strata)).ngroup(), dtype=np.int64)


def _places_within(sorted_groups: IntArray) -> IntArray:
    """Place of each row within its group, from 0; rows of a group stand together."""
    _, first, sizes = np.unique(sorted_groups, return_index=True, return_counts=True)
    return np.arange(len(sorted_groups)) - np.repeat(first, sizes)


def _uneven(block: IntArray, arms: pd.Series[str], complete: np.ndarray) -> int:
    """Complete blocks whose numbers by arm are not those of most complete blocks."""
    composition = pd.crosstab(block, arms)[complete]
    if composition.empty:
        return 0
    return int(len(composition) - composition.value_counts().iloc[0])
