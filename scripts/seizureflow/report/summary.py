"""The summary of a study for pages that show several: question, answer, key numbers."""

from __future__ import annotations

from typing import Any

from seizureflow.displays.labels import Labels
from seizureflow.displays.values import Cell, Number
from seizureflow.report.headline import Headline

Entry = dict[str, Any]


def study_summary(answer: Headline, labels: Labels, dummy: str) -> Entry:
    """Give what an overview shows of a study, as plain data.

    Args:
        answer: The answer.
        labels: Labels of the study.
        dummy: Words that mark dummy arms; empty where the arms are the true ones.
    """
    protocol = labels.protocol
    return {
        "study": protocol["study"],
        "title": protocol["title"],
        "question": protocol["question"],
        "simulated": bool(protocol["simulated"]),
        "dummy": dummy,
        "answer": [_text(sentence) for sentence in answer.sentences],
        "numbers": [
            {
                "label": item.label,
                "text": _text(item.cell),
                "verdict": item.verdict,
                "results": [
                    {"identity": piece.identity, "exact": piece.exact}
                    for piece in item.cell
                    if isinstance(piece, Number)
                ],
            }
            for item in answer.numbers
        ],
    }


def _text(cell: Cell) -> str:
    return "".join(piece if isinstance(piece, str) else piece.text for piece in cell)
