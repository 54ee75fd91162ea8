"""Checks the lock and the licences; ``--write`` writes their table. Ends with 1 on a problem."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from seizureflow.problems import InputError
from seizureflow.supply_chain.licence_table import licence_page, licence_problems, with_licences
from seizureflow.supply_chain.locked_packages import lock_problems, read_lock
from seizureflow.whole_files import write_whole

LOCK = Path("uv.lock")
PAGE = Path("docs/licences.md")


def main(arguments: Sequence[str]) -> int:
    """Check, and say what is wrong and how much was checked.

    Args:
        arguments: ``--write``, or nothing.

    Returns:
        Exit status.
    """
    packages = read_lock(LOCK)
    licensed = with_licences(packages)
    problems = [*lock_problems(packages), *licence_problems(licensed)]
    if problems:
        print(InputError(problems), file=sys.stderr)
        return 1
    if "--write" in arguments:
        write_whole(PAGE, licence_page(licensed))
    files = sum(len(package.hashes) for package in packages)
    seen = sum(entry.installed is not None for entry in licensed)
    print(
        f"{len(packages)} packages with {files} files, each with its SHA-256; "
        f"{seen} licences, each allowed; {len(packages) - seen} packages are not installed here."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
