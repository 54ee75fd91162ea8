"""Reads RTF as a word processor does, as far as tables need it: groups, controls, characters."""

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"\\(?P<word>[a-z]+)(?P<argument>-?\d+)? ?|\\'(?P<code>[0-9a-f]{2})|\\(?P<symbol>[^a-z])"
    r"|(?P<open>\{)|(?P<close>\})|(?P<text>[^\\{}\n\r])",
)
_UNSEEN = {"fonttbl", "colortbl", "fldinst", "stylesheet"}


@dataclass
class RtfDocument:
    """What a reader sees.

    Attributes:
        header: Text of the page header, a line per paragraph.
        footer: Text of the page footer.
        rows: Cells of every row, and whether it is repeated on each page.
        paragraphs: Text outside tables.
        controls: Every control word that is obeyed.
    """

    header: str = ""
    footer: str = ""
    rows: list[tuple[list[str], bool]] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    controls: set[str] = field(default_factory=set)

    @property
    def text(self):
        cells = ["\t".join(cells) for cells, _ in self.rows]
        return "\n".join([self.header, *cells, *self.paragraphs, self.footer])


def read_rtf(source):
    """Walk a document; one that is not seven-bit or whose groups do not close is an error."""
    assert source.isascii()
    assert source.startswith("{\\rtf1")
    document, groups, place, high = RtfDocument(), [("body", False)], 0, None
    written, cells, repeated, skip = "", [], False, 0
    while place < len(source):
        found = _TOKEN.match(source, place)
        if found is None:
            place += 1
            continue
        place = found.end()
        where, unseen = groups[-1]
        word, text = found["word"], ""
        if found["open"]:
            groups.append((where, unseen))
        elif found["close"]:
            groups.pop()
        elif found["code"]:
            text = bytes([int(found["code"], 16)]).decode("cp1252")
        elif found["symbol"]:
            text = "\u00a0" if found["symbol"] == "~" else ""
            assert found["symbol"] in "~*", found["symbol"]
        elif found["text"]:
            text = found["text"]
        elif word:
            document.controls.add(word)
            if word in _UNSEEN:
                groups[-1] = (where, True)
            elif word in ("header", "footer"):
                groups[-1] = (word, unseen)
            elif word == "u":
                unit = int(found["argument"]) % 65536
                if 0xD800 <= unit < 0xDC00:
                    high = unit
                else:
                    pair = [unit] if high is None else [high, unit]
                    raw = b"".join(u.to_bytes(2, "little") for u in pair)
                    text, high = raw.decode("utf-16-le"), None
                skip = 2  # this text passes; the character in its stead does not
            elif word == "trowd":
                cells, repeated = [], False
            elif word == "trhdr":
                repeated = True
            elif word == "cell":
                cells.append(written)
                written = ""
            elif word == "row":
                document.rows.append((cells, repeated))
            elif word == "par":
                if where == "body":
                    document.paragraphs.append(written)
                else:
                    setattr(document, where, getattr(document, where) + written + "\n")
                written = ""
            elif word in ("line", "tab"):
                text = "\n" if word == "line" else "\t"
        if found["text"] and skip == 1:
            skip, text = 0, ""
        elif word == "u":
            skip = 1
        if text and not groups[-1][1]:
            written += text
    assert not groups[1:], "a group is left open"
    return document
