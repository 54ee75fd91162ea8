"""The analyses of each section in families: by what their methods deal with."""

from __future__ import annotations

from dataclasses import dataclass

from seizureflow.displays.labels import ROLES
from seizureflow.displays.sections import SECTIONS, safety_place
from seizureflow.displays.words import lower_first
from seizureflow.registry import FAMILIES
from seizureflow.report.analyses import Card

_TITLES: tuple[tuple[str, str], ...] = (
    ("Several hypotheses at once", "several"),
    ("Change of the seizure frequency", "continuous"),
    ("Responders", "responders"),
    ("Counts of seizures", "counts"),
    ("Times to an event", "time_to_event"),
    ("Missing data and intercurrent events", "missing_data"),
    ("Randomisation, resampling and influence", "design_based"),
    ("Margins, thresholds and earlier trials", "threshold"),
    ("Choices that could have been made", "specification"),
    ("Safety", "safety"),
    ("Laboratory and vital signs", "measurements"),
    ("Participants", "descriptive"),
)
_OTHERS = "Others"


@dataclass(frozen=True)
class Family:
    """Analyses of one section whose methods deal with the same."""

    title: str
    cards: tuple[Card, ...]


def families_by_section(cards: list[Card]) -> dict[str, tuple[Family, ...]]:
    """The analyses by section and family, in the order of the plan within a family.

    Descriptions come after the analyses that compare the arms; safety is one family, see
    :func:`seizureflow.displays.sections.safety_place`.

    Args:
        cards: All analyses.

    Returns:
        The families of every section by its anchor. Each analysis is in one.
    """
    found: dict[str, tuple[Family, ...]] = {section.id: () for section in SECTIONS}
    for section in dict.fromkeys(card.section for card in cards):
        own = [card for card in cards if card.section == section]
        if section == "safety":
            own.sort(key=lambda card: safety_place(card.method))
            found[section] = (Family("Safety", tuple(own)),)
            continue
        titles = dict.fromkeys([*(title for title, _ in _TITLES), *map(_title, own)])
        described = ROLES["descriptive"]
        parts = [(card.role == described, _title(card), card) for card in own]
        found[section] = tuple(
            Family(f"{described}: {lower_first(title)}" if describes else title, chosen)
            for describes in (False, True)
            for title in titles
            if (chosen := tuple(c for d, t, c in parts if (d, t) == (describes, title)))
        )
    return found


def _title(card: Card) -> str:
    """Title of the family of a method; a family without one is among the others."""
    of_method = next((name for name, methods in FAMILIES.items() if card.method in methods), "")
    return next((title for title, name in _TITLES if name == of_method), _OTHERS)
