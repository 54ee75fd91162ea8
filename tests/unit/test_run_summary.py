import pandas as pd
import pytest
from seizureflow.findings import Finding, findings_frame
from seizureflow.run_summary import run_summary


def result(analysis, note=None, converged=None):
    return {"ANALYSIS": analysis, "NOTE": note, "CONVERGED": converged}


def finding(severity):
    return Finding(severity, "rule", "diary.csv", "", "", "", "", "message", "action")


# severities of findings, rows of results, what the summary says of them
WARNED = [
    ([], [result("a")], "nothing to warn of."),
    (["warning"], [result("a")], "1 warning on the data."),
    (
        ["warning", "warning", "note"],
        [result("a", "A note."), result("a", "Another."), result("b", converged=False)],
        "2 warnings on the data, 1 note on the data, 1 analysis without convergence, "
        "1 analysis with notes on results.",
    ),
]


@pytest.mark.parametrize(("severities", "rows", "said"), WARNED)
def test_what_warned_is_counted(severities, rows, said, tmp_path):
    folder = tmp_path / "tiny"
    findings = findings_frame([finding(severity) for severity in severities])
    (folder / "data_quality").mkdir(parents=True)
    findings.to_csv(folder / "data_quality" / "findings.csv", index=False)
    pd.DataFrame(rows).to_csv(folder / "ard.csv", index=False)
    summary = run_summary({"draw_figure": 2, "build_report": 1}, 4, 75, [folder])
    assert summary.splitlines() == [
        "3 jobs ran in 1 min 15 s; 4 had nothing to do.",
        "Ran: draw_figure 2, build_report 1.",
        "",
        f"tiny: {said}",
        f"  {folder}/report.html",
    ]


def test_without_a_report_a_summary_says_what_ran():
    assert run_summary({"derive_adsl": 1}, 0, 2, []) == "1 job ran in 2 s."
