"""Calibration of a simulated cohort to the published numbers of its trial.

The objective is the protocol's own analyses, run by the library's own derivations and methods, set
against the published numbers with their printed digits. Single seizures are added and removed
until every number prints as published: first so that the right participants respond, then the
finer numbers, the responders staying who they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from seizureflow.array_types import FloatArray, IntArray
from seizureflow.protocol import Protocol
from seizureflow.simulation import option_search, step_search, unit_steps
from seizureflow.simulation.edits import EditPlan, plan_edits
from seizureflow.simulation.goals import Goals
from seizureflow.simulation.objective import Data, Objective
from seizureflow.simulation.option_search import Found, choose_options
from seizureflow.simulation.step_search import Space, step_towards
from seizureflow.simulation.targets import Target
from seizureflow.simulation.unit_steps import settle
from seizureflow.streams import Streams

# The step by which a participant's effect on the numbers is measured, as a share of the seizures.
PROBE = 0.07
# How far a participant's seizures may be changed for the numbers other than responses: a share of
# them, and at least so many.
REACH = 0.4
LEAST_REACH = 4
# Seizures by which a change of a participant's log frequency is dearer than its own number of them.
FEW_SEIZURES = 10
# The most that turning one participant into a responder, or out of one, may cost in seizures.
DEAREST_TURN = 40


@dataclass(frozen=True)
class Calibration:
    """What the search found.

    Attributes:
        plans: the edits possible, one plan per participant.
        edits: the edit chosen for each plan.
        measurements: how often the analyses were run.
    """

    plans: list[EditPlan]
    edits: IntArray
    measurements: int


def calibrate(
    protocol: Protocol, data: Data, diary: pd.DataFrame, targets: Sequence[Target], streams: Streams
) -> Calibration:
    """Search the edits with which the protocol's analyses print the published numbers.

    Args:
        protocol: The analysis plan.
        data: The unedited study (see :func:`seizureflow.simulation.study_data.study_data`).
        diary: The unedited raw diary with the study day of each row in column ``day``.
        targets: The published numbers.
        streams: Random numbers.
    """
    plans = edit_plans(protocol, data, diary, targets, streams.branch("edits"))
    objective = Objective(protocol, data, targets, plans)
    first = _search_responses(objective, streams)
    second = _search_others(objective, first.point)
    return Calibration(plans, second.point, first.measurements + second.measurements)


def edit_plans(
    protocol: Protocol,
    data: Data,
    diary: pd.DataFrame,
    targets: Sequence[Target],
    streams: Streams,
) -> list[EditPlan]:
    """Draw the edit plan of every randomised participant with a diary after the baseline.

    Only days of the windows that the targets' analyses evaluate are edited.
    """
    windows = {w["id"]: range(*w["days"]) for w in protocol.entry("design")["windows"]}
    used = {protocol.analysis(target.analysis).get("window") for target in targets}
    editable = [days for name, days in windows.items() if name in used]
    countable = [
        entry["id"] for entry in protocol.entry("diary")["seizure_types"] if entry["countable"]
    ]
    recorded = diary[diary["recorded"] == "Y"]
    people = data["adsl"].loc[data["adsl"]["RANDFL"] == "Y", "USUBJID"]
    plans = []
    for number, participant in enumerate(people):
        own = recorded[recorded["participant"] == participant].astype(
            dict.fromkeys(countable, "int64")
        )
        rng = streams.generator(number)
        plans.append(plan_edits(participant, own, countable, editable, rng))
    return [plan for plan in plans if plan.additions]


def _goals(targets: Sequence[Target]) -> Goals:
    intervals = [target.interval for target in targets if target.interval is not None]
    return Goals.of(intervals, [target.is_ratio for target in targets])


def _search_responses(objective: Objective, streams: Streams) -> Found:
    """Choose who responds: each participant stays, or is turned by the fewest seizures."""
    targets = objective.response_targets
    lower, upper = objective.unchanged(np.zeros(objective.size, dtype=np.int64))
    options = [
        [0, *(turn for turn in (low - 1, high + 1) if _can_turn(plan, turn))]
        for plan, low, high in zip(objective.plans, lower.tolist(), upper.tolist(), strict=True)
    ]
    return choose_options(
        options,
        lambda edits: objective.measure(edits, targets),
        _goals(targets),
        streams.generator("responses"),
        option_search.Settings(),
    )


def _can_turn(plan: EditPlan, edit: int) -> bool:
    return plan.limits[0] <= edit <= plan.limits[1] and abs(edit) <= DEAREST_TURN


def _search_others(objective: Objective, start: IntArray) -> Found:
    """Meet the remaining targets while everybody's responses stay as they are."""
    targets = objective.other_targets
    plans = objective.plans
    lower, upper = objective.unchanged(start)
    seizures = np.array([plan.seizures for plan in plans]) + start
    reach = np.maximum(LEAST_REACH, np.rint(REACH * seizures)).astype(np.int64)
    lower, upper = np.maximum(lower, start - reach), np.minimum(upper, start + reach)
    space = Space(
        lower=lower,
        positions=objective.positions(lower, upper, targets),
        # A change costs as many seizures as it takes; a few more, so that those with few seizures
        # do not carry it all.
        weights=1.0 / (seizures + FEW_SEIZURES),
        probes=np.maximum(1, np.rint(PROBE * seizures)).astype(np.int64),
    )

    def measure(edits: IntArray) -> FloatArray:
        return objective.measure(edits, targets)

    goals = _goals(targets)
    near = step_towards(start, measure, goals, space, step_search.Settings())
    return settle(near, measure, goals, space, unit_steps.Settings())
