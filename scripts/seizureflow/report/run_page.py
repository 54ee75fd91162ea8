"""The page on run times: what each job of a study took, beside the report that must not change."""

from __future__ import annotations

import math
from pathlib import Path

from seizureflow.report.page import render_page
from seizureflow.report.run_times import by_kind, critical_chain, job_times, known_sum
from seizureflow.rounding import rounded
from seizureflow.whole_files import write_whole


def write_run_page(folder: Path, templates: Path) -> Path | None:
    """Write ``run.html`` into a study's folder of results.

    Args:
        folder: The folder; its ``timings`` and ``logs`` are read.
        templates: Folder of the project's templates, style and script.

    Returns:
        The page; None where no job of the study left its timing.
    """
    jobs = job_times(folder)
    if not jobs:
        return None
    chain = critical_chain(jobs)
    context = {
        "study": folder.name,
        "jobs": sorted(jobs, key=lambda job: -_known(job.seconds)),
        "kinds": by_kind(jobs),
        "chain": chain,
        "chain_seconds": known_sum(job.seconds for job in chain),
        "seconds": known_sum(job.seconds for job in jobs),
        "processor_seconds": known_sum(job.processor_seconds for job in jobs),
        "memory": max((_known(job.memory) for job in jobs), default=0.0),
        "logged": {path.stem for path in (folder / "logs").glob("*.log")},
        "printed": _printed,
    }
    page = render_page(
        {"run.html.j2": (templates / "run.html.j2").read_text(encoding="utf-8")},
        (templates / "report.css").read_text(encoding="utf-8"),
        context,
        (templates / "report.js").read_text(encoding="utf-8"),
        "run.html.j2",
    )
    path = folder / "run.html"
    write_whole(path, page)
    return path


def _known(value: float) -> float:
    return 0.0 if math.isnan(value) else value


def _printed(value: float, decimals: int) -> str:
    return "–" if math.isnan(value) else rounded(value, decimals)
