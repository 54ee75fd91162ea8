"""The page over all studies of a run: what each asked, what it found, and where it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from seizureflow.report.page import render_page

Entry = dict[str, Any]

_TITLES = {
    "report.html": "Report",
    "report.pdf": "Report, printed (PDF)",
    "tables/index.html": "Tables and listings",
    "checklists.html": "Reporting checklists",
    "adam/define.html": "Specification of the datasets",
    "ard.csv": "All results (CSV)",
}


def index_page(
    summaries: Sequence[Entry],
    pages: Sequence[str],
    templates: Mapping[str, str],
    style: str,
) -> str:
    """Render the page.

    Args:
        summaries: One per study, see :func:`seizureflow.report.summary.study_summary`.
        pages: Files that every study has, relative to its folder, in the order to be shown.
        templates: Texts of the templates by file name.
        style: Text of the style sheet.
    """
    links = [(page, _TITLES.get(page, page)) for page in pages]
    context = {"studies": list(summaries), "links": links}
    return render_page(templates, style, context, name="index.html.j2")
