"""The participants of a trial as arrays: arms, strata, sets, and counts in every window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.analysis import Arm
from seizureflow.analysis_sets import set_flag
from seizureflow.array_types import BoolArray, FloatArray, IntArray
from seizureflow.problems import AnalysisError
from seizureflow.specification_curve.choices import (
    BASELINE_COVARIATES,
    WHOLE_BASELINE,
    Specification,
)
from seizureflow.study_days import interval_length


@dataclass(frozen=True)
class Seizures:
    """Seizures of every participant in a window; not a number where there is no such window.

    Attributes:
        count: Countable seizures on recorded days.
        days: Recorded days.
        frequency: Seizures per ``frequency_days`` days.
        length: Days of the window; 0 where it differs between participants.
    """

    count: FloatArray
    days: FloatArray
    frequency: FloatArray
    length: int


@dataclass(frozen=True)
class Trial:
    """All randomised participants, in the order of ADSL; every array has one value of each.

    Attributes:
        arms: The reference arm, and the arm compared with it.
        treated: Whether the participant is in the arm compared.
        strata: Number of the stratum of the randomisation.
        stratified: Whether strata are known.
        sets: Members of the analysis sets.
        windows: Seizures by window and visit.
        baselines: Frequency before day 1 by baseline; the whole one is ``whole``.
        covariates: Variables of ADSL.
        frequency_days: Unit of the frequency in days.
    """

    arms: tuple[Arm, Arm]
    treated: BoolArray
    strata: IntArray
    stratified: bool
    sets: Mapping[str, BoolArray]
    windows: Mapping[str, Seizures]
    baselines: Mapping[str, FloatArray]
    covariates: Mapping[str, pd.Series[Any]]
    frequency_days: int

    def covariate(self, name: str, baseline: str) -> pd.Series[Any]:
        """A covariate; those of the seizure frequency are taken from the baseline that is given."""
        if name not in BASELINE_COVARIATES:
            return self.covariates[name]
        frequency = self.baselines[baseline]
        return pd.Series(frequency if name == "BSFREQ" else log_or_missing(frequency))


def log_or_missing(values: FloatArray) -> FloatArray:
    """Logarithms; not a number where there is none."""
    return np.log(np.where(values > 0, values, np.nan))


def trial_arrays(
    data: Mapping[str, pd.DataFrame],
    arms: tuple[Arm, ...],
    frequency_days: int,
    grid: Iterable[Specification],
) -> Trial:
    """Put the participants together.

    Args:
        data: Tables ``adsl`` and ``adsz``.
        arms: Arms, the reference first.
        frequency_days: Unit of the frequency in days.
        grid: The specifications; what they name must exist.

    Raises:
        AnalysisError: There are not two arms, or the grid names what does not exist.
    """
    if len(arms) != 2:
        raise AnalysisError(
            f"A specification curve compares two arms, and {len(arms)} were given. Name the one "
            "that is compared with the reference by the option arm."
        )
    adsl, adsz = data["adsl"], data["adsz"]
    people = adsl[adsl["TRT01P"].isin([arm.id for arm in arms])].reset_index(drop=True)
    grid = tuple(grid)
    _refuse_unknown(grid, people, adsz)
    strata, stratified = _strata(people)
    names = {name for spec in grid for name in (spec.window, *spec.visits)}
    before = {spec.baseline for spec in grid} - {WHOLE_BASELINE}
    windows = _windows(people, adsz, names | before)
    whole = people["BSFREQ"].to_numpy(dtype=np.float64)
    return Trial(
        arms=(arms[0], arms[1]),
        treated=(people["TRT01P"] == arms[1].id).to_numpy(dtype=bool),
        strata=strata,
        stratified=stratified,
        sets={
            name: (people[set_flag(name)] == "Y").to_numpy(dtype=bool)
            for name in {spec.population for spec in grid}
        },
        windows=windows,
        baselines={WHOLE_BASELINE: whole} | {name: windows[name].frequency for name in before},
        covariates={
            name: people[name]
            for name in sorted({name for spec in grid for name in spec.covariates})
            if name not in BASELINE_COVARIATES
        },
        frequency_days=frequency_days,
    )


def _refuse_unknown(
    grid: tuple[Specification, ...], people: pd.DataFrame, adsz: pd.DataFrame
) -> None:
    """Name everything in the grid that does not exist, all at once."""
    ends = adsz.groupby("AVISIT", observed=True)["AWHI"].max().to_dict()
    problems = []
    for spec in grid:
        for name in (spec.window, *spec.visits):
            if name not in ends:
                problems.append(f'there is no window "{name}"')
        if spec.baseline != WHOLE_BASELINE:
            if spec.baseline not in ends:
                problems.append(f'there is no window "{spec.baseline}" for a baseline')
            elif ends[spec.baseline] > 1:
                problems.append(f'the window "{spec.baseline}" ends after day 1 and is no baseline')
        if set_flag(spec.population) not in people:
            problems.append(f'there is no analysis set "{spec.population}"')
        problems += [
            f'there is no variable "{name}" in ADSL'
            for name in spec.covariates
            if name not in people and name not in BASELINE_COVARIATES
        ]
    if problems:
        raise AnalysisError(
            f"The grid names what the study does not have: {'; '.join(dict.fromkeys(problems))}. "
            "Mend the option grid."
        )


def _strata(people: pd.DataFrame) -> tuple[IntArray, bool]:
    """Number of each participant's stratum, as randomised where that is known, else as verified."""
    for column in ("STRATAR", "STRATAV"):
        if column in people and people[column].notna().any():
            codes, _ = pd.factorize(people[column], sort=True, use_na_sentinel=False)
            return codes.astype(np.int64), True
    return np.zeros(len(people), dtype=np.int64), False


def _windows(people: pd.DataFrame, adsz: pd.DataFrame, names: set[str]) -> dict[str, Seizures]:
    rows = adsz[adsz["AVISIT"].isin(names) & adsz["PARAMCD"].isin(["SZCOUNT", "SZDAYS", "SZFREQ"])]
    found = {}
    for name in sorted(names):
        own = rows[rows["AVISIT"] == name]
        values = {
            code: own[own["PARAMCD"] == code].set_index("USUBJID")["AVAL"]
            for code in ("SZCOUNT", "SZDAYS", "SZFREQ")
        }
        count, days, frequency = (
            people["USUBJID"].map(values[code]).to_numpy(dtype=np.float64)
            for code in ("SZCOUNT", "SZDAYS", "SZFREQ")
        )
        bounds = own[["AWLO", "AWHI"]].drop_duplicates().to_numpy()
        length = interval_length(*map(int, bounds[0])) if len(bounds) == 1 else 0
        found[name] = Seizures(count, days, frequency, length)
    return found
