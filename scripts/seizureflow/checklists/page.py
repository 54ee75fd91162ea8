"""Renders the filled checklists as a page: one file that asks no other host for anything."""

from __future__ import annotations

from typing import Any

from seizureflow.blinding import DUMMY_TREATMENT, is_dummy
from seizureflow.checklists.answers import Status
from seizureflow.checklists.fill import Checklist
from seizureflow.checklists.study_run import Entry
from seizureflow.displays.pages import content_policy, page_templates
from seizureflow.displays.values import Number

_TEMPLATE = "checklists.html.j2"


def render_checklists(
    protocol: Entry, checklists: list[Checklist], template: str, style: str
) -> str:
    """Render the checklists of a study.

    Args:
        protocol: The study's validated protocol.
        checklists: Its filled checklists.
        template: Text of ``checklists.html.j2``.
        style: Text of the style sheet.

    Returns:
        The page. Its policy lets in this style and nothing else.
    """
    environment = page_templates({_TEMPLATE: template})
    environment.tests["number"] = lambda piece: isinstance(piece, Number)
    environment.tests["address"] = _is_address
    page = environment.get_template(_TEMPLATE).render(
        study=protocol["study"],
        title=protocol["title"],
        simulated=protocol["simulated"],
        dummy=DUMMY_TREATMENT if is_dummy(protocol["treatment"]) else "",
        checklists=checklists,
        statuses=list(Status),
        style=style,
        policy=content_policy(style),
    )
    return page.replace("\r\n", "\n")


def _is_address(source: Any) -> bool:
    """Whether a source is an address on the web and nothing else, which alone becomes a link."""
    text = str(source)
    return text.startswith(("https://", "http://")) and not any(c.isspace() for c in text)
