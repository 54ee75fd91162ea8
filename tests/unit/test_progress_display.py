"""The line of progress, on a stream that says it is a terminal."""

import io
import logging

import pytest
from seizureflow.failed_jobs import FailedJobs
from seizureflow.progress_display import ProgressDisplay

JOB = {"jobid": 7, "rule_name": "derive_adsl", "wildcards": {"study": "tiny"}}


@pytest.fixture
def logger():
    return logging.Logger("engine")


@pytest.fixture
def terminal(logger):
    stream = io.StringIO()
    logger.addHandler(logging.StreamHandler(stream))
    return stream


def test_jobs_are_in_the_line_and_other_messages_above_it(logger, terminal):
    display = ProgressDisplay(logger, terminal)
    logger.info("a warning of the engine")
    logger.info("rule derive_adsl", extra={"event": "job_info", **JOB})
    logger.info(None, extra={"event": "progress", "done": 1, "total": 2})
    logger.info("another warning")
    display.stop()
    text = terminal.getvalue()
    assert "rule derive_adsl" not in text
    assert "a warning of the engine\n" in text
    line = "1 of 2 jobs, 0 s: derive_adsl (tiny)"
    # the line is gone before the message is written, and comes back after it
    assert text.endswith(f"{line}\r\x1b[Kanother warning\n\r\x1b[K{line}\r\x1b[K")


def test_after_the_end_nothing_is_written(logger, terminal):
    display = ProgressDisplay(logger, terminal)
    display.stop()
    before = terminal.getvalue()
    logger.info(None, extra={"event": "progress", "done": 1, "total": 2})
    assert "1 of 2" not in terminal.getvalue().removeprefix(before)


def test_a_log_file_keeps_what_the_line_says_in_short(logger, terminal):
    file = io.StringIO()
    logger.addHandler(logging.StreamHandler(file))
    ProgressDisplay(logger, terminal)
    logger.info("rule derive_adsl", extra={"event": "job_info", **JOB})
    assert file.getvalue() == "rule derive_adsl\n"


def test_a_failed_job_is_collected_with_its_last_words(logger, tmp_path):
    failed = FailedJobs(logger)
    log = tmp_path / "derive_adsl.log"
    log.write_text("2026-01-01 10:00:00,000 ERROR What is wrong.\nWhat to do.\n")
    error = {"event": "job_error", "log": [str(log)], **JOB}
    logger.error("Error in rule derive_adsl", extra=error)
    assert failed.words() == f"derive_adsl failed ({log}):\nWhat is wrong.\nWhat to do."


def test_of_an_interrupted_run_only_steps_with_a_reason_are_told(logger, tmp_path):
    failed = FailedJobs(logger)
    said = {"stopped": "INFO interrupted", "wrong": "ERROR What is wrong."}
    for name, words in said.items():
        log = tmp_path / f"{name}.log"
        log.write_text(f"2026-01-01 10:00:00,000 {words}\n")
        logger.error("Error", extra={"event": "job_error", "log": [str(log)], **JOB})
    assert len(failed.words().split("\n\n")) == 2
    wrong = f"derive_adsl failed ({tmp_path / 'wrong.log'}):\nWhat is wrong."
    assert failed.words(interrupted=True) == wrong
