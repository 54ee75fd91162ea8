"""Tells people of a comparison, what matters most first."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from seizureflow.displays.words import count_of
from seizureflow.results_diff.comparison import Change, Comparison
from seizureflow.results_diff.consequence import KINDS, verdict
from seizureflow.results_diff.identity import address
from seizureflow.results_diff.reading import Criterion, Row
from seizureflow.results_diff.traces import PARTS, software_in_words

# More of a kind are counted, not listed: the table has them all.
_MOST = 20


def as_text(comparison: Comparison) -> str:
    """A comparison for people, what matters most first."""
    head = "The results are the same." if comparison.same else "The results differ."
    lines = [head, "", *_files(comparison)]
    lines += _section("Analyses added", [*comparison.analyses_added])
    lines += _section("Analyses removed", [*comparison.analyses_removed])
    for kind, heading in KINDS.items():
        changes = [change for change in comparison.changes if change.kind == kind]
        lines += _section(heading, [_line(change, comparison) for change in changes])
    lines += _section("Rows added", [_about(row) for row in comparison.rows_added])
    lines += _section("Rows removed", [_about(row) for row in comparison.rows_removed])
    return "\n".join([*lines, *_why(comparison)]) + "\n"


def _files(comparison: Comparison) -> Iterator[str]:
    for word, file in (("before", comparison.before), ("after", comparison.after)):
        analyses = {row["ANALYSIS"] for row in file.rows}
        studies = ", ".join(dict.fromkeys(str(row["STUDYID"]) for row in file.rows))
        rows = count_of(len(file.rows), "row")
        yield f"{word:8}{file.path} ({studies}: {len(analyses)} analyses, {rows})"
        if file.other_columns:
            yield f"        not compared: columns {', '.join(file.other_columns)}"
    yield f"        {count_of(comparison.compared, 'row')} are of both"


def _about(row: Row) -> str:
    return unquote(address(row))


def _section(heading: str, lines: list[str]) -> list[str]:
    if not lines:
        return []
    rest = len(lines) - _MOST
    more = [f"  and {rest} more, which --format csv lists"] if rest > 0 else []
    listed = [f"  {line}" for line in lines[:_MOST]]
    return ["", f"{heading} ({len(lines)})", *listed, *more]


def _line(change: Change, comparison: Comparison) -> str:
    analysis = change.row["ANALYSIS"]
    because = ", ".join(comparison.because(analysis)) or "nothing traced"
    if change.subject == "value":
        about = _about(change.row)
    elif change.kind in ("description", "convergence") or change.subject == "analysis_note":
        about = f"{analysis}: {change.subject}"
    else:
        about = f"{_about(change.row)}: {change.subject}"
    return f"{about}: {_moved(change, comparison)} [{because}]"


def _moved(change: Change, comparison: Comparison) -> str:
    if change.subject != "value":
        return f"{_word(change.before)} → {_word(change.after)}"
    text = f"{_number(change.before)} → {_number(change.after)}"
    if change.absolute is not None:
        share = "" if change.relative is None else f", {100 * change.relative:+.3g}%"
        text += f" ({change.absolute:+.3g}{share})"
    if change.kind == "criterion":
        meets = verdict(change.row, change.after, comparison.after.criterion)
        text += f", which {'now meets' if meets else 'no longer meets'} the criterion"
    return text


def _number(value: float) -> str:
    return "none" if math.isnan(value) else f"{value:.6g}"


def _word(value: Any) -> str:
    return "none" if value is None else str(value)


def _why(comparison: Comparison) -> Iterator[str]:
    """What the results rest on, part by part, and where that explains nothing."""
    both = len({row["ANALYSIS"] for row in comparison.after.rows} - {*comparison.analyses_added})
    yield from ("", "What the results rest on")
    for part in PARTS:
        moved = [trace for trace in comparison.traces if trace.part == part]
        yield f"  {part:9}{_extent([trace.analysis for trace in moved], both)}"
        if part == "software":
            pairs = dict.fromkeys((trace.before, trace.after) for trace in moved)
            yield from (f"           {software_in_words(*pair)}" for pair in pairs)
    criteria = (comparison.before.criterion, comparison.after.criterion)
    if criteria[0] != criteria[1]:
        yield f"  criterion {_criterion(criteria[0])} → {_criterion(criteria[1])}"
    if comparison.unexplained:
        yield from (
            "",
            "Results moved although nothing moved that they rest on, which must not happen:",
            f"  {', '.join(comparison.unexplained)}",
        )


def _extent(analyses: list[str], both: int) -> str:
    if not analyses:
        return "the same"
    if len(analyses) == both:
        return f"changed in all {both} analyses"
    named = ", ".join(analyses[:_MOST]) + (" and others" if len(analyses) > _MOST else "")
    return f"changed in {len(analyses)} of {both} analyses: {named}"


def _criterion(criterion: Criterion | None) -> str:
    if criterion is None:
        return "not known"
    return f"a reduction of {criterion.reduction:g}% in {criterion.analysis}"
