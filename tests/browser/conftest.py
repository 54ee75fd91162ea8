"""A browser for the tests of pages: the Chromium of the system, or that of Playwright."""

import os
import shutil
from pathlib import Path

import pytest

NEEDED = os.environ.get("SEIZUREFLOW_NEEDS_BROWSER") == "1"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def _absent(reason):
    """Skip, or fail where the environment says that a browser must be there."""
    (pytest.fail if NEEDED else pytest.skip)(
        f"{reason} Set SEIZUREFLOW_NEEDS_BROWSER=1 to make this a failure."
    )


@pytest.fixture(scope="session")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api") if not NEEDED else None
    if sync_api is None:
        from playwright import sync_api
    with sync_api.sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        found = next((path for name in NAMES if (path := shutil.which(name))), None)
        executable = found or (str(own) if own.is_file() else None)
        if executable is None:
            _absent("No Chromium was found on the PATH or among Playwright's browsers.")
        # Chromium refuses to run as root with its sandbox, as in most containers.
        arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        running = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield running
        running.close()


class Opened:
    """A page in a browser, with what it asked for and what it complained about."""

    def __init__(self, browser, path, width=1280, height=900, **options):
        self.context = browser.new_context(viewport={"width": width, "height": height}, **options)
        self.context.set_default_timeout(20_000)
        self.page = self.context.new_page()
        self.complaints, self.requests = [], []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.address = Path(path).resolve().as_uri()
        self.page.goto(self.address)

    def follow(self, anchor):
        self.page.goto(f"{self.address}#{anchor}")


@pytest.fixture
def opened(browser):
    """Opens pages, and closes them after the test."""
    contexts = []

    def open_page(path, **options):
        found = Opened(browser, path, **options)
        contexts.append(found.context)
        return found

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """Pages of small studies, by name, and the results of the first."""
    from seizureflow.findings import Finding
    from seizureflow.report.index_page import index_page
    from unit.report.study import ROOT, protocol, report

    folder = tmp_path_factory.mktemp("pages")
    finding = Finding("warning", "odd_day", "d.csv", "c", "P1", "2", "x", "It is odd.", "Look.")
    summaries = {}
    studies = {
        "complete": ({}, {"findings": [finding] * 30}),
        "blinded": ({"treatment": "blinded", "arms": 3}, {}),
        "markup": ({}, {"term": 'It\'s <b>(so)</b> & "odd"! ~*'}),
    }
    paths, results = {}, {}
    for name, (changes, options) in studies.items():
        page, results[name] = report(
            protocol(**changes), folder, summaries=summaries, name=name, **options
        )
        paths[name] = folder / f"{name}.html"
        paths[name].write_text(page.text, encoding="utf-8")
    paths["index"] = folder / "index.html"
    paths["index"].write_text(
        index_page(
            list(summaries.values()),
            ["report.html", "ard.csv"],
            {"index.html.j2": (ROOT / "report" / "index.html.j2").read_text(encoding="utf-8")},
            (ROOT / "report" / "report.css").read_text(encoding="utf-8"),
        ),
        encoding="utf-8",
    )
    return paths, results
