"""What every page is made with: strict templates, and a policy by which it asks no other host."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

from jinja2 import DictLoader, Environment, StrictUndefined


def page_templates(templates: Mapping[str, str]) -> Environment:
    """Templates of pages: what they are given is escaped, and a name that is not known is an error.

    Args:
        templates: Their texts by file name.
    """
    return Environment(
        loader=DictLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def content_policy(style: str, program: str = "") -> str:
    """The Content-Security-Policy of a page with one inline style and embedded images.

    Args:
        style: Text of the style.
        program: Text of the one inline script; empty where the page has none.
    """
    scripts = f"script-src '{_digest(program)}'; " if program else ""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; {scripts}img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
    return f"sha256-{digest}"
