import pytest
from seizureflow.figures.text_boxes import (
    PADDING,
    PITCH,
    Paragraph,
    broken_lines,
    text_box,
    text_width,
)

LONG = "Donaudampfschifffahrtsgesellschaft"


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("room", [0.3, 1.0, 2.5])
@pytest.mark.parametrize("text", ["Lost to follow-up (n = 3)", LONG, f"a {LONG} b", ""])
def test_no_line_is_wider_than_its_room(text, room, bold):
    lines = broken_lines(text, room, bold=bold)
    assert all(text_width(line, bold=bold) <= room for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_count_is_not_parted():
    # Room for "Age (n =" but not for the whole; the brackets go into a line of their own.
    count = "(n = 4)".replace(" ", "\N{NO-BREAK SPACE}")
    room = text_width(f"Age {count[:-2]}")
    assert broken_lines(f"Age {count}", room) == ["Age", count]


def test_a_box_is_as_high_as_its_lines():
    box = text_box([Paragraph("Randomised", bold=True), Paragraph("one two", indent=0.12)], 0.75)
    assert [line for line, _, _ in box.lines] == ["Randomi", "sed", "one", "two"]
    assert [indent for _, indent, _ in box.lines] == pytest.approx([0, 0, 0.12, 0.22])
    assert box.height == pytest.approx(4 * PITCH + 2 * PADDING)
