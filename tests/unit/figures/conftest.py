"""What every figure must hold to."""

import itertools

import pytest
from matplotlib.text import Text


@pytest.fixture
def drawn_texts(monkeypatch):
    """Draw a figure and give the words that are on it, each with its place in pixels."""

    def draw(figure):
        found = []
        original = Text.draw

        def recorded(text, renderer):
            if text.get_visible() and text.get_text().strip():
                found.append(text)
            original(text, renderer)

        figure.canvas.draw()  # settles the layout
        with monkeypatch.context() as patch:
            patch.setattr(Text, "draw", recorded)
            figure.canvas.draw()
        return {text: text.get_window_extent() for text in found}

    return draw


@pytest.fixture
def check_layout(drawn_texts):
    """Fail where words are cut by the edge of a figure or lie on each other; give the words."""

    def check(figure):
        boxes = drawn_texts(figure)
        for text, box in boxes.items():
            inside = box.x0 >= 0 and box.y0 >= 0
            inside &= box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1
            assert inside, f"cut: {text.get_text()!r}"
        for (one, box), (other, second) in itertools.combinations(boxes.items(), 2):
            apart = box.x1 <= second.x0 + 1 or second.x1 <= box.x0 + 1
            apart |= box.y1 <= second.y0 + 1 or second.y1 <= box.y0 + 1
            assert apart, f"overlap: {one.get_text()!r}, {other.get_text()!r}"
        return [text.get_text() for text in boxes]

    return check
