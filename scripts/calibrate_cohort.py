"""Simulates the cohort of a study and calibrates it to the study's published numbers.

    python scripts/calibrate_cohort.py studies/opus

Reads cohort.yaml, protocol.yaml and published.yaml of the study; writes its data/ and
calibration.json. Not a rule of the workflow: the files it writes are part of the study.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from seizureflow.simulation.calibrated_cohort import calibrate_study

SCHEMAS = Path(__file__).resolve().parents[1] / "schemas"


def main() -> int:
    """Calibrate the study named on the command line; 1 where a published number is not met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("study", type=Path, help="folder of the study")
    study: Path = parser.parse_args().study.resolve()
    calibrated = calibrate_study(study, SCHEMAS)
    calibrated.write(study)
    edits, targets = calibrated.record["edits"], calibrated.record["targets"]
    print(
        f"{edits['seizures_added']} seizures added and {edits['seizures_removed']} removed, of "
        f"{edits['seizures_before']}, in {edits['participants_edited']} of "
        f"{edits['participants']} participants."
    )
    print(f"{len(targets) - len(calibrated.unmet)} of {len(targets)} published numbers are met.")
    for target in calibrated.unmet:
        print(f"  {target['id']}: published {target['published']}, here {target['simulated']}")
    return 1 if calibrated.unmet else 0


if __name__ == "__main__":
    sys.exit(main())
