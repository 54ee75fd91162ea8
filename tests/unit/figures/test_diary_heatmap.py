import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PolyCollection, QuadMesh
from seizureflow.figures.diary_heatmap import diary_heatmap
from seizureflow.figures.diary_heatmap import draw as diary_heatmap_figure
from seizureflow.figures.drawing import FigurePlan
from seizureflow.figures.style import save_figure
from unit.figures.image_reference import assert_looks_like
from unit.figures.small_studies import make_adsl, make_design

KINDS = ("svg", "png", "pdf")
DIARY = {
    "seizure_types": [
        {"id": "focal", "countable": True},
        {"id": "other", "countable": False},
    ],
    "cluster_count_per_day": 1,
}


def daily(people, first=-28, last=56, missing=()):
    days = [day for day in range(first, last + 1) if day != 0]
    rows = [
        (person, day, day + 1 if day != -1 else 1, (person, day) not in missing)
        for person in people
        for day in days
    ]
    return pd.DataFrame(rows, columns=["USUBJID", "START", "END", "RECORDED"])


def seizures(*rows):
    frame = pd.DataFrame(rows, columns=["USUBJID", "START", "SEIZTYPE", "COUNT"])
    return frame.assign(CLUSTER=False).astype({"COUNT": "int64", "START": "int64"})


def draw(adsl, intervals, counts, design=None, simulated=False, dummy=False):
    return diary_heatmap(
        adsl, intervals, counts, DIARY, design or make_design(), simulated=simulated, dummy=dummy
    )


def cells(axis):
    mesh = next(item for item in axis.collections if isinstance(item, QuadMesh))
    return mesh.get_array()


def hatched(axis):
    """First day and day after the last of every hatched stretch, with its row."""
    (patches,) = (item for item in axis.collections if isinstance(item, PolyCollection))
    assert patches.get_hatch()
    boxes = [path.get_extents() for path in patches.get_paths()]
    return [(box.x0, box.x1, int(box.y0)) for box in boxes]


def test_each_cell_is_one_day_of_one_participant(check_layout):
    adsl = make_adsl({"placebo": 3, "active": 2})
    counts = seizures(
        ("placebo-3", 1, "focal", 2), ("placebo-3", -28, "focal", 5), ("placebo-1", 1, "other", 9)
    )
    figure = draw(adsl, daily(adsl["USUBJID"]), counts)
    words = check_layout(figure)
    placebo, active = figure.axes[:2]
    assert [cells(axis).shape for axis in (placebo, active)] == [(3, 84), (2, 84)]
    assert "Placebo\n3 participants" in words  # the reference on top, screen failures not shown
    assert words.index("Placebo\n3 participants") < words.index("Active 10 mg\n2 participants")
    shown = cells(placebo)
    # Rows by baseline frequency, the highest on top; day 1 follows 28 days of baseline.
    assert (shown[0, 0], shown[0, 28]) == (5, 2)
    norm = next(item for item in placebo.collections if isinstance(item, QuadMesh)).norm
    assert shown[2, 28] < norm.vmin  # "no countable seizures" is below the scale, not missing
    assert not shown.mask.any()
    assert "Not recorded" not in words
    assert "After the last diary day" not in words


def test_missing_days_and_days_after_the_end_are_told_apart(check_layout):
    adsl = make_adsl({"placebo": 2, "active": 1})
    missing = {("placebo-2", day) for day in (-1, 1, 2, 10)}
    intervals = pd.concat(
        [
            daily(["placebo-2", "active-1"], missing=missing),
            daily(["placebo-1"], last=20),
        ]
    )
    figure = draw(adsl, intervals, seizures(("placebo-2", 5, "focal", 1)), simulated=True)
    words = check_layout(figure)
    assert {"Not recorded", "After the last diary day", "Simulated participants"} <= set(words)
    placebo = figure.axes[0]
    assert hatched(placebo) == [(-1, 2, 0), (9, 10, 0)]
    assert cells(placebo).mask.sum() == 4 + 36
    assert cells(placebo).mask[1, 28 + 20 :].all()


def test_days_without_a_row_inside_the_diary_are_not_recorded(check_layout):
    adsl = make_adsl({"placebo": 1, "active": 1})
    intervals = daily(["placebo-1", "active-1"], missing={("placebo-1", 10)})
    absent = (intervals["USUBJID"] == "placebo-1") & intervals["START"].isin(
        [-2, -1, 1, 11, 12, 56]
    )
    figure = draw(adsl, intervals[~absent], seizures(("placebo-1", 5, "focal", 1)))
    check_layout(figure)
    # day 10 says so, days -2 to 1, 11 and 12 have no row, day 56 lies after the diary
    assert hatched(figure.axes[0]) == [(-2, 1, 0), (9, 12, 0)]


