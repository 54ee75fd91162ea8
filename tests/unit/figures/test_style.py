import matplotlib as mpl
import pytest
from seizureflow.figures.style import (
    arm_styles,
    house_style,
    new_figure,
    save_figure,
    sentence_figure,
    wrapped,
)


@pytest.mark.parametrize("simulated", [True, False])
def test_a_figure_says_whether_its_participants_are_simulated(check_layout, simulated):
    with house_style():
        figure = sentence_figure(
            "Title", "There is nothing to draw.", simulated=simulated, dummy=False
        )
    words = check_layout(figure)
    assert ("Simulated participants" in words) is simulated
    assert "There is nothing to draw." in words


def test_a_long_title_keeps_clear_of_the_mark(check_layout):
    with house_style():
        check_layout(new_figure("A long title " * 12, 3, simulated=True, dummy=False))


@pytest.mark.parametrize(
    ("x", "y", "fault"), [(0.5, 0.5, "overlap"), (0.97, 0.2, "cut"), (0.1, 1.2, "cut")]
)
def test_the_check_of_the_layout_finds_faults(check_layout, x, y, fault):
    with house_style():
        figure = new_figure("Title", 2, simulated=False, dummy=False)
        figure.text(0.5, 0.5, "in the middle")
        figure.text(x, y, "somewhere")
    with pytest.raises(AssertionError, match=fault):
        check_layout(figure)


def test_files_are_the_same_whatever_the_users_settings(tmp_path):
    def files(name):
        with house_style():
            figure = new_figure("Title", 2, simulated=True, dummy=False)
            figure.subplots().plot([1, 2], [3, 5], "o", label="points")
        save_figure(figure, *(tmp_path / f"{name}.{kind}" for kind in ("svg", "png", "pdf")))
        return [(tmp_path / f"{name}.{kind}").read_bytes() for kind in ("svg", "png", "pdf")]

    first = files("first")
    with mpl.rc_context({"font.family": "serif", "savefig.dpi": 30, "svg.fonttype": "none"}):
        assert files("second") == first
    assert b"Matplotlib" not in first[0] + first[1]
    assert b"dc:date" not in first[0]


def test_the_users_settings_are_left_as_they_were():
    before = dict(mpl.rcParams)
    with house_style():
        new_figure("Title", 2, simulated=False, dummy=False)
    assert dict(mpl.rcParams) == before


def test_arms_differ_without_colour():
    arms = [{"id": name} for name in "bcde"] + [{"id": "a", "reference": True}]
    styles = arm_styles(arms)
    assert next(iter(styles)) == "a"
    assert len({style.marker for style in styles.values()}) == len(arms)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ""),
        ("word", "word"),
        ("one two three four", "one two\nthree four"),
        ("a line\nanother line", "a line\nanother line"),
        ("incomprehensibilities", "incomprehe\nnsibilitie\ns"),
    ],
)
def test_texts_break_into_lines_of_like_length(text, lines):
    assert wrapped(text, 12) == lines or len(text.split()) == 1
    assert max(map(len, wrapped(text, 12).split("\n"))) <= 12
