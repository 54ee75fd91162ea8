"""What the treatment codes of a protocol stand for: an arm, or nobody randomised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from seizureflow.problems import InputError, Problem

Entry = dict[str, Any]

ONE_MEANING = "Let every code stand for one thing."


@dataclass(frozen=True)
class AmbiguousCode:
    """A code that stands for an arm and for something else.

    Attributes:
        arm: Place of the arm in the protocol.
        message: What it stands for, in a sentence.
    """

    arm: int
    message: str


def compared(code: str) -> str:
    """A code in the form in which codes are compared: case and surrounding blanks do not matter."""
    return str(code).strip().casefold()


def arm_codes(arms: Sequence[Entry], not_randomised: Sequence[str]) -> dict[str, str | None]:
    """For every code, in the form in which codes are compared, its arm; None where it has none.

    Args:
        arms: Entry ``design.arms`` of the protocol.
        not_randomised: Values that stand for no arm.

    Raises:
        InputError: A code stands for two arms, or for an arm and for none.
    """
    problems = [
        Problem("protocol.yaml, design.arms", code.message, action=ONE_MEANING)
        for code in ambiguous_codes(arms, not_randomised)
    ]
    if problems:
        raise InputError(problems)
    nobody: dict[str, str | None] = {"": None, **dict.fromkeys(map(compared, not_randomised))}
    return nobody | {compared(code): arm["id"] for arm in arms for code in _codes_of(arm)}


def ambiguous_codes(
    arms: Sequence[Entry], not_randomised: Sequence[str]
) -> Iterator[AmbiguousCode]:
    """Give the codes of arms that stand for another arm too, or for nobody.

    Args:
        arms: Entry ``design.arms`` of the protocol.
        not_randomised: Values that stand for no arm.
    """
    meanings: dict[str, str] = dict.fromkeys(["", *map(compared, not_randomised)], "")
    for place, arm in enumerate(arms):
        for code in _codes_of(arm):
            other = meanings.setdefault(compared(code), arm["id"])
            if other != arm["id"]:
                other = f"the arm {other}" if other else "nobody randomised"
                yield AmbiguousCode(
                    place, f'The code "{code}" stands for the arm {arm["id"]} and for {other}.'
                )


def spellings(arms: Sequence[Entry], not_randomised: Sequence[str]) -> list[str]:
    """All codes as the protocol writes them, those that differ in case alone once."""
    written: dict[str, str] = {}
    for code in (*(code for arm in arms for code in _codes_of(arm)), *not_randomised):
        written.setdefault(compared(code), code)
    return list(written.values())


def _codes_of(arm: Entry) -> tuple[str, ...]:
    return (arm["id"], arm["label"], *arm.get("codes", ()))
