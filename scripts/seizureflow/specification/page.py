"""Renders a specification as a page: one file that asks no other host for anything."""

from __future__ import annotations

from jinja2 import DictLoader, Environment, StrictUndefined

from seizureflow.report.page import content_policy
from seizureflow.specification.model import Specification

_TEMPLATE = "define.html.j2"


def render_specification(specification: Specification, template: str, style: str) -> str:
    """Render a specification.

    Args:
        specification: The specification.
        template: Text of ``define.html.j2``.
        style: Text of the style sheet.

    Returns:
        The page. Its policy lets in this style and nothing else.
    """
    environment = Environment(
        loader=DictLoader({_TEMPLATE: template}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    page = environment.get_template(_TEMPLATE).render(
        specification=specification, style=style, policy=content_policy(style)
    )
    return page.replace("\r\n", "\n")
