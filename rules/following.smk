# How a run is followed: its line of progress, what it says at its start and at its end.
#
# takes  nothing of the steps but what Snakemake tells of them, and their logs
# gives  words at the console, and results/<study>/run.html
from collections import Counter
from datetime import datetime

from snakemake.common import NOTHING_TO_BE_DONE_MSG
from snakemake_interface_executor_plugins.settings import ExecMode

from seizureflow.failed_jobs import FailedJobs
from seizureflow.interruption import Interruption, let_a_thread_handle
from seizureflow.progress_display import ProgressDisplay
from seizureflow.results_folder import future_warning
from seizureflow.run_events import When
from seizureflow.run_summary import reports_of, run_summary

FAILED = FailedJobs(logger)
# JobScheduler.schedule of Snakemake.
INTERRUPTION = Interruption(schedule="schedule")
# Only the process that plans the run shows it, and not where its messages go elsewhere.
PROGRESS = None
if (
    workflow.exec_mode == ExecMode.DEFAULT
    and sys.stderr.isatty()
    and not (workflow.output_settings.dryrun or workflow.output_settings.verbose)
    and not workflow.output_settings.log_handler_settings
):
    PROGRESS = ProgressDisplay(logger, sys.stderr)

if workflow.is_main_process and (
    dated := future_warning([Path(RESULTS) / study for study in STUDIES])
):
    print(f"\n{dated}\n", file=sys.stderr)


def end_progress():
    """Take the line of progress away, where there is one."""
    if PROGRESS is not None:
        PROGRESS.stop()


def up_to_date():
    """Folders of the studies whose reports were asked for and are as they should be."""
    files = {str(file) for job in workflow.dag.jobs for file in job.output}
    unfinished = {
        job.wildcards_dict.get("study") for job in workflow.dag.needrun_jobs()
    }
    return [
        Path(report).parent
        for study, report in zip(STUDIES, REPORTS)
        # With --touch, Snakemake runs nothing and makes no report.
        if report in files and study not in unfinished and Path(report).exists()
    ]


def summary():
    """What ran, what was reused, what warned, and where the reports are."""
    jobs = [job for job in workflow.dag.jobs if job.rule.name != "all"]
    ran = [job.rule.name for job in jobs if workflow.dag.finished(job)]
    seconds = (datetime.now() - workflow.start_time).total_seconds()
    return run_summary(Counter(ran), len(jobs) - len(ran), seconds, up_to_date())


def say_where_reports_are():
    """At the end of a run that had nothing to do: Snakemake calls none of its hooks then."""
    if not workflow.output_settings.dryrun and (reports := reports_of(up_to_date())):
        print(f"\n{reports}")


if workflow.is_main_process:
    When(logger, NOTHING_TO_BE_DONE_MSG, say_where_reports_are)


onstart:
    import signal
    from seizureflow.results_folder import require_writable
    from seizureflow.run_lock import lock_results

    # Asked to end (kill), Snakemake 9.27 waits for a lock, which it holds itself while it plans anew.
    let_a_thread_handle(signal.SIGTERM)
    # Not where nothing is run: results may be kept where they cannot be changed.
    try:
        require_writable(
            [Path(RESULTS), *(Path(RESULTS) / study for study in STUDIES)]
        )
        lock_results(Path(RESULTS))
    except InputError as error:
        raise WorkflowError(f"The run was not started. {error}")


onsuccess:
    from seizureflow.report.run_page import write_run_page
    from seizureflow.whole_files import remove_partials

    INTERRUPTION.end()
    for study in STUDIES:
        # What jobs of an earlier run left that were killed while they wrote.
        remove_partials(Path(RESULTS) / study)
        # Not part of the plan of jobs: what a run took differs from run to run.
        write_run_page(Path(RESULTS) / study, Path(workflow.basedir) / "report")
    end_progress()
    print(f"\n{summary()}")


onerror:
    from seizureflow.ended_jobs import killed_jobs_advice

    INTERRUPTION.end()
    end_progress()
    end = "The run was interrupted." if INTERRUPTION.heard else "The run stopped."
    print(
        "",
        *filter(
            None,
            [
                FAILED.words(interrupted=INTERRUPTION.heard),
                killed_jobs_advice(log),
                reports_of(up_to_date()),
            ],
        ),
        f"{end} What was finished is kept (docs/faults.md).",
        sep="\n\n",
    )
