"""The reports of a real run."""

import pandas as pd
import pytest
from report_page import (
    Page,
    assert_accessible,
    assert_numbers_are_results,
    assert_self_contained,
)

pytestmark = pytest.mark.workflow


@pytest.mark.parametrize("study", ["progabide", "opus", "tiny"])
def test_a_report_is_sound_and_its_numbers_are_the_results(finished_run, study):
    folder = finished_run.folder / "results" / study
    page = Page((folder / "report.html").read_text(encoding="utf-8"))
    assert_self_contained(page)
    assert_accessible(page)
    assert_numbers_are_results(page, pd.read_parquet(folder / "ard.parquet"))
    assert str(finished_run.folder) not in page.text


@pytest.mark.parametrize("study", ["progabide", "opus"])
def test_every_published_number_is_in_the_report(finished_run, study):
    folder = finished_run.folder / "results" / study
    page = Page((folder / "report.html").read_text(encoding="utf-8"))
    for label in pd.read_parquet(folder / "published.parquet")["LABEL"]:
        assert label in page.visible
