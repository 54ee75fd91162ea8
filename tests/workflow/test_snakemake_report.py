"""Snakemake's own report over a finished run: what it lists, and that it asks nothing of a network."""

import re

import pytest
from made_once import made_once

pytestmark = pytest.mark.workflow


@pytest.fixture(scope="module")
def page(finished_run, tmp_path_factory):
    def make(folder):
        run = finished_run.snakemake("--report", str(folder / "report.html"))
        assert run.returncode == 0, run.stdout + run.stderr

    folder = made_once(tmp_path_factory, "snakemake_report", make)
    return (folder / "report.html").read_text(encoding="utf-8")


def test_reports_and_figures_of_every_study_are_in_it(page):
    for study in ("progabide", "opus", "tiny"):
        assert f'"{study}"' in page
        assert f"results/{study}/report.html" in page
    assert "results/opus/figures/forest.png" in page


def test_captions_say_what_is_shown_and_who_is_simulated(page):
    assert "Estimates of all analyses with their intervals." in page
    assert "Simulated participants" in page
    assert "{{" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


def test_it_asks_no_other_host_for_anything(page):
    assert not re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="https?://', page)
