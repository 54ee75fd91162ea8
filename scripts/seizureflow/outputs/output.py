"""One table or listing with all that stands around it, whatever the format of its file."""

from __future__ import annotations

from dataclasses import dataclass

from seizureflow.displays.tables import Table

PROGRAM = "scripts/write_tables.py"
_SHOWN_DIGITS = 12  # of a hash
_NAMED = 6  # analyses; more are counted


@dataclass(frozen=True)
class Draft:
    """What a builder gives: an output without its number.

    Attributes:
        tables: Its tables, at least one.
        population: Whom it is about, in words.
        subtitle: What it is one of, where a number of the catalogue has several outputs.
        footnotes: What a reader must know of the whole.
        analyses: Ids of the analyses whose results it shows.
        datasets: Names of the datasets that it counts or lists.
    """

    tables: tuple[Table, ...]
    population: str
    subtitle: str = ""
    footnotes: tuple[str, ...] = ()
    analyses: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Output:
    """A table or listing.

    Attributes:
        number: Its number in the order of ICH E3, such as ``14.3.2``.
        title: What it shows.
        population: Whom it is about, in words.
        tables: Its tables.
        footnotes: What a reader must know of the whole.
        source: The datasets and analyses behind it.
        program: The script that wrote it, and the version of its code.
        study: The study in words.
        warnings: What must stand on every page: dummy arms, simulated participants.
        listing: Whether it lists records rather than results.
    """

    number: str
    title: str
    population: str
    tables: tuple[Table, ...]
    footnotes: tuple[str, ...]
    source: str
    program: str
    study: str
    warnings: tuple[str, ...]
    listing: bool

    @property
    def kind(self) -> str:
        """What it is called before its number."""
        return "Listing" if self.listing else "Table"

    @property
    def file_name(self) -> str:
        """Name of its files, without what tells their format."""
        return f"{self.kind.lower()}-{self.number.replace('.', '-')}"


def source_line(analyses: tuple[str, ...], datasets: tuple[str, ...]) -> str:
    """Name what the numbers are from.

    >>> source_line(("primary",), ("adsl", "adsz"))
    'Source: results of analysis primary (ARD); datasets ADSL, ADSZ'
    """
    parts = []
    if analyses:
        noun = "analysis" if len(analyses) == 1 else "analyses"
        named = f"{noun} {', '.join(analyses)} (ARD)"
        many = f"{len(analyses)} analyses (ARD), whose ids are in the CSV file of this table"
        parts.append(f"results of {named if len(analyses) <= _NAMED else many}")
    if datasets:
        noun = "dataset" if len(datasets) == 1 else "datasets"
        parts.append(f"{noun} {', '.join(name.upper() for name in datasets)}")
    return f"Source: {'; '.join(parts)}"


def program_line(code: str) -> str:
    """Name the script and the version of its code.

    Args:
        code: SHA-256 of the script and all that it imports, as in ``CODE_SHA256`` of the results.
    """
    return f"Program: {PROGRAM}, code {code[:_SHOWN_DIGITS]}"
