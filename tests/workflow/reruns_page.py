"""Writes docs/reruns.md from the rows that the tests run."""

import sys
from collections.abc import Iterable

from workflow.reruns import SECTIONS, Row

OPENING = """# What runs again after which change

This page is written from the table of the tests (`tests/workflow/reruns.py`) by `make docs`. Each row is a
test: in a finished run of three studies (progabide, opus, and tiny, a small one made for tests) the change is
made, and the steps that Snakemake then runs must be those of the last column, in that number, and no others.

**Content decides, dates do not.** Each step has as parameters the hash of its script and of every module
that the script imports, of the raw files or templates that it reads, and the entries of the plan that it
uses. Snakemake runs a step again when a parameter differs from the recorded one, when a file that it reads is
newer and differs from the recorded content, or when what it makes is missing. So touching files, copying
them or `git checkout` reruns nothing, and new content that comes with an old date (`rsync --times`, `tar`) is seen.

- Entries are taken as a whole: a dataset is derived anew if anything in the part of the plan that it uses has
  changed, and everything that reads a dataset that was derived anew runs again, though its content may be the same. Only what waits
  for the checks of raw data is looked at once more when they are done, and is spared if what it reads has the same content.
- What waits for the checks of raw data is known once they are done. A plan (`snakemake -n`) after a change before
  them names all that may run; rows that say *run* were really run, not planned.
- A file from which the rest is made already, and which is missing, is not noticed: see the rows on deleted results. So it is with a figure
  whose step failed while its report is as it should be. `snakemake --cores 2 --forceall`, or the file asked for by name, makes it.
- Nothing is ever deleted: what a study or an analysis made that is no longer in the plan stays in its folder.
- Not followed: the versions of the packages in `.venv`. Each row of the results names those that it was
  computed with; after an update of `uv.lock`, run `snakemake --cores 2 --forceall`.
- Snakemake's trigger `code` is left out in `profiles/default`, which is used by every call. For scripts it means their dates,
  which would rerun touched scripts and miss old ones; of what else it watches, text of `shell:` and `run:`, this
  project has none. Who calls Snakemake with another profile should give it the two settings of that one that say so.
"""

ELSEWHERE = """
## Tested elsewhere

| you change | runs again | test |
|---|---|---|
| an environment in `envs/`, with `--sdm conda` | the steps that use it | `tests/environments/test_isolation.py` |
| the treatment codes, while treatment is blinded | nothing: no step reads them | `tests/workflow/test_blinding.py` |
| the plan from blinded to unblinded | the reading of the codes, and all behind it | `tests/workflow/test_blinding.py` |
| `--sdm conda` given or left out | everything: so Snakemake treats a change of software | not tested; measured once |
"""

CACHE = """
## Why results are not shared between folders

Snakemake can keep what a step makes in a folder outside, and take it from there in another working folder
(`cache:` on a rule, `--cache`, `SNAKEMAKE_OUTPUT_CACHE`). We tried it on the dearest step, the parts of a specification
curve (Snakemake 9.27), and do not use it:

- **It gave a wrong result, and said nothing.** What it knows a result by is the script, the parameters and the raw inputs, not the
  wildcards. The two parts of progabide's curve differ by a wildcard alone: both became the file of the same part, in
  the first folder and, by a hit, in the second.
- Without `--sdm conda` the versions of packages are not part of it either: after an update of NumPy, results of the old one would be taken.
- What it takes are links to files outside of `results/` that anybody may write to (mode 666), so that a folder of results is no longer whole, and can
  be changed from another.
- A rule with `cache:` may not have `benchmark:`, from which `run.html` has what each step took.
- Little can be saved. All parts of the curves of both studies take 16 seconds of processor time, of 307 for all steps; no other step takes more than
  5. The long simulations, in `benchmarks/`, are not part of the workflow.

Within one folder Snakemake keeps what is unchanged, which is the rest of this page. To begin a second folder with the results of a first, copy
it whole, `.snakemake` included (`cp -a`): nothing is then run again until something is changed.
"""


def reruns_page() -> str:
    """The page as text."""
    parts = [OPENING]
    for title, rows in SECTIONS.items():
        parts += [f"\n## {title}\n\n", *_table(rows)]
    return "".join([*parts, ELSEWHERE, CACHE])


def _table(rows: Iterable[Row]) -> list[str]:
    lines = ["| you change | runs again | jobs |\n|---|---|---|\n"]
    for row in rows:
        way = " (*run*)" if row.really else ""
        asked = f"; called with `{' '.join(row.arguments)}`" if row.arguments else ""
        lines.append(f"| {row.change} | {row.says}{asked} | {_counted(row)}{way} |\n")
    return lines


def _counted(row: Row) -> str:
    if not row.jobs:
        return "none"
    return ", ".join(
        f"`{name}`" if count == 1 else f"`{name}` {count}"
        for name, count in sorted(row.jobs.items())
    )


if __name__ == "__main__":
    sys.stdout.write(reruns_page())
