import numpy as np
import pandas as pd
import pytest
from seizureflow.simulation.edits import EditPlan, apply_edits, plan_edits

TYPES = ("motor", "impaired")


@pytest.fixture
def diary():
    """Recorded days 50 to 79 of one participant; a cluster on day 60, a bad day before."""
    days = np.arange(50, 80)
    rng = np.random.default_rng(1)
    table = pd.DataFrame(
        {"day": days, "motor": rng.poisson(0.3, 30), "impaired": rng.poisson(0.5, 30)}
    )
    table["cluster"] = np.where(days == 60, "motor", "")
    table.loc[table["day"] == 60, "motor"] = 0
    table.loc[table["day"] == 52, "impaired"] = 4
    return table.drop(index=[25, 26]).reset_index(drop=True)


@pytest.fixture
def plan(diary):
    return plan_edits("P1", diary, TYPES, [range(57, 78)], np.random.default_rng(2))


def editable(diary):
    return diary[(diary["day"] >= 57) & (diary["day"] < 78) & (diary["cluster"] == "")]


def test_only_recorded_days_in_the_windows_without_a_cluster_are_edited(diary, plan):
    assert {day for day, _ in (*plan.additions, *plan.removals)} <= set(editable(diary)["day"])


def test_every_seizure_there_can_be_removed_and_no_other(diary, plan):
    there = editable(diary)[list(TYPES)].sum().to_dict()
    removable = pd.Series([kind for _, kind in plan.removals]).value_counts().to_dict()
    assert removable == there
    assert plan.seizures == sum(there.values())
    assert plan.limits == (-plan.seizures, len(plan.additions))


def test_no_day_becomes_worse_than_the_participants_worst(diary, plan):
    totals = diary.set_index("day")[list(TYPES)].sum(axis=1)
    after = totals.add(pd.Series(plan.days(plan.limits[1])), fill_value=0)
    assert after.max() == totals.max() >= 4


def test_a_quiet_participant_gets_ordinary_days():
    quiet = pd.DataFrame({"day": [60, 61], "motor": 0, "impaired": 0, "cluster": ""})
    plan = plan_edits("P1", quiet, TYPES, [range(57, 78)], np.random.default_rng(1))
    assert max(plan.days(plan.limits[1]).values()) <= 2
    assert plan.limits[0] == 0


def test_an_edit_is_the_beginning_of_a_longer_one():
    plan = EditPlan("P1", ((5, "a"), (3, "a"), (5, "a"), (5, "b")), ((4, "b"),), 1)
    assert plan.cells(3) == [((3, "a"), 1), ((5, "a"), 2)]
    assert plan.cells(4) == [((3, "a"), 1), ((5, "a"), 2), ((5, "b"), 1)]
    assert plan.cells(-1) == [((4, "b"), -1)]
    assert plan.days(4) == {3: 1, 5: 3}
    assert plan.cells(0) == []


def test_edits_change_the_counts_they_name_and_nothing_else():
    raw = pd.DataFrame(
        {
            "participant": ["P1", "P1", "P2"],
            "recorded": ["Y", "N", "Y"],
            "motor": ["2", "", "0"],
        }
    )
    days = pd.Series([60, 61, 60])
    plans = [EditPlan("P1", (), ((60, "motor"),), 2), EditPlan("P2", ((60, "motor"),) * 2, (), 0)]
    edited = apply_edits(raw, days, plans, [-1, 2])
    assert edited["motor"].tolist() == ["1", "", "2"]
    assert edited.drop(columns="motor").equals(raw.drop(columns="motor"))
    assert raw["motor"].tolist() == ["2", "", "0"]