def test_a_period_is_a_wide_cell_with_its_mean_per_day(check_layout):
    adsl = make_adsl({"placebo": 1, "active": 1})
    periods = [(-28, 1, True), (1, 15, True), (15, 29, False), (29, 57, True)]
    intervals = pd.DataFrame(
        [(person, *period) for person in adsl["USUBJID"][:2] for period in periods],
        columns=["USUBJID", "START", "END", "RECORDED"],
    )
    counts = seizures(("placebo-1", -28, "focal", 14), ("placebo-1", 1, "focal", 28))
    figure = draw(adsl, intervals, counts)
    words = check_layout(figure)
    assert any("mean of the period" in word for word in words)
    shown = cells(figure.axes[0])[0]
    assert shown[:28].tolist() == [0.5] * 28
    assert shown[28:42].tolist() == [2.0] * 14
    assert shown[42:56].mask.all()
    assert hatched(figure.axes[0]) == [(14, 28, 0)]


@pytest.mark.parametrize(
    ("sizes", "counts"),
    [
        pytest.param({"placebo": 2}, [], id="no seizures, an arm without participants"),
        pytest.param({"placebo": 1, "active": 1}, [("placebo-1", 1, "focal", 1)], id="one"),
        pytest.param({}, [], id="nobody randomised"),
        pytest.param({"placebo": 130, "active": 120}, [("active-9", 3, "focal", 99)], id="many"),
    ],
)
def test_degenerate_studies_are_drawn(check_layout, sizes, counts):
    adsl = make_adsl(sizes)
    intervals = daily(adsl.loc[adsl["RANDFL"] == "Y", "USUBJID"], last=3)
    figure = draw(adsl, intervals.astype({"RECORDED": bool}), seizures(*counts))
    words = check_layout(figure)
    assert ("No participants" in words) is (len(sizes) < 2)


def test_a_participant_without_a_diary_has_an_empty_row(check_layout):
    adsl = make_adsl({"placebo": 2, "active": 1}).assign(BSFREQ=np.nan)
    figure = draw(adsl, daily(["placebo-1", "active-1"]), seizures())
    check_layout(figure)
    assert cells(figure.axes[0]).mask.all(axis=1).tolist() == [False, True]


def test_three_arms_and_the_line_at_day_1(check_layout):
    adsl = make_adsl({"placebo": 4, "active": 4, "high": 4})
    figure = draw(adsl, daily(adsl["USUBJID"]), seizures(), make_design(arms=3))
    words = check_layout(figure)
    assert "Day 1" in words
    for axis in figure.axes[:3]:
        assert any(np.allclose(line.get_xdata(), 0) for line in axis.lines)


def test_two_runs_give_the_same_bytes(tmp_path):
    adsl = make_adsl({"placebo": 3, "active": 3})
    for name in ("first", "second"):
        figure = draw(adsl, daily(adsl["USUBJID"]), seizures(("active-1", 2, "focal", 3)))
        save_figure(figure, *(tmp_path / f"{name}.{kind}" for kind in KINDS))
    for kind in KINDS:
        first, second = ((tmp_path / f"{name}.{kind}").read_bytes() for name in ("first", "second"))
        assert first == second


@pytest.mark.parametrize(("longest", "word"), [(1, "day"), (28, "period")])
def test_the_words_say_whether_a_column_is_a_day(longest, word):
    adsl = make_adsl({"placebo": 1, "active": 1})
    intervals = daily(adsl["USUBJID"])  # day -1 ends on day 1: its numbers are two apart
    intervals.loc[0, "END"] = intervals.loc[0, "START"] + longest
    design = make_design()
    protocol = {"simulated": False, "treatment": "dummy", "design": design, "diary": DIARY}
    data = {"adsl": adsl, "intervals": intervals, "seizures": seizures()}
    drawing = diary_heatmap_figure(FigurePlan(protocol, (), {}, 0.95), data)
    assert f"each column a {word}," in drawing.caption
    assert drawing.caption.endswith("DUMMY TREATMENT.")


def test_it_looks_as_it_did():
    adsl = make_adsl({"placebo": 4, "active": 3})
    missing = {("placebo-3", day) for day in range(5, 15)} | {("active-2", -3)}
    counts = seizures(*((f"placebo-{n}", 5 * n, "focal", n) for n in range(1, 5)))
    intervals = daily(adsl["USUBJID"], missing=missing)
    assert_looks_like(draw(adsl, intervals, counts, simulated=True), "diary_heatmap")
