"""Groups of the analyses for reading: by role, and within a role by what the methods deal with."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from seizureflow.displays.labels import ROLES
from seizureflow.registry import FAMILIES
from seizureflow.report.analyses import Card, Estimate

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
_OPEN = ("Primary",)


@dataclass(frozen=True)
class Family:
    """Analyses of one role whose methods deal with the same."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class RoleGroup:
    """Analyses of one role.

    Attributes:
        title: The role.
        families: Its analyses.
        shown: Whether they stand open rather than folded.
    """

    title: str
    families: tuple[Family, ...]
    shown: bool


def card_groups(cards: list[Card]) -> list[RoleGroup]:
    """The analyses by role and family, in the order of the plan within a family."""
    groups = []
    for role in ROLES.values():
        own = [card for card in cards if card.role == role]
        families = tuple(
            Family(title, chosen)
            for title, family in _TITLES
            if (chosen := tuple(card for card in own if card.method in FAMILIES[family]))
        )
        if families:
            groups.append(RoleGroup(role, families, role in _OPEN))
    return groups


def estimate_groups(lines: list[Estimate]) -> list[tuple[str, list[Estimate]]]:
    """The estimates by role and outcome, the primary first; each group with its title.

    The outcomes of a role that a single analysis has stand together.
    """
    roles = list(ROLES.values())
    outcomes = list(dict.fromkeys(line.outcome for line in lines))
    ordered = sorted(lines, key=lambda x: (roles.index(x.role), outcomes.index(x.outcome)))
    groups: list[tuple[str, list[Estimate]]] = []
    for role, of_role in groupby(ordered, key=lambda x: x.role):
        several, single = [], []
        for outcome, own in groupby(of_role, key=lambda x: x.outcome):
            own_lines = list(own)
            alone = role != ROLES["primary"] and len({line.id for line in own_lines}) == 1
            if alone:
                single += own_lines
            else:
                several.append((f"{role}: {outcome}", own_lines))
        groups += several
        if single:
            groups.append((f"{role}: {'other outcomes' if several else 'all'}", single))
    return groups
