"""Small studies whose results are computed by the methods themselves, to be reported."""

import json
from copy import deepcopy
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from report_page import Page
from seizureflow.adsl import set_flag
from seizureflow.analysis import AnalysisResult
from seizureflow.findings import findings_frame
from seizureflow.methods import run_method
from seizureflow.option_defaults import with_option_defaults
from seizureflow.plans import analysis_plan
from seizureflow.problems import AnalysisError
from seizureflow.protocol import Protocol
from seizureflow.provenance import Trace
from seizureflow.published import compare_published
from seizureflow.registry import METHODS
from seizureflow.report.context import Material, page_context
from seizureflow.report.page import render_page
from seizureflow.results import results_frame
from seizureflow.schema_check import check_against_schema, read_schema
from seizureflow.tables import arranged
from seizureflow.yaml_source import YamlSource, read_yaml

FIGURES_SHOWN = ("diary_heatmap", "log_frequency", "forest", "residuals")
FIGURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400" width="640pt" height="400pt">'
    '<path d="M0 0L640 400M0 400L640 0" stroke="#000"/></svg>'
)
ROOT = Path(__file__).parents[3]
ARMS = ("placebo", "low", "high")
# The analyses of the shipped study that the report is tried on: one of every kind of result, of
# methods that take no time. The others differ from these in their numbers, not in their layout.
TRIED = (
    "participant_flow",
    "primary",
    "responders",
    "seizure_freedom",
    "inadequate_response",
    "ancova",
    "offset_both",
    "negative_binomial",
    "responders_exact",
    "by_visit",
    "percent_change",
    "baseline_characteristics",
    "adverse_events",
    "seizure_free_days",
    "ancova_weeks_0_8",
    "by_type_bilateral",
    "hypothetical_mmrm",
    "wilcoxon",
    "median_regression",
    "multiplicity",
    "responders_standardised",
    "responders_difference",
    "tpsc_curves",
    "tpsc_logrank",
    "tpsc_cox",
    "without_each_site",
    "margin",
    "posterior",
    "historical_responders",
)
# The entries of a protocol that the datasets of a study follow.
DATA_FROM = (
    "design",
    "domains",
    "analysis_sets",
    "eligibility",
    "diary",
    "endpoints",
    "time_to_event",
    "intercurrent_events",
)


@cache
def base_protocol() -> dict:
    """The protocol of the shipped study with every domain."""
    return read_yaml(ROOT / "studies" / "opus" / "protocol.yaml").data


@cache
def schema() -> dict:
    """The schema of a protocol."""
    return read_schema(ROOT / "schemas" / "protocol.schema.yaml")


def protocol(arms: int = 2, drop: tuple[str, ...] = (), **changes) -> dict:
    """A protocol that passes the schema.

    Args:
        arms: Number of arms.
        drop: Top-level entries, or domains, that the study lacks.
        changes: Top-level entries to replace.
    """
    data = deepcopy(base_protocol()) | changes
    data.setdefault("treatment", "unblinded")
    data["design"]["arms"] = [
        {"id": arm, "label": arm.title(), "reference": arm == "placebo"} for arm in ARMS[:arms]
    ]
    for name in drop:
        data.pop(name, None)
        data["domains"].pop(name, None)
    methods = {
        "adverse_events": {"adverse_event_summary"},
        "medications": {"inadequate_response"},
        "disposition": {"inadequate_response"},
    }
    facts = {"doses": "dosed", "disposition": "completed"}
    unknown = {facts[name] for name in drop if name in facts}
    for entry in data["analysis_sets"]:
        entry["requires"] = [fact for fact in entry.get("requires", []) if fact not in unknown]
    data["analysis_sets"] = [entry for entry in data["analysis_sets"] if entry["requires"]]
    unwanted = {method for name in drop for method in methods.get(name, ())}
    chosen = [a for a in data["analyses"] if a["id"] in TRIED and a["method"] not in unwanted]
    data["analyses"] = _with_what_they_read(chosen)
    if "estimands" in drop:
        data["analyses"] = [
            {key: value for key, value in a.items() if key != "estimand"} for a in data["analyses"]
        ]
    checked = check_against_schema(YamlSource(Path("protocol.yaml"), data, {}), schema())
    return with_option_defaults(checked)


def _with_what_they_read(analyses: list[dict]) -> list[dict]:
    """The analyses that do not read the results of one that is not among them, or repeat it."""
    known = {entry["id"] for entry in analyses}
    return [entry for entry in analyses if _read_by(entry) <= known]


