"""A p that is exactly at the level is not below it."""

import pytest
from seizureflow.analysis import AnalysisSpec


@pytest.mark.parametrize(("confidence", "level"), [(0.95, 0.05), (0.9, 0.1), (0.99, 0.01)])
def test_the_level_is_as_it_is_written(confidence, level):
    assert AnalysisSpec("x", "full", (), confidence_level=confidence).significance_level == level
