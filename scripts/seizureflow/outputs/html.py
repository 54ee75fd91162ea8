"""An output as a page, and the page that names them all: files that need nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from seizureflow.displays.values import Number
from seizureflow.outputs.alignment import aligned
from seizureflow.outputs.output import Output
from seizureflow.report.page import content_policy

TABLE, INDEX = "table.html.j2", "tables_index.html.j2"
_CHAPTERS = {
    "14.1": "Participants",
    "14.2": "Efficacy",
    "14.3": "Safety",
    "16.2": "Listings",
}


def html_page(output: Output, templates: Mapping[str, str], style: str) -> str:
    """Render an output.

    Args:
        output: The output.
        templates: Texts of the templates by file name.
        style: Text of the style sheet.

    Returns:
        The page. Its policy lets in this style and nothing else.
    """
    shown = replace(output, tables=tuple(aligned(table) for table in output.tables))
    return _rendered(TABLE, templates, style, {"output": shown})


def index_page(outputs: Sequence[Output], templates: Mapping[str, str], style: str) -> str:
    """Render the list of outputs with links to their files; see :func:`html_page`."""
    chapters = [
        (title, list(own))
        for number, own in groupby(outputs, key=lambda output: output.number[:4])
        for title in [f"{number} {_CHAPTERS.get(number, '')}".strip()]
    ]
    context = {"chapters": chapters, "study": outputs[0].study, "warnings": outputs[0].warnings}
    return _rendered(INDEX, templates, style, context)


def _rendered(name: str, templates: Mapping[str, str], style: str, context: dict[str, Any]) -> str:
    environment = Environment(
        loader=DictLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.tests["number"] = lambda piece: isinstance(piece, Number)
    page = environment.get_template(name).render(
        **context, style=style, policy=content_policy(style)
    )
    return page.replace("\r\n", "\n")
