"""Makes the library beside a workflow come first in every job that the workflow starts."""

from __future__ import annotations

import os
from pathlib import Path


def put_first(scripts: Path) -> None:
    """Put a folder first on the module path of this process's children.

    Another copy of the library may be installed in the environment, from another clone say; the
    jobs of a workflow must run the code that the workflow hashes.
    """
    paths = [str(scripts), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
