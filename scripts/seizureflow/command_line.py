"""The command ``seizureflow``: compares results, and shows those of an analysis."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from seizureflow.ars.json_text import json_text
from seizureflow.problems import InputError
from seizureflow.results_diff.comparison import Comparison, compare
from seizureflow.results_diff.reading import read_all, read_results, with_arms
from seizureflow.results_diff.shown import show_analysis
from seizureflow.results_diff.told import as_text
from seizureflow.results_diff.written import as_document, as_table

_FORMATS: dict[str, Callable[[Comparison], str]] = {
    "text": as_text,
    "json": lambda comparison: json_text(as_document(comparison)),
    "csv": lambda comparison: as_table(comparison).to_csv(index=False, lineterminator="\n"),
}
_RESULTS = "folder of results of a study (results/opus), or its ard.parquet or ard.csv"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: Words after the command; those that the process was started with by default.

    Returns:
        0 where results are the same (or shown), 1 where they differ, 2 where they cannot be read.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # arrows and minus signs, whatever the locale
            stream.reconfigure(encoding="utf-8")
    asked = _parser().parse_args(arguments)
    try:
        status: int = asked.run(asked)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="seizureflow", description="Works with results that the workflow has written."
    )
    commands = parser.add_subparsers(required=True, metavar="results")
    results = commands.add_parser("results", help="compare or show results")
    actions = results.add_subparsers(required=True, metavar="diff|show")
    _add_diff(actions.add_parser("diff", help="what differs between two results, and why"))
    show = actions.add_parser("show", help="the rows of an analysis")
    show.add_argument("results", type=Path, help=_RESULTS)
    show.add_argument("analysis", help="id of the analysis")
    show.set_defaults(run=_show)
    return parser


def _add_diff(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "What differs between two results, by consequence, and what moved that they rest on. Ends "
        "with 0 where the results are the same, 1 where they differ, 2 on an error."
    )
    parser.add_argument("before", type=Path, help=_RESULTS)
    parser.add_argument("after", type=Path, help=_RESULTS)
    parser.add_argument(
        "--tolerance",
        type=_tolerance,
        default=0.0,
        help="relative difference up to which numbers are the same (default: 0, exact)",
    )
    parser.add_argument("--format", choices=list(_FORMATS), default="text")
    parser.add_argument(
        "--only-estimates",
        action="store_true",
        help="estimates with their limits, p-values, the criterion and convergence alone",
    )
    parser.add_argument(
        "--same-arm",
        type=_pair,
        action="append",
        default=[],
        metavar="BEFORE=AFTER",
        help="call an arm of the one as that of the other, to compare two studies; repeatable",
    )
    parser.set_defaults(run=_diff)


def _tolerance(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 0 to 1, such as 1e-6")
    return value


def _pair(text: str) -> tuple[str, str]:
    before, sign, after = text.partition("=")
    if not (before and sign and after):
        raise argparse.ArgumentTypeError(f"'{text}' is not two ids, such as active=low_dose")
    return before, after


def _diff(asked: argparse.Namespace) -> int:
    before, after = read_all([asked.before, asked.after])
    before = with_arms(before, dict(asked.same_arm))
    comparison = compare(before, after, asked.tolerance, asked.only_estimates)
    sys.stdout.write(_FORMATS[asked.format](comparison))
    return 0 if comparison.same else 1


def _show(asked: argparse.Namespace) -> int:
    sys.stdout.write(show_analysis(read_results(asked.results), asked.analysis))
    return 0


if __name__ == "__main__":
    sys.exit(main())
