"""What the report rests on: published results and provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from seizureflow.displays.labels import Labels
from seizureflow.displays.values import Number, Results, distinct, minus
from seizureflow.displays.words import count_of

Entry = dict[str, Any]

# What a reader must see first comes first.
_VERDICTS = {
    "differs": "Differs",
    "not computed": "Not computed in this run",
    "same": "Same to the digits printed",
}


@dataclass(frozen=True)
class Compared:
    """A published number against this run's.

    Attributes:
        label: What it is.
        published: As printed.
        this_run: None where none was computed.
        source: Number of its source.
        analysis: Id and label of the analysis that computes it; None where there is none.
    """

    label: str
    published: str
    this_run: Number | None
    source: int
    analysis: tuple[str, str] | None


@dataclass(frozen=True)
class VerdictGroup:
    """The published numbers with one verdict."""

    verdict: str
    title: str
    rows: tuple[Compared, ...]


@dataclass(frozen=True)
class Source:
    """A source, with its address where it has one."""

    title: str
    url: str | None


@dataclass(frozen=True)
class Published:
    """All published numbers against this run's, what differs first."""

    sentence: str
    groups: tuple[VerdictGroup, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Trace:
    """What an analysis rests on; hashes are whole, the page shortens them."""

    analysis: str
    label: str
    data: str
    plan: str
    code: str
    seed: str


@dataclass(frozen=True)
class Provenance:
    """What each analysis rests on, and the software of all of them."""

    traces: tuple[Trace, ...]
    software: tuple[str, ...]


def published(
    frame: pd.DataFrame | None, sources: Mapping[str, Entry], labels: Labels
) -> Published | None:
    """Group the comparison by verdict; every published number is in it.

    Args:
        frame: Table ``published``; None where the study has no published results.
        sources: Entry ``sources`` of ``published.yaml``.
        labels: Labels of the study.
    """
    if frame is None:
        return None
    records = [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]
    titles = distinct(row["SOURCE"] for row in records)
    groups = []
    for verdict, title in _VERDICTS.items():
        rows = tuple(_compared(row, titles, labels) for row in records if row["VERDICT"] == verdict)
        groups.append(VerdictGroup(verdict, title, rows))
    found = {group.verdict: len(group.rows) for group in groups}
    sentence = (
        f"Of {count_of(len(records), 'published number')}, this run gives {found['same']} the same "
        f"to the digits printed and {found['differs']} different; {found['not computed']} it does "
        "not compute."
    )
    urls = {entry["title"]: _safe_url(entry.get("url")) for entry in sources.values()}
    listed_sources = tuple(Source(title, urls.get(title)) for title in titles)
    return Published(sentence, tuple(group for group in groups if group.rows), listed_sources)


def _safe_url(url: str | None) -> str | None:
    return url if url is not None and url.startswith(("https://", "http://")) else None


def _compared(row: Entry, titles: list[str], labels: Labels) -> Compared:
    analysis = row["ANALYSIS"]
    unit = "%" if row["UNIT"] == "%" else ""
    exact = "" if row["UNROUNDED"] is None else repr(float(row["UNROUNDED"]))
    this_run = (
        None
        if row["THIS_RUN"] is None
        else Number(minus(row["THIS_RUN"]) + unit, exact, f"published/{row['ID']}")
    )
    return Compared(
        label=row["LABEL"],
        published=minus(row["PUBLISHED"]) + unit,
        this_run=this_run,
        source=titles.index(row["SOURCE"]) + 1,
        analysis=(analysis, labels.analysis(analysis)) if analysis else None,
    )


def provenance(results: Results, labels: Labels) -> Provenance:
    """What each analysis rests on.

    Args:
        results: Results of the study.
        labels: Labels of the study.
    """
    traces = []
    for entry in labels.protocol["analyses"]:
        identifier = entry["id"]
        if results.about(identifier, "DATA_SHA256") is None:
            continue
        data, plan, code, seed = (
            results.about(identifier, name)
            for name in ("DATA_SHA256", "PLAN_SHA256", "CODE_SHA256", "SEED")
        )
        drawn = "none drawn" if seed is None else str(int(seed))
        traces.append(Trace(identifier, entry["label"], data, plan, code, drawn))
    software = distinct(results.about(trace.analysis, "SOFTWARE") for trace in traces)
    return Provenance(tuple(traces), tuple(str(line) for line in software))
