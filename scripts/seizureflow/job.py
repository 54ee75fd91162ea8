"""Runs one step: a log with versions and outcome, and errors worded for the person who can act."""

from __future__ import annotations

import logging
import resource
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from seizureflow import step_log
from seizureflow.isolation import require_own_environment
from seizureflow.log_file import open_log
from seizureflow.machine_errors import machine_problem
from seizureflow.problems import AnalysisError, InputError
from seizureflow.provenance import software_versions


def _finished() -> str:
    """What this process took so far, as the outcome of its step."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    # Linux counts in kilobytes, macOS in bytes.
    megabytes = used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return step_log.finished(used.ru_utime + used.ru_stime, megabytes)


@contextmanager
def job(log_path: str | Path) -> Iterator[logging.Logger]:
    """Log a step and end the process with status 1 on an error that can be explained.

    Explained are errors of its inputs, and of the machine (a full disk, say). The log begins with
    versions, and ends with the outcome; the run says errors when it stops (failed_jobs.py). A step
    that has an environment of its own is refused outside it.

    Args:
        log_path: Log file; what the step says goes there, errors too.

    Yields:
        The logger.
    """
    path = Path(log_path)
    logger = logging.getLogger(f"seizureflow.{path.stem}")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    handler = open_log(path)
    logger.addHandler(handler)
    try:
        logger.info("started with %s in %s", software_versions(), sys.prefix)
        require_own_environment(path.stem)
        yield logger
        logger.info(_finished())
    except (InputError, AnalysisError) as error:
        logger.error("%s", error)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        logger.info(step_log.INTERRUPTED)
        raise SystemExit(130) from None
    except BaseException as error:
        problem = machine_problem(error, path.stem)
        if problem is None:
            logger.error("failed\n%s", traceback.format_exc())
            raise
        logger.info("failed\n%s", traceback.format_exc())
        logger.error("%s", problem)
        raise SystemExit(1) from None
    finally:
        handler.close()
        logger.removeHandler(handler)
