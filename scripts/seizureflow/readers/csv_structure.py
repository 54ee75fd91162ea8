"""Finds the records of a delimited text file, and what breaks its structure, in one pass.

The structure is that of RFC 4180: a cell that begins with a quotation mark ends with one, and a
quotation mark within it is doubled. Parsers are lenient here, each in its own way, and then shift
or swallow cells in silence; so the structure is checked before a parser sees the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from seizureflow.readers.limits import MAX_CELL_CHARACTERS, MIB

QUOTE, LINE_FEED, RETURN = ord('"'), ord("\n"), ord("\r")
_WINDOW = 8 * MIB
_NONE = np.empty(0, np.int64)


@dataclass(frozen=True)
class LongCell:
    """A cell of more bytes than a cell may have characters: line, position from 0, its bytes."""

    line: int
    position: int
    start: int
    end: int


@dataclass
class Structure:
    """The records of a delimited file.

    Attributes:
        columns: Number of cells of the header, 0 where there is none.
        header: First byte of the header and first byte after its line.
        lines: Line of each record below the header (int64), blank lines left out.
        ragged_lines: Lines of the records with another number of cells than the header.
        ragged_cells: Their numbers of cells.
        blank_lines: Blank lines between records.
        long_cells: Cells that may be too long.
        longest_record: Bytes of the longest record.
        breaks_in_cells: Whether a quoted cell holds a line break.
        bad_quote: Line on which the quoting breaks and line on which that cell begins, or None.
            The other attributes then describe the file only up to about there.
    """

    columns: int = 0
    header: tuple[int, int] = (0, 0)
    lines: np.ndarray = field(default_factory=lambda: _NONE)
    ragged_lines: np.ndarray = field(default_factory=lambda: _NONE)
    ragged_cells: np.ndarray = field(default_factory=lambda: _NONE)
    blank_lines: np.ndarray = field(default_factory=lambda: _NONE)
    long_cells: list[LongCell] = field(default_factory=list)
    longest_record: int = 0
    breaks_in_cells: bool = False
    bad_quote: tuple[int, int] | None = None


@dataclass
class _State:
    """What one window of the file hands on to the next."""

    line: int = 1  # line of the window's first byte
    record: int = 0  # first byte of the current record
    record_line: int = 1
    cells: int = 0  # delimiters so far in the current record
    separator: int = -1  # last delimiter or line end outside quotes
    quotes: int = 0  # quotation marks so far
    opened: int = 1  # line on which the last quoted cell began


@dataclass(frozen=True)
class _Window:
    """What separates cells and records in one window, as positions in the file."""

    breaks: np.ndarray  # line breaks, those within quotes included
    quotes: np.ndarray
    separators: np.ndarray  # delimiters and line breaks outside quotes
    ends: np.ndarray  # places of the line breaks within ``separators``
    breaks_in_cells: bool


@dataclass(frozen=True)
class _Records:
    """The records that end in one window; ``lines`` has one more, of the record that follows."""

    starts: np.ndarray
    lines: np.ndarray
    cells: np.ndarray
    lengths: np.ndarray

    @property
    def blank(self) -> np.ndarray:
        return (self.cells == 1) & (self.lengths == 0)


def find_structure(data: np.ndarray, delimiter: int, window: int = _WINDOW) -> Structure:
    """Find the records of a delimited file.

    Args:
        data: The file's bytes (uint8), UTF-8 without byte-order mark.
        delimiter: Byte between cells.
        window: Bytes looked at together.
    """
    found, state = Structure(), _State()
    lines, ragged_lines, ragged_cells, blank_lines = [_NONE], [_NONE], [_NONE], [_NONE]
    for start in range(0, len(data), window):
        part = _window(data, delimiter, start, start + window, state)
        found.bad_quote = _bad_quote(data, delimiter, part, state)
        if found.bad_quote:
            return found
        records = _records(data, part, state)
        blank, starts = records.blank, records.starts
        if not found.columns and not blank.all():
            first = int(np.argmin(blank))
            found.columns = int(records.cells[first])
            found.header = (int(starts[first]), int(part.separators[part.ends[first]]) + 1)
        ragged = ~blank & (records.cells != found.columns)
        lines.append(records.lines[:-1][~blank & (starts >= found.header[1])])
        ragged_lines.append(records.lines[:-1][ragged])
        ragged_cells.append(records.cells[ragged])
        blank_lines.append(records.lines[:-1][blank])
        found.long_cells += _long_cells(part, records, state)
        found.longest_record = max(found.longest_record, int(records.lengths.max(initial=0)))
        found.breaks_in_cells |= part.breaks_in_cells
        _hand_on(data, part, records, state)
    if state.quotes % 2:
        found.bad_quote = (state.line, state.opened)
    found.lines = np.concatenate(lines)
    found.ragged_lines = np.concatenate(ragged_lines)
    found.ragged_cells = np.concatenate(ragged_cells)
    blanks = np.concatenate(blank_lines)
    found.blank_lines = blanks[blanks < found.lines.max(initial=0)]
    return found


def _window(data: np.ndarray, delimiter: int, start: int, stop: int, state: _State) -> _Window:
    bytes_ = data[start:stop]
    found = np.flatnonzero((bytes_ == delimiter) | (bytes_ == LINE_FEED) | (bytes_ == RETURN))
    found += start
    kinds = data[found]
    after = data[np.minimum(found + 1, len(data) - 1)]
    inner = (kinds == RETURN) & (after == LINE_FEED)  # CR LF is one break, at its LF
    if inner.any():
        found, kinds = found[~inner], kinds[~inner]
    breaks = found[kinds != delimiter]
    quotes = np.flatnonzero(bytes_ == QUOTE) + start
    if len(quotes) or state.quotes % 2:
        outside = (np.searchsorted(quotes, found) + state.quotes) % 2 == 0
        found, kinds = found[outside], kinds[outside]
    ends = np.flatnonzero(kinds != delimiter)
    breaks_in_cells = len(ends) < len(breaks)
    if stop >= len(data) and not (len(ends) and found[ends[-1]] == len(data) - 1):
        found, ends = np.append(found, len(data)), np.append(ends, len(found))
    return _Window(breaks, quotes, found, ends, breaks_in_cells)


def _records(data: np.ndarray, part: _Window, state: _State) -> _Records:
    ends = part.separators[part.ends]
    starts = np.concatenate([[state.record], ends + 1])
    lines = np.searchsorted(part.breaks, starts) + state.line
    lines[0] = state.record_line
    lengths = ends - starts[:-1]
    lengths -= (lengths > 0) & (data[ends - 1] == RETURN)
    cells = np.diff(part.ends, prepend=-1 - state.cells)
    return _Records(starts[:-1], lines, cells, lengths)


def _bad_quote(
    data: np.ndarray, delimiter: int, part: _Window, state: _State
) -> tuple[int, int] | None:
    """Line of the first quotation mark out of place, and line on which its cell begins."""
    if not len(part.quotes):
        return None
    beside = np.zeros(256, dtype=bool)
    beside[[delimiter, LINE_FEED, RETURN, QUOTE]] = True
    opening = (np.arange(len(part.quotes)) + state.quotes) % 2 == 0
    before = np.where(part.quotes > 0, data[part.quotes - 1], LINE_FEED)
    last = len(data) - 1
    after = np.where(part.quotes < last, data[np.minimum(part.quotes + 1, last)], LINE_FEED)
    bad = ~beside[np.where(opening, before, after)]
    first = int(np.argmax(bad)) if bad.any() else len(bad) - 1
    begins = np.flatnonzero((opening & (before != QUOTE))[: first + 1])
    if len(begins):
        state.opened = _line(part, state, int(part.quotes[begins[-1]]))
    return (_line(part, state, int(part.quotes[first])), state.opened) if bad.any() else None


def _line(part: _Window, state: _State, position: int) -> int:
    return int(np.searchsorted(part.breaks, position)) + state.line


def _long_cells(part: _Window, records: _Records, state: _State) -> list[LongCell]:
    starts = np.concatenate([[state.separator], part.separators[:-1]]) + 1
    cells = []
    for index in np.flatnonzero(part.separators - starts > MAX_CELL_CHARACTERS).tolist():
        record = int(np.searchsorted(part.ends, index))
        position = index - int(part.ends[record - 1]) - 1 if record else index + state.cells
        line = int(records.lines[record])
        cells.append(LongCell(line, position, int(starts[index]), int(part.separators[index])))
    return cells


def _hand_on(data: np.ndarray, part: _Window, records: _Records, state: _State) -> None:
    state.line += len(part.breaks)
    state.quotes += len(part.quotes)
    state.record_line = int(records.lines[-1])
    separators = len(part.separators)
    if len(part.ends):
        state.record = int(part.separators[part.ends[-1]]) + 1
        state.cells = separators - 1 - int(part.ends[-1])
    else:
        state.cells += separators
    if separators:
        state.separator = int(part.separators[-1])
