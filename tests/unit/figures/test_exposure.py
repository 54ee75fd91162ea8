import pandas as pd
import pytest
from matplotlib.collections import LineCollection
from seizureflow.figures.drawing import FigurePlan
from seizureflow.figures.exposure import draw
from seizureflow.figures.style import save_figure
from seizureflow.figures.swimmer_rows import COMPLETED, OTHER_REASON, endings, swimmers
from unit.figures.image_reference import assert_looks_like
from unit.figures.small_studies import make_adsl, make_design


def people(sizes, left=None, never=()):
    """ADSL; ``left`` gives day and reason of those who did not complete on day 57."""
    adsl = make_adsl(sizes)
    left = left or {}
    return adsl.assign(
        DOSEDFL=[("N" if who in never or flag == "N" else "Y") for who, flag in
                 zip(adsl["USUBJID"], adsl["RANDFL"], strict=True)],
        EOSDY=[left.get(who, (57, None))[0] for who in adsl["USUBJID"]],
        COMPLFL=["N" if who in left else "Y" for who in adsl["USUBJID"]],
        DCSREAS=[left.get(who, (57, None))[1] for who in adsl["USUBJID"]],
    )  # fmt: skip


def dosed(adsl, days=(1, 29)):
    treated = adsl.loc[adsl["DOSEDFL"] == "Y", ["USUBJID", "EOSDY"]]
    rows = [
        (who, day) for who, end in treated.itertuples(index=False) for day in days if day <= end
    ]
    return pd.DataFrame(rows, columns=["USUBJID", "ASTDY"]).assign(AENDY=float("nan"))


def events(*rows):
    columns = ["USUBJID", "ASTDY", "AESER", "AEWDFL", "TRTEMFL"]
    return pd.DataFrame(rows, columns=columns)


LEFT = {"active-2": (20, "adverse event"), "placebo-3": (40, None)}
EVENTS = events(
    ("active-2", 15, "Y", "Y", "Y"),
    ("active-1", 30, "N", "N", "Y"),
    ("active-1", -5, "Y", "N", "N"),  # before treatment
    ("placebo-1", 10, "Y", "N", "Y"),
)


def drawn(sizes=None, left=LEFT, adae=EVENTS, arms=2, never=(), simulated=False, dummy=False):
    adsl = people({"placebo": 3, "active": 2} if sizes is None else sizes, left, never)
    protocol = {
        "simulated": simulated,
        "treatment": "dummy" if dummy else "unblinded",
        "design": make_design(arms),
    }
    data = {"adsl": adsl, "adex": dosed(adsl)} | ({} if adae is None else {"adae": adae})
    return draw(FigurePlan(protocol, (), {}, 0.95), data)


def test_the_rows_are_those_of_the_data():
    adsl = people({"placebo": 3, "active": 2}, LEFT, never=["placebo-2"])
    found = swimmers(adsl, dosed(adsl), EVENTS, "active")
    # Day 57 is 56 days after day 1; the longest in the study is on top.
    assert [(s.person, s.doses, s.last_dose, s.end) for s in found] == [
        ("active-1", (0, 28), 29, 56),
        ("active-2", (0,), 1, 19),
    ]
    assert [s.ending for s in found] == [COMPLETED, "Adverse event"]
    assert [(s.serious, s.withdrawing) for s in found] == [((), ()), ((14,), (14,))]
    placebo = swimmers(adsl, dosed(adsl), None, "placebo")
    assert [s.person for s in placebo] == ["placebo-1", "placebo-3"]
    assert placebo[1].ending == "Left, reason not known"


def test_unknown_ends_last_doses_and_partial_dates():
    adsl = people({"placebo": 1}).assign(EOSDY=None, COMPLFL=None)
    adex = pd.DataFrame(
        {"USUBJID": ["placebo-1"] * 3, "ASTDY": [1.0, 29.0, None], "AENDY": [28.0, 42.0, None]}
    )
    (one,) = swimmers(adsl, adex, None, "placebo")
    assert (one.end, one.ending, one.last_dose, one.duration) == (None, "", 42, 42)


def test_rare_reasons_share_a_mark():
    left = {f"placebo-{n}": (20, f"reason {n % 9}") for n in range(1, 20)}
    adsl = people({"placebo": 20}, left)
    shown = endings(swimmers(adsl, dosed(adsl), None, "placebo"))
    assert list(shown.values()).count(OTHER_REASON) == 4  # 9 reasons, 5 with a mark of their own
    assert shown["Reason 1"] == "Reason 1"


def test_lines_doses_and_marks_are_drawn(check_layout):
    drawing = drawn(never=["placebo-2"], simulated=True)
    words = check_layout(drawing.figure)
    assert {"Dose", "Completed the study", "Adverse event", "Serious adverse event"} <= set(words)
    placebo, active = drawing.figure.axes
    lines = [c.get_segments() for c in active.collections if isinstance(c, LineCollection)]
    assert [segment.tolist() for segment in lines[0]] == [[[0, 0], [57, 0]], [[0, 1], [20, 1]]]
    assert [segment[0][0] for segment in lines[-1]] == [0, 28, 0]
    serious = [line for line in active.lines if line.get_marker() == "D"]
    assert [(list(line.get_xdata()), list(line.get_ydata())) for line in serious] == [([14], [1])]
    assert len([line for line in placebo.lines if line.get_marker() == "D"]) == 1
    assert "1 of placebo" in drawing.caption
    assert "Active 10 mg, 2 participants: 1 completed, 1 left, 1 with a serious" in drawing.alt


def test_without_adverse_events_nothing_is_said_of_them(check_layout):
    drawing = drawn(adae=None)
    words = " ".join([*check_layout(drawing.figure), drawing.caption, drawing.alt])
    assert "erious" not in words
    assert "diamond" not in words


@pytest.mark.parametrize(
    "sizes",
    [
        pytest.param({"placebo": 2, "active": 0, "high": 1}, id="an arm empty"),
        pytest.param({"placebo": 100, "active": 100, "high": 100}, id="many"),
    ],
)
def test_three_arms(check_layout, sizes):
    left = {"placebo-1": (20, "withdrawal by participant, " * 4)}
    drawing = drawn(sizes, left, adae=EVENTS[:0], arms=3, simulated=True, dummy=True)
    words = check_layout(drawing.figure)
    assert ("No participants" in words) is (sizes["active"] == 0)
    assert drawing.caption.endswith("DUMMY TREATMENT.")


def test_without_doses_a_sentence_says_so(check_layout):
    drawing = drawn({"placebo": 1}, never=["placebo-1"])
    assert any("has a recorded dose" in word for word in check_layout(drawing.figure))


def test_it_looks_as_it_did():
    assert_looks_like(drawn(simulated=True).figure, "exposure")


def test_two_runs_give_the_same_bytes(tmp_path):
    kinds = ("svg", "png", "pdf")
    for name in ("first", "second"):
        save_figure(drawn().figure, *(tmp_path / f"{name}.{kind}" for kind in kinds))
    for kind in kinds:
        first, second = ((tmp_path / f"{name}.{kind}").read_bytes() for name in ("first", "second"))
        assert first == second
