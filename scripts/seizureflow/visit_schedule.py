"""Says which scheduled visits an evaluation window holds."""

from __future__ import annotations

from typing import Any

Entry = dict[str, Any]


def window_visits(design: Entry, window: str | None) -> list[str]:
    """Ids of the scheduled visits whose nominal windows lie in an evaluation window; all for None.

    A visit's nominal window runs from the visit before it, so that weeks 8 to 24 hold the visits of
    weeks 12, 16, 20 and 24.
    """
    if window is None:
        return [visit["id"] for visit in design["visits"]]
    start, end = next(entry["days"] for entry in design["windows"] if entry["id"] == window)
    previous = [1, *(visit["day"] for visit in design["visits"])]
    return [
        visit["id"]
        for before, visit in zip(previous, design["visits"], strict=False)
        if start <= before and visit["day"] <= end
    ]