def _read_by(entry: dict) -> set[str]:
    """The analyses whose results an analysis reads, or which it repeats."""
    needs, options = METHODS[entry["method"]], entry.get("options", {})
    read = {identifier for _, identifier in needs.analyses_read(options)}
    return read | ({options["repeats"]} if needs.repeats else set())


def datasets(plan: dict, per_arm: int = 8, term: str = "Headache") -> dict[str, pd.DataFrame]:
    """ADaM tables of a study that follows a protocol."""
    arms = [arm["id"] for arm in plan["design"]["arms"]]
    number = np.arange(per_arm * len(arms))
    people = pd.DataFrame({"USUBJID": [f"P{n:02d}" for n in number]})
    people["TRT01P"] = [arms[n % len(arms)] for n in number]
    people["SITEID"] = [f"S{n % 3}" for n in number]
    people["RANDFL"] = "Y"
    people["SCRNDT"] = people["LSTVSDT"] = pd.Timestamp("2020-03-02")
    people["DOSEDFL"] = "Y" if "doses" in plan["domains"] else None
    left = np.where(number % 5 == 0, "N", "Y")
    people["COMPLFL"] = left if "disposition" in plan["domains"] else None
    people["DCSREAS"] = np.where(number % 5 == 0, "adverse event", None)
    people["AGE"] = 20.0 + number
    people["SEX"] = np.where(number % 3 == 0, "F", "M")
    people["STRUCTFL"] = np.where(number % 4 < 2, "Y", "N")
    people["HIGHBLFL"] = np.where(number % 7 < 2, "Y", "N")
    people["STRATAR"] = people["STRUCTFL"] + people["HIGHBLFL"]
    people["FAILASM"] = people["CURRASM"] = 2 + number % 3
    people["BSCOUNT"] = 6 + number % 11
    people["BSFREQ"] = people["BSCOUNT"] / 1.5
    people["LBSFREQ"] = np.log(people["BSFREQ"])
    screened_out = people.iloc[:1].assign(USUBJID="X1", RANDFL="N", TRT01P=None)
    people = pd.concat([people, screened_out], ignore_index=True)
    for entry in plan["analysis_sets"]:
        people[set_flag(entry["id"])] = people["RANDFL"]
    eligibility = pd.DataFrame(
        {"USUBJID": ["X1"], "CRITERION": ["age"], "LABEL": ["Age <18 to 75>"], "MET": [False]}
    )
    empty = pd.DataFrame({"USUBJID": [], "REASON": [], "ASTDY": []})
    return {
        "adsl": people,
        "adsz": _adsz(people, plan),
        "adae": _adae(people, term),
        "eligibility": eligibility if plan["eligibility"] else eligibility.iloc[:0],
        "medications": empty,
        "disposition": empty,
        "adtte": _adtte(people, plan),
        "adice": _adice(people, plan),
        **_diary(people, plan),
    }


def _adtte(people: pd.DataFrame, plan: dict) -> pd.DataFrame:
    number = np.arange(len(people))
    frames = [
        people[["USUBJID", "TRT01P"]].assign(
            PARAMCD=entry["id"],
            AVAL=1.0 + number * 17 % 60,
            CNSR=(number % 5 == 0).astype(int),
            EVNTDESC="Countable seizure",
            CNSDTDSC=None,
        )
        for entry in plan.get("time_to_event", [])
    ]
    columns = ["USUBJID", "PARAMCD", "AVAL", "CNSR", "EVNTDESC", "CNSDTDSC"]
    return pd.concat(frames) if frames else pd.DataFrame(columns=columns)


def _adice(people: pd.DataFrame, plan: dict) -> pd.DataFrame:
    """One participant in nine had the first of the intercurrent events, all on the same day."""
    event = plan["intercurrent_events"][0]
    rows = people.loc[people["RANDFL"] == "Y", ["USUBJID", "TRT01P"]].iloc[::9]
    return rows.assign(ADY=100, ICECD=event["id"], ICE=event["label"])


