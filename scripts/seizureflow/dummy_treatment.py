"""Assigns arms at random within strata, to stand for the true ones while treatment is blinded."""

from __future__ import annotations

import hashlib
import json
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.problems import InputError, Problem
from seizureflow.streams import Streams
from seizureflow.treatment import randomised_by_date

Entry = dict[str, Any]


def dummy_generator(seed: int, study: str) -> np.random.Generator:
    """The generator of a study's dummy assignment; studies draw independently of each other.

    Args:
        seed: Entry ``seed`` of the settings.
        study: Name of the study.
    """
    words = np.frombuffer(hashlib.sha256(study.encode()).digest(), dtype=">u4")
    return np.random.default_rng(np.random.SeedSequence([seed, *map(int, words)]))


def assumed_randomised(people: pd.DataFrame) -> pd.DataFrame:
    """Those who count as randomised while no code is read: who has a date of randomisation.

    Where the study has no such dates, all do.

    Args:
        people: One row per participant, with ``RANDDT``.
    """
    randomised = randomised_by_date(people)
    return people if randomised is None else people[randomised]


def stratum_values(people: pd.DataFrame, strata: list[str]) -> pd.DataFrame:
    """The values of the stratification variables, as used at randomisation where they are known.

    Args:
        people: One row per participant: ``USUBJID``, covariates and derived covariates, and
            ``STRAT1R``, ``STRAT2R``, ... (the values used at randomisation, in the order of
            ``strata``) where the study has them.
        strata: Entry ``design.strata`` of the protocol.

    Returns:
        ``USUBJID`` and one column per variable of ``strata``, under its name.

    Raises:
        InputError: A variable is not known.
    """
    used = {
        name: source
        for number, name in enumerate(strata, start=1)
        for source in [f"STRAT{number}R" if f"STRAT{number}R" in people else name]
    }
    unknown = [name for name, source in used.items() if source not in people]
    if unknown:
        raise InputError(
            [
                Problem(
                    "protocol.yaml, design.strata",
                    f"The variable {name} is neither a covariate nor derived from one.",
                    action="Name it under covariates or derived_covariates, or take it out.",
                )
                for name in unknown
            ]
        )
    return pd.DataFrame(
        {"USUBJID": people["USUBJID"]} | {name: people[source] for name, source in used.items()}
    )


def assign_dummy_treatment(
    people: pd.DataFrame, strata: list[str], arms: list[Entry], rng: np.random.Generator
) -> pd.DataFrame:
    """Assign arms at random, balanced within every stratum; the true codes are not looked at.

    In each stratum the participants, in the order of their identifiers, get a random permutation
    of whole blocks (every arm as often as its ``ratio``) and of a random part of one more.

    Args:
        people: ``USUBJID`` and the columns of ``strata``, one row per randomised participant.
        strata: Columns whose values, crossed, are the strata; a missing value is a level too.
        arms: Entry ``design.arms`` of the protocol.
        rng: A generator made from a ``SeedSequence``. It is not advanced: what is drawn in a
            stratum depends on its seed and on the stratum, and on no other stratum.

    Returns:
        Table ``treatment``, sorted by participant.
    """
    streams = Streams.of(rng)
    ordered = people.sort_values("USUBJID", ignore_index=True)
    members: dict[str, list[int]] = {}
    for position, values in enumerate(ordered[strata].astype(object).to_numpy()):
        members.setdefault(_stratum(values), []).append(position)
    drawn = {
        position: arm
        for stratum, positions in members.items()
        for position, arm in zip(
            positions, _balanced(len(positions), arms, streams.generator(stratum)), strict=True
        )
    }
    assigned = pd.Series([drawn[position] for position in range(len(ordered))], dtype="str")
    return pd.DataFrame({"USUBJID": ordered["USUBJID"], "ARMCD": assigned})


def _stratum(values: Any) -> str:
    """The name of a stratum: the values of its variables, missing ones apart from all words."""
    return json.dumps([_level(value) for value in values])


def _level(value: Any) -> str | None:
    if pd.isna(value):
        return None
    return f"{float(value):g}" if isinstance(value, Real) else str(value)


def _balanced(size: int, arms: list[Entry], rng: np.random.Generator) -> list[str]:
    """Ids of arms in their proportions, in random order."""
    block = [arm["id"] for arm in arms for _ in range(arm.get("ratio", 1))]
    whole, rest = divmod(size, len(block))
    drawn = block * whole + list(rng.permutation(block)[:rest])
    return [str(arm) for arm in rng.permutation(drawn)]
