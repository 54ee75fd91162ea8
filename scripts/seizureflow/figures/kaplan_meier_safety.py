"""Share of each arm free of a safety event over time, with the participants at risk."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from seizureflow.figures.drawing import Drawing, FigurePlan
from seizureflow.figures.kaplan_meier import drawing_of


def draw(plan: FigurePlan, data: Mapping[str, pd.DataFrame]) -> Drawing:
    """Draw the curves of every safety analysis that has them: their results."""
    return drawing_of(plan, data, "Time to safety events")