def _diary(people: pd.DataFrame, plan: dict) -> dict[str, pd.DataFrame]:
    """Canonical diaries: 80 days, of which one in nine was not recorded, and a seizure in four."""
    day = np.tile(np.arange(1, 81), len(people))
    number = np.repeat(np.arange(len(people)), 80)
    who = people["USUBJID"].to_numpy()[number]
    intervals = pd.DataFrame({"USUBJID": who, "START": day, "END": day + 1})
    seized = (day * 7 + number * number) % 4 == 0
    countable = next(e["id"] for e in plan["diary"]["seizure_types"] if e["countable"])
    return {
        "intervals": intervals.assign(RECORDED=(day + number) % 9 > 0),
        "seizures": intervals.loc[seized, ["USUBJID", "START"]].assign(
            SEIZTYPE=countable, COUNT=1, CLUSTER=False
        ),
    }


def _adsz(people: pd.DataFrame, plan: dict) -> pd.DataFrame:
    windows = [entry["id"] for part in ("windows", "visits") for entry in plan["design"][part]]
    frames = [_adsz_window(people, plan, window, number) for number, window in enumerate(windows)]
    return pd.concat(frames, ignore_index=True)


def _adsz_window(people: pd.DataFrame, plan: dict, window: str, number: int) -> pd.DataFrame:
    count = np.random.default_rng(number).integers(1, 14, len(people)).astype(float)
    change = np.log(count + 0.2) - people["LBSFREQ"]
    response = (np.arange(len(people)) % 3 == 0).astype(float)
    design = plan["design"]
    ends = {entry["id"]: entry["days"][1] for entry in design["windows"]}
    ends |= {visit["id"]: visit["day"] for visit in design["visits"]}
    values = {"SZCOUNT": {"AVAL": count}, "SZDAYS": {"AVAL": 28.0}}
    values["SZFREQ"] = {"AVAL": count, "PCHG": 100 * (count / people["BSFREQ"] - 1)}
    for endpoint in plan["endpoints"]:
        changes = endpoint["kind"] in ("log_change", "seizure_free_days")
        values[endpoint["id"]] = {"CHG": change} if changes else {"AVAL": response}
    frames = [
        people[["USUBJID", "TRT01P"]].assign(
            PARAMCD=code, AVISIT=window, AWTYPE="window", AWHI=ends[window], **columns
        )
        for code, columns in values.items()
    ]
    return pd.concat(frames, ignore_index=True)


def _adae(people: pd.DataFrame, term: str) -> pd.DataFrame:
    events = people[people["RANDFL"] == "Y"].iloc[::3][["USUBJID", "TRT01P"]]
    return events.assign(
        AETERM=term,
        AEBODSYS="Nervous system disorders",
        AESEV="mild",
        AESEVN=1,
        AESER="N",
        AEREL="Y",
        AEWDFL="N",
        TRTEMFL="Y",
    )


