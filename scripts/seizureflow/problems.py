"""What is wrong with an input, said to the person who can mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        where: File, and within it the row, key or column.
        what: What is wrong, in a sentence.
        expected: What would have been right, if it can be said.
        found: What was there instead.
        action: What to do.
    """

    where: str
    what: str
    expected: str = ""
    found: str = ""
    action: str = ""

    def __str__(self) -> str:
        """Give the problem as an indented block of lines."""
        lines = [self.where, f"    {self.what}"]
        for label, text in (("expected", self.expected), ("found", self.found)):
            if text:
                lines.append(f"    {label}: {text}")
        if self.action:
            lines.append(f"    what to do: {self.action}")
        return "\n".join(lines)


class InputError(Exception):
    """Inputs that cannot be analysed, with every problem that was found, not the first alone.

    Attributes:
        problems: All problems.
        most: As many are told.
        more: Where the others can be read.
    """

    def __init__(
        self, problems: Sequence[Problem], most: int | None = None, more: str = ""
    ) -> None:
        self.problems = tuple(problems)
        self.most, self.more = most, more
        super().__init__(str(self))

    def __str__(self) -> str:
        """List the problems."""
        count = len(self.problems)
        head = "1 problem was found." if count == 1 else f"{count} problems were found."
        told = self.problems[: self.most]
        rest = count - len(told)
        tail = [f"{rest} more problems are in {self.more}."] if rest else []
        return "\n\n".join([head, *(str(problem) for problem in told), *tail])


class AnalysisError(Exception):
    """An analysis that has no answer on these data; the message says why and what to do."""
