"""Plans of figures of small studies, and rows of results."""

import pandas as pd
from seizureflow.figures.drawing import FigurePlan
from unit.figures.small_studies import make_design

COLUMNS = ["ANALYSIS", "STATISTIC", "GROUP", "VARIABLE", "LEVEL", "VISIT", "VALUE", "TEXT", "UNIT"]


def make_plan(analyses, arms=2, simulated=False, dummy=False, labels=None, **entries):
    """A plan with so many arms; ``analyses`` are entries of the protocol."""
    protocol = {
        "design": make_design(arms),
        "simulated": simulated,
        "treatment": "blinded" if dummy else "unblinded",
    }
    return FigurePlan(protocol | entries, tuple(analyses), labels or {}, 0.95)


def make_rows(rows):
    """Rows of results from dictionaries in small letters; what is not given is empty."""
    given = [{name.upper(): value for name, value in row.items()} for row in rows]
    frame = pd.DataFrame(given, columns=COLUMNS).astype({"VALUE": "float64"})
    return frame.assign(REFERENCE=None, ROLE="secondary", METHOD="m")


def compared_arms(arms):
    return [arm["id"] for arm in make_design(arms)["arms"] if not arm["reference"]]
