"""An output as a page, and the page that names them all: files that need nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from seizureflow.displays.pages import content_policy, page_templates
from seizureflow.displays.values import Number
from seizureflow.outputs.alignment import aligned
from seizureflow.outputs.output import Output

TABLE, INDEX = "table.html.j2", "tables_index.html.j2"
_CHAPTERS = {
    "14.1": "Participants",
    "14.2": "Efficacy",
    "14.3": "Safety",
    "16.2": "Listings",
}


class Pages:
    """Makes the pages of a study; their policy lets in the style sheet and nothing else."""

    def __init__(self, templates: Mapping[str, str], style: str) -> None:
        """Compile the templates.

        Args:
            templates: Texts of the templates by file name.
            style: Text of the style sheet.
        """
        self._style = style
        self._environment = page_templates(templates)
        self._environment.tests["number"] = lambda piece: isinstance(piece, Number)

    def page(self, output: Output) -> str:
        """Render an output."""
        shown = replace(output, tables=tuple(aligned(table) for table in output.tables))
        return self._rendered(TABLE, {"output": shown})

    def index(self, outputs: Sequence[Output]) -> str:
        """Render the list of outputs with links to their files."""
        chapters = [
            (f"{number} {_CHAPTERS.get(number, '')}".strip(), list(own))
            for number, own in groupby(outputs, key=lambda output: output.number[:4])
        ]
        study, warnings = outputs[0].study, outputs[0].warnings
        context = {"chapters": chapters, "study": study, "warnings": warnings}
        return self._rendered(INDEX, context)

    def _rendered(self, name: str, context: dict[str, Any]) -> str:
        page = self._environment.get_template(name).render(
            **context, style=self._style, policy=content_policy(self._style)
        )
        return page.replace("\r\n", "\n")
