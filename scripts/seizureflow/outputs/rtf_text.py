"""Text within RTF: escaped, so that it is shown and never obeyed, in seven-bit characters."""

from __future__ import annotations

# A backslash and braces are written by their code: no control word is spelt in any text.
_ESCAPED = {
    "\\": r"\'5c",
    "{": r"\'7b",
    "}": r"\'7d",
    "\n": r"\line ",
    "\r": " ",
    "\t": " ",
    "\u00a0": r"\~",
}
_LAST_PRINTED = 126  # of ASCII
_FIRST_PRINTED = 32


def escaped(text: str) -> str:
    r"""Write text for RTF.

    A character beyond ASCII is given by its number in UTF-16, with a question mark for readers
    that know no Unicode; a control character is left out.

    >>> escaped("−1 {a}")
    "\\uc1\\u8722?1 \\'7ba\\'7d"
    """
    return "".join(_character(character) for character in text)


def _character(character: str) -> str:
    if character in _ESCAPED:
        return _ESCAPED[character]
    code = ord(character)
    if _FIRST_PRINTED <= code <= _LAST_PRINTED:
        return character
    if code < _FIRST_PRINTED or code == _LAST_PRINTED + 1:
        return ""
    units = character.encode("utf-16-le", "surrogatepass")
    numbers = (
        int.from_bytes(units[k : k + 2], "little", signed=True) for k in range(0, len(units), 2)
    )
    return "".join(rf"\uc1\u{number}?" for number in numbers)
