"""Rules on the quality of seizure diaries, one module per concept."""

from seizureflow.diary_quality.assess import assess_diary
from seizureflow.diary_quality.recorded_days import compliance

__all__ = ["assess_diary", "compliance"]