def results_of(
    plan: dict,
    term: str = "Headache",
    refuse: tuple[str, ...] = (),
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """Run every analysis of a protocol as the workflow does.

    Args:
        plan: The protocol.
        term: Term of the adverse events.
        refuse: Analyses that find no answer.
        confidence_level: Level of the intervals.
    """
    settings = {"confidence_level": confidence_level, "seed": 1}
    study = Protocol(Path(), plan)
    trace = Trace("d" * 64, "p" * 64, "c" * 64, "python 3", None)
    of_data = json.dumps({name: plan[name] for name in DATA_FROM})
    frames: dict[str, pd.DataFrame] = {}
    for entry in plan["analyses"]:
        asked = analysis_plan(study, entry["id"], settings)
        try:
            if entry["id"] in refuse:
                raise AnalysisError(f"Analysis {entry['id']}: refused for the test.")
            read = {f"results_{name}": frames[name] for name in _read_by(entry)}
            if read:
                result = run_method(entry["method"], asked, _datasets(of_data, term) | read)
            else:
                result = _result(json.dumps(asked), of_data, term)
        except AnalysisError as error:
            result = AnalysisResult((), converged=False, notes=(f"Not computed. {error}",))
        rows = results_frame("made_up", entry, result, trace, plan["treatment"])
        frames[entry["id"]] = arranged(rows, "results").to_pandas()
    return arranged(pd.concat(frames.values(), ignore_index=True), "results").to_pandas()


@cache
def _datasets(of_data: str, term: str) -> dict[str, pd.DataFrame]:
    return datasets(json.loads(of_data), term=term)


@cache
def _result(asked: str, of_data: str, term: str) -> AnalysisResult:
    """The result of an analysis, which many of the studies share."""
    plan = json.loads(asked)
    return run_method(plan["analysis"]["method"], plan, _datasets(of_data, term))


PUBLISHED = {
    "sources": {
        "s": {"title": "A <paper>", "url": "https://example.org/paper"},
        "t": {"title": "A trap", "url": "javascript:alert(1)"},
    },
    "aggregates": [
        {
            "id": name,
            "label": f"The number {name}",
            "value": value,
            "source": source,
            "compare": {"analysis": "participant_flow", "statistic": statistic},
        }
        for name, value, source, statistic in (
            ("fits", 16, "s", "randomised"),
            ("does_not_fit", 99, "s", "randomised"),
            ("unknown", 1, "t", "nothing_of_the_kind"),
        )
    ],
}


def quality_tables(text: str = "focal") -> dict[str, pd.DataFrame]:
    """Small tables on the quality of the raw data; ``text`` stands wherever a raw file's text does."""
    rows = [
        ("diary", "data/diary.csv", "used", "", 960),
        ("diary", "data/diary.csv", "excluded", text, 33),
        ("diary", "data/diary.csv", "excluded", "not usable", 7),
        ("treatment_codes", "data/codes.csv", "used", "", 16),
    ]
    types = [
        (text, "focal_aware", "focal_aware", "protocol", True, 120, 310),
        (f"{text} ?", None, None, "", None, 3, None),
    ]
    days = [
        ("P00", "baseline", 42, 42, 0, 0),
        ("P01", "baseline", 42, 21, 20, 1),
        ("P02", "baseline", 0, 0, 0, 0),
        ("P00", "weeks_0_8", 56, 55, 0, 1),
    ]
    compliance = pd.DataFrame(
        days, columns=["USUBJID", "PERIOD", "EXPECTED", "RECORDED", "MARKED", "ABSENT"]
    )
    compliance["PERCENT"] = (
        100 * compliance["RECORDED"] / compliance["EXPECTED"].where(compliance["EXPECTED"] > 0)
    )
    deviations = [
        (text, "eligibility", "age", "Age 18 to 75", text, "at most 75"),
        ("P01", "stratum", "STRUCTFL", "Structural lesion", "Y", "N"),
    ]
    tables = {
        "row_accounting": pd.DataFrame(
            rows, columns=["DOMAIN", "FILE", "OUTCOME", "REASON", "ROWS"]
        ),
        "seizure_types": pd.DataFrame(
            types,
            columns=["VERBATIM", "SEIZTYPE", "ILAE", "VIA", "COUNTABLE", "ROWS", "SEIZURES"],
        ),
        "compliance": compliance,
        "deviations": pd.DataFrame(
            deviations, columns=["USUBJID", "KIND", "RULE", "LABEL", "FOUND", "EXPECTED"]
        ),
    }
    return {name: arranged(table, name).to_pandas() for name, table in tables.items()}


def report(
    plan: dict,
    folder: Path,
    *,
    published: bool = True,
    findings=(),
    refuse: tuple[str, ...] = (),
    term: str = "Headache",
    confidence_level: float = 0.95,
    quality: dict[str, pd.DataFrame] | None = None,
    summaries: dict[str, dict] | None = None,
    name: str = "",
) -> tuple[Page, pd.DataFrame]:
    """Build the page of a study; also gives its results, and its summary under ``name``."""
    results = results_of(plan, term, refuse, confidence_level)
    figure = folder / "figure.svg"
    figure.write_text(FIGURE, encoding="utf-8")
    material = Material(
        protocol=plan,
        labels=Protocol(Path(), plan).labels,
        results=results,
        findings=findings_frame(findings),
        published=compare_published(PUBLISHED, results) if published else None,
        sources=PUBLISHED["sources"] if published else {},
        confidence_level=confidence_level,
        figures=dict.fromkeys(FIGURES_SHOWN, str(figure)),
        words={
            name: {
                "title": f"Title of {name}",
                "alt": f"What {name} shows",
                "caption": "How to read it",
            }
            for name in FIGURES_SHOWN
        },
        compared={
            entry["id"]: entry["compare"]
            for entry in (PUBLISHED["aggregates"] if published else [])
        },
        **(quality_tables() if quality is None else quality),
    )
    context = page_context(material)
    if summaries is not None:
        summaries[name] = context["summary"]
    text = render_page(
        {
            path.name: path.read_text(encoding="utf-8")
            for path in (ROOT / "report").glob("*.html.j2")
        },
        (ROOT / "report" / "report.css").read_text(encoding="utf-8"),
        context,
        (ROOT / "report" / "report.js").read_text(encoding="utf-8"),
    )
    return Page(text), results
