"""The wish that a run should end is heard when it can be taken for what it is."""

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def python(code: str, *before: str) -> subprocess.CompletedProcess[str]:
    """A process of its own: a test must not change how the tests hear Ctrl-C."""
    start = """
        import os, signal, threading, time
        from seizureflow.interruption import Interruption, let_a_thread_handle

        interruption = Interruption(schedule="schedule")
        waited_for = threading.Semaphore(0)

        def interrupt():
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0)

        def evaluate(times=1):
            try:
                for _ in range(times):
                    interrupt()
                time.sleep(0.1)
            except BaseException:
                print("taken for an error")

        def schedule(work):
            work()
            waited_for.acquire(timeout=5)
    """
    return subprocess.run(
        [*before, sys.executable, "-c", textwrap.dedent(start) + textwrap.dedent(code)],
        env={"PYTHONPATH": str(SCRIPTS)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ("interrupt()", ["interrupted"]),
        ("evaluate()", ["taken for an error", "went on"]),
        ("schedule(interrupt)", ["interrupted"]),
        ("schedule(evaluate)", ["interrupted"]),
        ("schedule(lambda: evaluate(times=2))", ["taken for an error", "interrupted"]),
    ],
)
def test_it_is_raised_where_jobs_are_waited_for(call, says):
    """Before there are jobs, or where it comes twice, wherever it comes."""
    ended = python(
        f"""
        try:
            {call}
            print("went on")
        except KeyboardInterrupt:
            print("interrupted")
        print(interruption.heard)
        """,
        "env",
        "--default-signal=INT",
    )
    assert ended.stdout.splitlines() == [*says, "True"], ended.stderr


def test_the_end_is_not_interrupted():
    ended = python(
        """
        interruption.end()
        interrupt()
        print("ended", interruption.heard)
        """,
        "env",
        "--default-signal=INT",
    )
    assert ended.stdout == "ended False\n", ended.stderr


def test_what_ignores_it_goes_on_ignoring_it():
    ended = python(
        """
        interrupt()
        interruption.end()
        print(interruption.heard, signal.getsignal(signal.SIGINT) is signal.SIG_IGN)
        """,
        "env",
        "--ignore-signal=INT",
    )
    assert ended.stdout == "False True\n", ended.stderr
    assert ended.returncode != -signal.SIGINT


def test_a_handler_may_wait_for_a_lock_that_the_main_thread_has():
    ended = python(
        """
        lock, done = threading.Lock(), threading.Event()

        def handler(*heard):
            with lock:
                done.set()

        signal.signal(signal.SIGTERM, handler)
        let_a_thread_handle(signal.SIGTERM)
        with lock:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0)
            print("went on", done.is_set())
        print(done.wait(10))
        """
    )
    assert ended.stdout == "went on False\nTrue\n", ended.stderr


def test_a_signal_without_a_handler_stays_so():
    ended = python("let_a_thread_handle(signal.SIGTERM); os.kill(os.getpid(), signal.SIGTERM)")
    assert ended.returncode == -signal.SIGTERM
