"""The comparison of pictures finds what a reader would see, and nothing else."""

import pytest
from seizureflow.figures import style
from unit.figures import image_reference
from unit.figures.image_reference import assert_looks_like


@style.house_style()
def drawn(height=0.5, word="Placebo", colour="#7A7A7A"):
    figure = style.new_figure("A figure", 3.0, simulated=False, dummy=False)
    axis = figure.subplots()
    axis.plot([0, 1, 2], [0.2, height, 0.8], "o-", color=colour, markersize=9)
    axis.set(ylim=(0, 1), xlabel="Weeks")
    axis.text(1.0, 0.1, word, fontsize=14)
    return figure


@pytest.fixture
def references(tmp_path, monkeypatch):
    monkeypatch.setattr(image_reference, "REFERENCES", tmp_path)
    with monkeypatch.context() as patch:
        patch.setenv("SEIZUREFLOW_WRITE_REFERENCES", "1")
        assert_looks_like(drawn(), "figure")
    monkeypatch.delenv("SEIZUREFLOW_WRITE_REFERENCES", raising=False)
    return tmp_path


@pytest.mark.usefixtures("references")
def test_the_same_figure_passes():
    assert_looks_like(drawn(), "figure")
    assert_looks_like(drawn(height=0.5005), "figure")  # a part of a pixel


@pytest.mark.usefixtures("references")
@pytest.mark.parametrize(
    "changed", [{"height": 0.55}, {"word": "Placeb"}, {"colour": "#D55E00"}], ids=str
)
def test_what_a_reader_would_see_fails(changed):
    with pytest.raises(AssertionError, match="differs from"):
        assert_looks_like(drawn(**changed), "figure")


@pytest.mark.usefixtures("references")
def test_without_a_reference_it_says_how_to_make_one():
    with pytest.raises(AssertionError, match="SEIZUREFLOW_WRITE_REFERENCES=1"):
        assert_looks_like(drawn(), "another")
