"""Writes the table of README.md from the chunks that simulate.py wrote.

Usage, from this folder::

    PYTHONPATH=../../scripts ../../.venv/bin/python tabulate.py [folder of the chunks]
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
from seizureflow.protocol import load_protocol
from seizureflow.registry import METHODS

ROOT = Path(__file__).parents[2]
LEVEL = 0.05
NONE = {"relative_change": 0.0, "difference": 0.0, "risk_difference": 0.0}


def trials(folder: Path, scenario: str, name: str) -> list[dict[str, float]]:
    """What an analysis gave, trial by trial."""
    paths = sorted((folder / scenario / name).glob("*.json"))
    return [trial for path in paths for trial in json.loads(path.read_text())["trials"]]


def column(found: list[dict[str, float]], name: str) -> np.ndarray:
    return np.array(
        [math.nan if trial.get(name) is None else trial[name] for trial in found], dtype=float
    )


def share(events: np.ndarray) -> str:
    """A percentage with its Monte Carlo standard error."""
    if len(events) == 0:
        return ""
    p = events.mean()
    return f"{100 * p:.1f} ({100 * math.sqrt(p * (1 - p) / len(events)):.1f})"


def coverage(found: list[dict[str, float]], truth: float) -> str:
    lower, upper = column(found, "lower"), column(found, "upper")
    known = ~np.isnan(lower) & ~np.isnan(upper)
    if math.isnan(truth) or not known.any():
        return ""
    return share((lower[known] <= truth) & (truth <= upper[known]))


def rejections(found: list[dict[str, float]]) -> str:
    p = column(found, "p")
    return share(p[~np.isnan(p)] < LEVEL)


def main() -> None:
    given = sys.argv[1:] or [str(ROOT / "results" / "operating_characteristics")]
    folder = Path(given[0])
    protocol = load_protocol(ROOT / "studies" / "opus", ROOT / "schemas")
    truth = json.loads((folder / "truth.json").read_text())["reduction_31"]
    print(
        "| analysis | method | trials | type I error, % | coverage, no effect, % | trials | "
        "power, % | coverage, 31% fewer seizures, % | no answer, % |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for entry in protocol.analyses:
        name = entry["id"]
        null, effect = (
            trials(folder, scenario, name) for scenario in ("no_effect", "reduction_31")
        )
        if not null:
            continue
        unanswered = share(np.isnan(column(null, "p")) & np.isnan(column(null, "lower")))
        neutral = neutral_value(entry, protocol)
        cells = [
            name,
            f"`{entry['method']}`",
            f"{len(null):,}",
            rejections(null),
            coverage(null, neutral),
            f"{len(effect):,}",
            rejections(effect),
            coverage(effect, truth.get(name, {}).get("estimate", math.nan)),
            unanswered,
        ]
        print("| " + " | ".join(cells) + " |")


def neutral_value(entry: dict, protocol) -> float:
    """The value of an estimate that means no effect: 0 of a difference, 1 of a ratio."""
    measure = METHODS[entry["method"]].measure(protocol.endpoint_kind(entry.get("endpoint")))
    return math.nan if measure is None else NONE.get(measure, 1.0)


if __name__ == "__main__":
    main()
