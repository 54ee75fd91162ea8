"""What a run took: read from timings and logs that may be incomplete."""

import math
from datetime import datetime

import pytest
from report_page import Page, assert_accessible, assert_self_contained
from seizureflow.report.run_page import write_run_page
from seizureflow.report.run_times import JobTime, by_kind, critical_chain, job_times
from unit.report.study import ROOT

HEAD = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"


def left(folder, name, row, log=""):
    (folder / "timings").mkdir(exist_ok=True)
    (folder / "logs").mkdir(exist_ok=True)
    (folder / "timings" / f"{name}.tsv").write_text(HEAD + row, encoding="utf-8")
    if log:
        (folder / "logs" / f"{name}.log").write_text(log, encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    left(
        tmp_path,
        "analyse_mmrm_primary",
        "2.50\t0:00:02\t161.38\t1\t1\t1\t0\t0\t33.54\t1.25\n",
        "2026-11-24 20:28:47,500 INFO started with python 3\n"
        "2026-11-24 20:28:49,500 INFO finished: 1.3 s of processor time, 162 MB at most\n",
    )
    left(tmp_path, "draw_forest", "0.10\t0:00:00\t-\t-\t-\t-\t-\t-\t-\tNA\n")
    left(tmp_path, "empty", "")
    return tmp_path


def test_timings_are_read_and_what_is_not_known_stays_unknown(folder):
    analysed, drawn, empty = job_times(folder)
    assert (analysed.seconds, analysed.processor_seconds, analysed.memory) == (2.5, 1.3, 162.0)
    assert analysed.started == datetime(2026, 11, 24, 20, 28, 47)
    assert analysed.ended == datetime(2026, 11, 24, 20, 28, 49, 500_000)
    assert drawn.seconds == 0.1
    assert math.isnan(drawn.memory)
    assert math.isnan(drawn.processor_seconds)
    assert drawn.ended is None
    assert math.isnan(empty.seconds)


def job(name, start, seconds):
    return JobTime(name, seconds, seconds, 1.0, datetime(2026, 1, 1, 0, 0, start + seconds))


def test_kinds_are_summed():
    kinds = by_kind([job("draw_a", 0, 1), job("draw_b", 0, 2), job("check_data", 0, 1)])
    assert [(k.kind, k.jobs, k.seconds) for k in kinds] == [
        ("draw", 2, 3.0),
        ("check_data", 1, 1.0),
    ]


def test_the_chain_leads_from_the_first_job_to_the_last():
    """b and c run beside each other after a; d waits for c, which ends later."""
    jobs = [job("a", 0, 2), job("b", 3, 1), job("c", 3, 4), job("d", 8, 1)]
    unknown = JobTime("e", math.nan, math.nan, math.nan)
    assert [j.name for j in critical_chain([*jobs, unknown])] == ["a", "c", "d"]
    assert critical_chain([unknown]) == []


def test_the_page_has_every_job_and_its_log(folder):
    path = write_run_page(folder, ROOT / "report")
    page = Page(path.read_text(encoding="utf-8"))
    assert_self_contained(page)
    assert_accessible(page)
    for words in ("analyse_mmrm_primary", "draw_forest", "162.0", "2.50"):
        assert words in page.visible
    assert ("a", "logs/analyse_mmrm_primary.log") in page.attributes("href")
    assert ("a", "logs/draw_forest.log") not in page.attributes("href")


def test_a_study_that_did_not_run_has_no_page(tmp_path):
    assert write_run_page(tmp_path, ROOT / "report") is None
    assert not list(tmp_path.iterdir())
