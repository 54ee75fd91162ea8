"""Characters that no table needs, and how a value that may hold them is shown in a finding."""

from __future__ import annotations

import re

from seizureflow.readers.limits import MAX_SHOWN_CHARACTERS

# C0 without tab, line feed and carriage return; DEL and C1; line and paragraph separators; bidi
# overrides and isolates, which show text in another order than it is stored; the byte-order mark.
_RANGES = (
    (0x00, 0x08),
    (0x0B, 0x0C),
    (0x0E, 0x1F),
    (0x7F, 0x9F),
    (0x2028, 0x2029),
    (0x202A, 0x202E),
    (0x2066, 0x2069),
    (0xFEFF, 0xFEFF),
)

CONTROL_RE2 = "[" + "".join(rf"\x{{{low:x}}}-\x{{{high:x}}}" for low, high in _RANGES) + "]"
"""The characters as a class of RE2, the regular expressions of Arrow."""

# Half of a surrogate pair, which JSON can spell, is no character at all.
_CLASS = "".join(rf"\u{low:04x}-\u{high:04x}" for low, high in (*_RANGES, (0xD800, 0xDFFF)))
_CONTROL = re.compile(f"[{_CLASS}]")
_NOT_SHOWN = re.compile(rf"[{_CLASS}\t\n\r]")


def has_control_character(text: str) -> bool:
    """Whether a text holds a character that no table needs."""
    return _CONTROL.search(text) is not None


def shown(value: object, most: int = MAX_SHOWN_CHARACTERS) -> str:
    r"""Word a value from an untrusted file for people.

    Args:
        value: The value.
        most: Longest excerpt, in characters.

    Returns:
        Its beginning on one line, control characters written as ``\x1b`` or ``\u202e``.
    """
    text = value if isinstance(value, str) else str(value)
    excerpt = _NOT_SHOWN.sub(_escaped, text[: most + 1])
    return excerpt if len(excerpt) <= most else excerpt[: most - 1] + "…"


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
