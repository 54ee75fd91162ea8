"""Writes plain data as JSON that people can read and tools can compare line by line."""

from __future__ import annotations

import json
from typing import Any


def json_text(document: dict[str, Any], one_line_each: tuple[str, ...] = ()) -> str:
    """Write a document; equal documents give equal text.

    Args:
        document: Plain data.
        one_line_each: Keys of lists whose items stand on a line each.

    Raises:
        ValueError: A number is not finite, which JSON has no word for.
    """
    parts = [
        f"  {_dumps(key)}: {_lines(value) if key in one_line_each else _indented(value)}"
        for key, value in document.items()
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _dumps(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)


def _indented(value: Any) -> str:
    return _dumps(value, indent=2).replace("\n", "\n  ")


def _lines(items: list[Any]) -> str:
    return "[\n" + ",\n".join(f"    {_dumps(item)}" for item in items) + "\n  ]" if items else "[]"
