"""Files and folders appear whole or not at all, whatever happens while they are written."""

import os
import platform
import resource
import subprocess
import sys
import time
from contextlib import contextmanager

import pandas as pd
import pytest
from seizureflow.exports.columns import Column
from seizureflow.exports.xport import write_xport
from seizureflow.whole_files import remove_partials, whole_file, whole_folder, write_whole

HERE = platform.node()


def dead_process() -> int:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


@contextmanager
def small_files(most: int):
    """No file can grow beyond so many bytes: the system refuses, as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def fill_file(path, content, error=None):
    with whole_file(path) as partial:
        partial.write_text(content)
        if error:
            raise error


def fill_folder(path, content, error=None):
    with whole_folder(path) as partial:
        (partial / "inner").mkdir()
        (partial / "inner" / "a.txt").write_text(content)
        if error:
            raise error


def content_of(path) -> str:
    return (path / "inner" / "a.txt" if path.is_dir() else path).read_text()


KINDS = {"file": fill_file, "folder": fill_folder}


@pytest.fixture(params=KINDS)
def fill(request):
    return KINDS[request.param]


@pytest.mark.parametrize("name", ["made.txt", "a [1]*?.txt", "naïve", "x" * 180])
def test_what_is_finished_has_its_name(tmp_path, fill, name):
    target = tmp_path / "new" / name
    fill(target, "one")
    fill(target, "two")
    assert content_of(target) == "two"
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("error", [ValueError("x"), OSError(28, "full"), KeyboardInterrupt()])
@pytest.mark.parametrize("before", [None, "before"])
def test_an_error_leaves_all_as_it_was(tmp_path, fill, before, error):
    target = tmp_path / "made"
    if before:
        fill(target, before)
    with pytest.raises(type(error)):
        fill(target, "after", error)
    assert [content_of(path) for path in tmp_path.iterdir()] == ([before] if before else [])


def test_nothing_is_at_the_target_while_it_is_written(tmp_path, fill):
    target, seen = tmp_path / "made", []
    with whole_file(target) as partial:
        partial.write_text("half")
        seen.append(target.exists())
    assert seen == [False]
    assert target.exists()


def test_a_full_disk_leaves_nothing_and_is_told_with_the_file(tmp_path, fill):
    target = tmp_path / "made"
    with small_files(10_000), pytest.raises(OSError, match="made") as caught:
        fill(target, "x" * 20_000)
    assert caught.value.filename == str(target)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("version", [5, 8])
@pytest.mark.parametrize("most", [0, 80, 700, 1500, 2400, 15_000])
def test_a_transport_file_cut_short_is_noticed(tmp_path, version, most):
    """pyreadstat says nothing of a full disk."""
    frame = pd.DataFrame({"A": [f"text {i}" for i in range(1000)], "B": 1.5})
    variables = [Column("A", "A", "text"), Column("B", "B", "float")]
    target = tmp_path / "made.xpt"
    arguments = ("A", "A", variables, pd.Timestamp("2020-01-01"), version)
    with small_files(most), pytest.raises(OSError, match=r"made\.xpt"):
        write_xport(frame, target, *arguments)
    assert not list(tmp_path.iterdir())
    write_xport(frame, target, *arguments)
    assert target.stat().st_size > 15_000


def test_text_is_written_as_it_is(tmp_path):
    write_whole(tmp_path / "a", "é\r\n\n")
    write_whole(tmp_path / "b", b"\x00\xff")
    assert (tmp_path / "a").read_bytes() == b"\xc3\xa9\r\n\n"
    assert (tmp_path / "b").read_bytes() == b"\x00\xff"


def test_two_writers_do_not_tread_on_each_other(tmp_path, fill):
    """A job that outlived its run ends in the midst of the one that took its place."""
    target = tmp_path / "made"
    program = (
        "import sys; sys.path[:0] = sys.argv[2:]\n"
        "from pathlib import Path\n"
        "from unit.test_whole_files import KINDS\n"
        "for number in range(200): KINDS[sys.argv[1]](Path('made'), 'same')\n"
    )
    kind = next(name for name, function in KINDS.items() if function is fill)
    writers = [
        subprocess.Popen([sys.executable, "-c", program, kind, *sys.path], cwd=tmp_path)
        for _ in range(2)
    ]
    assert [writer.wait(300) for writer in writers] == [0, 0]
    assert content_of(target) == "same"
    assert list(tmp_path.iterdir()) == [target]


def partial_of(folder, process, machine=HERE, name="made.txt"):
    path = folder / f"{name}.{process}@{machine}.partial"
    path.write_text("half")
    return path


def test_the_next_writer_removes_what_dead_ones_left(tmp_path):
    partial_of(tmp_path, dead_process())
    other = partial_of(tmp_path, dead_process(), name="other.txt")
    alive = partial_of(tmp_path, os.getppid())
    write_whole(tmp_path / "made.txt", "whole")
    assert set(tmp_path.iterdir()) == {tmp_path / "made.txt", other, alive}


@pytest.mark.parametrize(
    ("process", "machine", "hours", "removed"),
    [
        (dead_process, HERE, 0, True),
        (os.getppid, HERE, 100, False),
        (lambda: 1, HERE, 100, False),
        (dead_process, f"x{HERE}", 0, False),
        (dead_process, f"x{HERE}", 2, True),
    ],
)
def test_what_is_removed_at_the_end_of_a_run(tmp_path, process, machine, hours, removed):
    inner = tmp_path / "inner"
    inner.mkdir()
    path = partial_of(inner, process(), machine)
    then = time.time() - 3600 * hours
    os.utime(path, (then, then))
    kept = [inner / "made.txt", inner / "of_another_program.partial"]
    for file in kept:
        file.write_text("kept")
    assert remove_partials(tmp_path) == ([path] if removed else [])
    assert path.exists() != removed
    assert all(file.exists() for file in kept)


def test_there_may_be_no_folder_to_look_through(tmp_path):
    assert remove_partials(tmp_path / "none") == []
