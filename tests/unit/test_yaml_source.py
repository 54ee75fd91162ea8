"""YAML read as plain data, with the lines of its keys; what is no plan is refused in words."""

import datetime

import pytest
from seizureflow.problems import InputError
from seizureflow.yaml_source import dotted, read_yaml


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "plan.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_yaml(path)

    return read


# Nine aliases of nine aliases of ...: a few hundred bytes that stand for a billion entries.
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)

# text of the file; words of the problem
REFUSED = {
    "alias bomb": (BOMB, ["more than 100,000 entries", "Write it without aliases"]),
    "list that holds itself": ("a: &a [*a]", ["nested more than 50 deep"]),
    "entry that holds itself": ("a: &a {b: *a}", ["nested more than 50 deep"]),
    "deeply nested": ("a: " + "[" * 60 + "]" * 60, ["nested more than 50 deep"]),
    "nested without end": ("[" * 20_000, ["is nested without end"]),
    "too large": (b"# " + b"x" * (4 * 1024 * 1024), ["more than 4,194,304 bytes"]),
    "tag that runs code": ("a: !!python/object/apply:os.getcwd []", ["not valid YAML", "line 1"]),
    "tag of one's own": ("a: 1\nb: !secret x", ["not valid YAML", "line 2"]),
    "key that is a list": ("a: 1\n? [b, c]\n: 2", ["line 2", "A key is not a word"]),
    "key that is a mapping": ("? {b: 1}\n: 2", ["line 1", "A key is not a word"]),
    "key twice": ("a: 1\nb: {c: 1, c: 2}", ["line 2, b.c", "twice; the first is on line 2"]),
    "two keys twice": ("a: 1\na: 2\nb: 1\nb: 2", ["2 problems", "line 2, a", "line 4, b"]),
    "open bracket": ("a: [1, 2", ["not valid YAML"]),
    "tab as indentation": ("a:\n\tb: 1", ["not valid YAML", "line 2", "with blanks"]),
    "indented too far": ("a: 1\nb:\n  c: 1\n   d: 2", ["not valid YAML", "line 4"]),
    "indented otherwise": ("b:\n   c: 1\n  d: 2", ["not valid YAML", "line 3", "same column"]),
    "not UTF-8": (b"title: na\xefve", ["not UTF-8", "at byte 9", "Save it as UTF-8"]),
    "two documents": ("a: 1\n---\nb: 2", ["not valid YAML"]),
    "alias of nothing": ("a: *b", ["not valid YAML", "undefined alias"]),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_plan_is_refused(read, name):
    text, words = REFUSED[name]
    with pytest.raises(InputError) as error:
        read(text)
    for word in ("plan.yaml", *words):
        assert word in str(error.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.yaml\n *The file does not exist"):
        read_yaml(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 2020-11-18", "2020-11-18"),
        ('a: "2020-11-18"', "2020-11-18"),
        ("a: 2020-11-18 10:00:00", "2020-11-18 10:00:00"),
        ("a: 2020-02-30", "2020-02-30"),
        ("a: 7", 7),
        ("a: 0.5", 0.5),
        ("a: true", True),
        ("a:", None),
        ("a: [1, two]", [1, "two"]),
    ],
)
def test_values_are_plain_and_a_date_stays_text(read, text, value):
    found = read(text).data["a"]
    assert found == value
    assert not isinstance(found, datetime.date)


def test_aliases_and_merges_within_reason_are_read(read):
    source = read("base: &base {x: 1, y: 2}\nmore: {<<: *base, y: 3}\nlist: [*base]")
    assert source.data["more"] == {"x": 1, "y": 3}
    assert source.data["list"] == [{"x": 1, "y": 2}]


def test_an_empty_file_has_no_data(read):
    assert read("# nothing\n").data is None


@pytest.mark.parametrize(
    ("key", "place"),
    [
        (("design", "arms", 1, "label"), "line 5, design.arms[1].label"),
        (("design", "arms", 1), "line 4, design.arms[1]"),
        (("design", "arms", 0, "labl"), "line 3, design.arms[0].labl"),  # that of its parent
        (("nowhere",), "line 1, nowhere"),
        ((), "line 1"),
    ],
)
def test_keys_have_lines(read, key, place):
    source = read("design:\n  arms:\n    - {id: a}\n    - id: b\n      label: B\n")
    assert source.where(key) == f"{source.path}, {place}"


def test_keys_are_written_with_dots_and_brackets():
    assert dotted(("analyses", 2, "method")) == "analyses[2].method"
    assert dotted(()) == ""


NOT_VALUES = ("9" * 5000, "0x" + "f" * 100_000, "!!int abc", "!!float abc", "!!bool abc", "!!timestamp abc",
              "!!map [b]", "!!set [b]", "0x_", ".nan", "-.inf", "1.0e+400", "10000000000000000")  # fmt: skip


@pytest.mark.parametrize("value", NOT_VALUES)
def test_a_value_that_is_none_of_its_type_has_its_line(tmp_path, value):
    path = tmp_path / "plan.yaml"
    path.write_text(f"title: x\nn: {value}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"plan\.yaml, line 2\n.*not valid YAML"):
        read_yaml(path)


def test_keys_are_the_text_that_stands_there(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text("values: {No: N, yes: Y, 01: first, 1: one, null: none, 1.0: real}\n")
    assert list(read_yaml(path).data["values"]) == ["No", "yes", "01", "1", "null", "1.0"]


def test_a_folder_is_no_plan(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_yaml(tmp_path)
