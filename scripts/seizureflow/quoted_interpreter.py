"""Has Snakemake start steps where the path of its Python has a blank."""

from __future__ import annotations

import sys
from shlex import quote


def quote_interpreter() -> None:
    """Quote the path by which this process starts others of its Python, where a shell needs that.

    Snakemake 9.27 puts ``sys.executable`` as it is into the shell command of every step and of
    every job on a cluster: a clone in ``my trials`` could run nothing.
    """
    if not sys.executable.startswith(("'", '"')):
        sys.executable = quote(sys.executable)
