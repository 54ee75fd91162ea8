"""Randomisation test: repeats the randomisation under the sharp null hypothesis of no effect."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from seizureflow.analysis import (
    AnalysisResult,
    AnalysisRows,
    AnalysisSpec,
    Arm,
    Statistic,
    analysis_rows,
)
from seizureflow.design_matrix import build_design
from seizureflow.methods.common_statistics import participants_by_arm, relative_change
from seizureflow.problems import AnalysisError
from seizureflow.randomisation_tests.arrangements import Arrangements, arrange
from seizureflow.randomisation_tests.blocks import Blocks, find_blocks
from seizureflow.randomisation_tests.inference import Inference, invert_shift
from seizureflow.randomisation_tests.rank_shift import RankedTrial, rank_inference
from seizureflow.randomisation_tests.shift_effects import shift_effects


def analyse(
    spec: AnalysisSpec, data: Mapping[str, pd.DataFrame], rng: np.random.Generator
) -> AnalysisResult:
    """Compare each arm with the reference by the assignments that could have been.

    Under the sharp null hypothesis nobody's outcome depends on the arm, so the outcomes stay as
    they are whatever the assignment. The treatments of a block's participants are exchanged among
    them: the test is conditional on the composition that each block had, the incomplete ones among
    them. With several arms, each is compared with the reference while all others stay as they are.
    The interval holds the constant shifts that the same test does not reject.

    Args:
        spec: The analysis.
        data: Tables ``adsl`` and ``adsz``.
        rng: Source of the arrangements.

    Raises:
        AnalysisError: The blocks cannot be found, or no other arrangement exists.

    Source:
        Rosenberger & Lachin, Randomization in Clinical Trials, 2nd ed., 2016, chapter 6; Edgington
        & Onghena, Randomization Tests, 4th ed., 2007.
    """
    rows = analysis_rows(data, spec, outcome=spec.outcome)
    adsl = data["adsl"]
    randomised = adsl[adsl["RANDFL"] == "Y"] if "RANDFL" in adsl else adsl
    randomised = randomised[randomised["TRT01P"].notna()].reset_index(drop=True)
    blocks = find_blocks(randomised, spec.options["strata"], spec.options["block_size"])
    statistics = participants_by_arm(rows, spec)
    notes = [*rows.notes, *_block_notes(blocks, spec, len(randomised), len(rows.frame))]
    for arm in spec.arms[1:]:
        found, compared_notes = _compare(arm, rows, randomised, blocks, spec, rng)
        statistics += found
        notes += compared_notes
    return AnalysisResult(tuple(statistics), notes=tuple(notes))


def _compare(
    arm: Arm,
    rows: AnalysisRows,
    randomised: pd.DataFrame,
    blocks: Blocks,
    spec: AnalysisSpec,
    rng: np.random.Generator,
) -> tuple[list[Statistic], list[str]]:
    pair = [spec.reference.id, arm.id]
    exchanged = randomised["TRT01P"].isin(pair).to_numpy()
    people, block = randomised[exchanged], blocks.block[exchanged]
    analysed = people["USUBJID"].isin(rows.frame["USUBJID"]).to_numpy()
    frame = rows.frame.set_index("USUBJID").loc[people.loc[analysed, "USUBJID"]]
    frame["ARM"] = pd.Categorical(frame["ARM"].astype("str"), pair)
    actual = np.asarray(people["TRT01P"] == arm.id, dtype=np.float64)
    arrangements = arrange(actual, block, spec.options["permutations"], rng)
    if arrangements.existing < 2:
        raise AnalysisError(
            f"Analysis {spec.id}: no other assignment of {arm.label} and {spec.reference.label} "
            "could have been with these blocks. Give fewer strata, or a larger block size."
        )
    trial = RankedTrial(
        outcome=frame["OUTCOME"].to_numpy(dtype=np.float64),
        covariates=_covariate_matrix(frame, (spec.reference, arm), spec),
        actual=actual,
        analysed=analysed,
        block=block,
        arrangements=arrangements,
    )
    inference = _infer(trial, spec)
    return _statistics(inference, arrangements, arm, spec), _notes(inference, arrangements, spec)


def _covariate_matrix(frame: pd.DataFrame, arms: tuple[Arm, Arm], spec: AnalysisSpec) -> np.ndarray:
    covariates = spec.covariates if spec.options["statistic"] != "difference_in_means" else ()
    design = build_design(frame, arms, covariates)
    if len(frame) <= design.matrix.shape[1]:
        raise AnalysisError(
            f"Analysis {spec.id}: {len(frame)} participants are too few for "
            f"{design.matrix.shape[1]} coefficients."
        )
    others = [name for name in design.matrix if name not in design.effects.values()]
    return design.matrix[others].to_numpy(dtype=np.float64)


def _infer(trial: RankedTrial, spec: AnalysisSpec) -> Inference:
    level = spec.confidence_level
    if spec.options["statistic"] == "rank_sum":
        return rank_inference(trial, level)
    effects = shift_effects(
        trial.outcome,
        trial.covariates,
        trial.actual[trial.analysed],
        trial.arrangements.active[:, trial.analysed],
    )
    return invert_shift(effects, trial.arrangements.complete, level)


def _statistics(
    inference: Inference, arrangements: Arrangements, arm: Arm, spec: AnalysisSpec
) -> list[Statistic]:
    numbers = [
        ("difference", "Constant shift of the outcome", inference.estimate),
        ("difference_lower", "Lower limit of the shift", inference.lower),
        ("difference_upper", "Upper limit of the shift", inference.upper),
        ("p_value", "p of the randomisation test", inference.p),
        ("p_value_se", "Monte Carlo standard error of p", inference.p_se),
        ("arrangements_used", "Assignments compared", float(len(arrangements.active))),
        (
            "arrangements_log10",
            "Assignments that could have been, log10 of their number",
            math.log10(arrangements.existing),
        ),
    ]
    note = None if math.isfinite(inference.upper - inference.lower) else _no_end(spec)
    statistics = [
        Statistic(
            name,
            label,
            value,
            group=arm.id,
            reference=spec.reference.id,
            note=None if math.isfinite(value) else note,
        )
        for name, label, value in numbers
    ]
    if spec.outcome_is_log:
        statistics += relative_change(
            inference.estimate, inference.lower, inference.upper, arm.id, spec, note
        )
    return statistics


def _notes(inference: Inference, arrangements: Arrangements, spec: AnalysisSpec) -> list[str]:
    notes = []
    if arrangements.complete:
        notes.append(
            f"All {arrangements.existing} assignments that could have been were compared: p is "
            "exact."
        )
    if inference.undefined:
        notes.append(
            f"{inference.undefined} of {len(arrangements.active)} assignments cannot be told apart "
            "from the covariates; they count as more extreme than the actual one."
        )
    if math.isinf(inference.lower) or math.isinf(inference.upper):
        notes.append(_no_end(spec))
    return notes


def _no_end(spec: AnalysisSpec) -> str:
    return (
        "With so few assignments no shift, however large, is rejected at "
        f"{100 * (1 - spec.confidence_level):g}%: the interval has no end on that side."
    )


def _block_notes(blocks: Blocks, spec: AnalysisSpec, randomised: int, analysed: int) -> list[str]:
    notes = [
        "The hypothesis tested is that no participant's outcome, nor whether it is known, depends "
        "on the arm; the interval supposes one shift that is the same for everybody.",
    ]
    if analysed < randomised:
        notes.append(
            f"{randomised - analysed} of {randomised} randomised participants are not analysed; "
            "they keep their place in the randomisation."
        )
    if spec.options["block_size"] is None:
        where = "within the strata" if spec.options["strata"] else "among all participants"
        notes.append(
            f"Treatments are exchanged {where}, the numbers by arm held as they were. If the "
            "randomisation used smaller blocks, these are not kept."
        )
        return notes
    notes.append(
        "Blocks are taken from the order of the randomisation dates; treatments are exchanged "
        f"within a block, conditional on what was assigned in it; {blocks.incomplete} blocks at "
        "the end of their stratum are incomplete."
    )
    if blocks.uneven:
        notes.append(
            f"{blocks.uneven} complete blocks have other numbers by arm than most: blocks of "
            f"{spec.options['block_size']} in the order of the dates are then not, or not all, "
            "those of the randomisation."
        )
    if blocks.tied:
        notes.append(
            f"{blocks.tied} participants share stratum and day of randomisation with another; "
            "their order is that of their names."
        )
    return notes
