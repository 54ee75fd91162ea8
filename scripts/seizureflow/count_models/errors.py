"""The error of a count model that these data admit no fit of."""

from __future__ import annotations


class CountModelError(Exception):
    """A model cannot be fitted; the message is a sentence for the reader of the report."""
