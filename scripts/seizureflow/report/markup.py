"""Numbers and cells as HTML: each number names its row of the results and leads to it."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup, escape

from seizureflow.displays.values import Cell, Piece
from seizureflow.report.result_rows import RowNumbers


class NumberMarkup:
    """Writes numbers as links to the rows of the results that the page holds."""

    def __init__(self, rows: RowNumbers, compared: Mapping[str, int]) -> None:
        """Take what numbers lead to.

        Args:
            rows: Rows of the results.
            compared: Rows by the identities of published numbers, see
                :meth:`RowNumbers.compared`.
        """
        self._rows = rows
        self._compared = compared

    def piece(self, piece: Piece) -> Markup:
        """A number with its identity and exact value; words as they are."""
        if isinstance(piece, str):
            return escape(piece)
        data = (
            f'<data value="{escape(piece.exact)}" data-result="{escape(piece.identity)}">'
            f"{escape(piece.text)}</data>"
        )
        row = self._rows.of(piece.identity) or self._compared.get(piece.identity)
        return Markup(data if row is None else f'<a class="n" href="#r{row}">{data}</a>')  # noqa: S704

    def cell(self, cell: Cell) -> Markup:
        """The pieces of a cell."""
        return Markup("").join(map(self.piece, cell))
