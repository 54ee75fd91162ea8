"""Makes a drawing that stands in a page, styled by the page, a drawing of its own."""

from __future__ import annotations

import re
from html import escape

from seizureflow.printing.html_tree import Element

_WIDTH = 640  # pixels; what shares of the width in the drawing are of
_HEIGHT = "86"
_RULE = re.compile(r"([^{}]*\.picture[^{}]*)\{([^{}]*)\}")
_VARIABLE = re.compile(r"(--[\w-]+):\s*([^;}]+)")
_USE = re.compile(r"var\((--[\w-]+)\)")
_INK = "#222222"


def picture_style(styles: str) -> str:
    """The rules of a style sheet for pictures (class ``picture``), their variables filled in."""
    variables: dict[str, str] = {}
    for name, value in _VARIABLE.findall(styles):
        variables.setdefault(name, value.strip())
    rules = "".join(f"{selector}{{{body}}}" for selector, body in _RULE.findall(styles))
    return _USE.sub(lambda used: variables.get(used[1], _INK), rules)


def picture_svg(element: Element, style: str) -> str:
    """An ``svg`` element of a page as a file.

    Args:
        element: The element; its lengths may be shares of its width.
        style: Its style, see :func:`picture_style`.
    """
    height = element.attributes.get("height", _HEIGHT)
    classes = escape(" ".join(sorted(element.classes)))
    box = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    inner = "".join(map(_markup, element.children))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} class="{classes}">'
        f"<style>{style}</style>{inner}</svg>"
    )


def _markup(node: Element | str) -> str:
    if isinstance(node, str):
        return escape(node)
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in node.attributes.items())
    return f"<{node.tag}{attributes}>{''.join(map(_markup, node.children))}</{node.tag}>"
