"""Writes the raw records of a study as SDTM, with a protocol that reads them back.

    python scripts/export_sdtm.py studies/opus out/opus --format xpt

Not a rule of the workflow: it makes a study from a study.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from seizureflow.problems import InputError
from seizureflow.protocol import load_protocol
from seizureflow.sdtm_export.study import export_study

SCHEMAS = Path(__file__).resolve().parents[1] / "schemas"


def main() -> int:
    """Export the study named on the command line; 1 where it cannot be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("study", type=Path, help="folder of the study")
    parser.add_argument("target", type=Path, help="new folder, named like the study")
    parser.add_argument("--format", choices=["xpt", "dataset-json"], default="xpt")
    arguments = parser.parse_args()
    try:
        protocol = load_protocol(arguments.study, SCHEMAS)
        paths = export_study(protocol, arguments.target, arguments.format)
    except (InputError, FileExistsError) as error:
        print(error, file=sys.stderr)
        return 1
    print(*(path for path in paths), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
