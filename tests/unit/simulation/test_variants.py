"""An edited participant is derived as the whole edited study would be."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from seizureflow.protocol import load_protocol
from seizureflow.simulation.calibration import edit_plans
from seizureflow.simulation.edits import apply_edits
from seizureflow.simulation.objective import Objective
from seizureflow.simulation.study_data import study_data
from seizureflow.simulation.targets import read_targets
from seizureflow.simulation.variants import Variants
from seizureflow.streams import Streams
from seizureflow.study_days import study_day

ROOT = Path(__file__).parents[3]
OPUS = ROOT / "studies" / "opus"


@pytest.fixture(scope="module")
def protocol():
    return load_protocol(OPUS, ROOT / "schemas")


@pytest.fixture(scope="module")
def data(protocol):
    return study_data(protocol)


@pytest.fixture(scope="module")
def diary(data):
    raw = pd.read_csv(OPUS / "data" / "diary.csv", dtype=str, keep_default_na=False)
    day_one = data["participants"].set_index("USUBJID")["RFDT"]
    return raw.assign(day=study_day(pd.to_datetime(raw["date"]), raw["participant"].map(day_one)))


@pytest.fixture(scope="module")
def targets():
    return read_targets(yaml.safe_load((OPUS / "published.yaml").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def plans(protocol, data, diary, targets):
    return edit_plans(protocol, data, diary, targets, Streams.of(np.random.default_rng(1)))


@pytest.fixture(scope="module")
def edits(plans):
    edits = np.zeros(len(plans), dtype=np.int64)
    edits[:6] = [3, -2, 1, -plans[3].seizures, 0, 7]
    return edits


@pytest.fixture(scope="module")
def edited(data, diary, plans, edits, tmp_path_factory):
    """The study read anew after the edits."""
    folder = tmp_path_factory.mktemp("edited") / "opus"
    shutil.copytree(OPUS, folder)
    table = apply_edits(diary.drop(columns="day"), diary["day"], plans, edits.tolist())
    table.to_csv(folder / "data" / "diary.csv", index=False)
    return study_data(load_protocol(folder, ROOT / "schemas"))


def test_one_plan_for_everybody_with_a_diary_after_week_8(plans):
    assert len(plans) == 66
    assert {day for plan in plans for day, _ in plan.additions} <= set(range(57, 169))


def test_adsz_of_edited_diaries(protocol, data, plans, edits, edited):
    pd.testing.assert_frame_equal(Variants(protocol, data, plans).adsz(edits), edited["adsz"])


def test_an_edit_after_the_baseline_leaves_adsl_and_eligibility_alone(data, edited):
    for name in ("adsl", "eligibility"):
        pd.testing.assert_frame_equal(data[name], edited[name])


def test_numbers_are_those_of_the_edited_study(protocol, data, targets, plans, edits, edited):
    objective = Objective(protocol, data, targets, plans)
    fresh = Objective(protocol, edited, targets, plans)
    nothing = np.zeros(len(plans), dtype=np.int64)
    for chosen in (objective.response_targets, objective.other_targets):
        assert len(chosen) > 4
        np.testing.assert_array_equal(
            objective.measure(edits, chosen), fresh.measure(nothing, chosen)
        )


def test_the_responses_stay_within_the_range_given_and_change_beyond(
    protocol, data, targets, plans
):
    objective = Objective(protocol, data, targets, plans)
    nothing = np.zeros(len(plans), dtype=np.int64)
    lower, upper = objective.unchanged(nothing)

    def responses(index, edit):
        return [objective.variants.outcome(index, edit, *which) for which in objective.responses]

    for index, plan in enumerate(plans[:12]):
        low, high = plan.limits
        assert low <= lower[index] <= 0 <= upper[index] <= high
        for inside, beyond in ((lower[index], lower[index] - 1), (upper[index], upper[index] + 1)):
            assert responses(index, int(inside)) == responses(index, 0)
            if low <= beyond <= high:
                assert responses(index, int(beyond)) != responses(index, 0)


def test_positions_never_fall_with_more_seizures(protocol, data, targets, plans):
    objective = Objective(protocol, data, targets, plans[:5])
    reach = np.full(5, 4)
    limits = np.array([plan.limits for plan in plans[:5]])
    lower, upper = np.maximum(-reach, limits[:, 0]), np.minimum(reach, limits[:, 1])
    for own in objective.positions(lower, upper, objective.other_targets):
        assert (np.diff(own) >= 0).all()
        assert own[-1] > own[0]
