"""The flow of participants as a diagram: from screening to the primary analysis.

Its boxes and their order are those of the CONSORT 2025 statement (Hopewell et al., PLOS Medicine
2025;22(4):e1004587).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seizureflow.displays.flow import ArmFlow, Box, Flow, participant_flow
from seizureflow.displays.labels import Labels
from seizureflow.displays.values import Cell, Results
from seizureflow.displays.words import listed, lower_first
from seizureflow.figures.drawing import Drawing, FigurePlan
from seizureflow.figures.exclusions import Exclusion, exclusions
from seizureflow.figures.flow_diagram import Diagram, Stage, draw_diagram
from seizureflow.figures.style import house_style, new_figure, sentence_figure
from seizureflow.figures.text_boxes import Paragraph

Entry = dict[str, Any]

_TITLE = "Participant flow"
_METHOD = "participant_flow"
_INDENT = 0.12  # inches
_NO_BREAK = "\N{NO-BREAK SPACE}"


def draw(plan: FigurePlan, data: Mapping[str, pd.DataFrame]) -> Drawing:
    """Draw the flow: its results, those of the primary analysis, and table ``adsl``."""
    flow, primary = _flow(plan, data["results"])
    left_out = _exclusions(plan, data, primary)
    figure = flow_figure(flow, left_out, simulated=plan.simulated, dummy=plan.dummy)
    remarks = " ".join(flow.remarks) if flow else ""
    sets = plan.protocol["analysis_sets"]
    population = next(
        (s["label"] for s in sets if primary and s["id"] == primary["population"]), ""
    )
    closing = f" The primary analysis is of the {lower_first(population)}." if population else ""
    return Drawing(
        figure,
        "Flow of participants",
        _in_words(flow),
        f"n are participants. Dashed boxes are of those who left before they were randomised. "
        f"{remarks}{closing}".strip()
        + plan.marks,
    )


def _flow(plan: FigurePlan, results: pd.DataFrame) -> tuple[Flow | None, Entry | None]:
    """The boxes, and the analysis that closes them; no boxes where they were not counted."""
    flows = [entry for entry in plan.analyses if entry["method"] == _METHOD]
    primary = next((entry for entry in plan.analyses if entry["method"] != _METHOD), None)
    counted = Results(results)
    if not counted.of(flows[0]["id"]):
        return None, primary
    labels = Labels(plan.protocol, plan.labels)
    closing = primary["id"] if primary else None
    return participant_flow(counted, flows[0]["id"], closing, labels), primary


def _exclusions(
    plan: FigurePlan, data: Mapping[str, pd.DataFrame], primary: Entry | None
) -> dict[str, tuple[Exclusion, ...]]:
    """Those who are randomised and not in the primary analysis, by the label of their arm."""
    if primary is None:
        return {}
    analysed = Results(data["results"])
    found = {}
    for arm in plan.arms:
        row = analysed.find(primary["id"], "participants", group=arm["id"])
        if row is not None:
            people = data["adsl"][data["adsl"]["TRT01P"] == arm["id"]]
            sets = plan.protocol["analysis_sets"]
            found[arm["label"]] = exclusions(people, primary["population"], sets, int(row.value))
    return found


@house_style()
def flow_figure(
    flow: Flow | None,
    left_out: Mapping[str, tuple[Exclusion, ...]],
    *,
    simulated: bool,
    dummy: bool,
) -> Figure:
    """Draw the diagram; say so where nobody was counted.

    Args:
        flow: The boxes; None where there are none.
        left_out: By label of the arm, why participants are not in the primary analysis.
        simulated: Whether the participants are simulated.
        dummy: Whether the arms are dummy ones.
    """
    if flow is None:
        why = "The participants were not counted; the report says why."
        return sentence_figure(_TITLE, why, simulated=simulated, dummy=dummy)
    diagram = Diagram.of(_trunk(flow.trunk), _stages(flow.arms, left_out))
    figure = new_figure(_TITLE, diagram.height + 0.55, simulated=simulated, dummy=dummy)
    figure.set_layout_engine("none")
    share = diagram.height / figure.get_figheight()
    axis: Axes = figure.add_axes((0, 0.05 / figure.get_figheight(), 1, share))
    draw_diagram(axis, diagram)
    return figure


def _trunk(boxes: tuple[Box, ...]) -> list[tuple[list[Paragraph], bool]]:
    """Paragraphs of the boxes before the arms part, and whether their participants leave."""
    return [(_paragraphs(box), box.leaves) for box in boxes]


def _paragraphs(box: Box) -> list[Paragraph]:
    heading = {"Screened": "Assessed for eligibility"}.get(box.label, box.label)
    lines = [Paragraph(f"{heading} {_n(box.cell)}", bold=True)]
    if box.heading:
        lines.append(Paragraph(f"{box.heading}:"))
    return lines + _reasons(box)


def _reasons(box: Box) -> list[Paragraph]:
    return [Paragraph(f"{reason} {_counted(n.text)}", indent=_INDENT) for reason, n in box.reasons]


def _stages(
    arms: tuple[ArmFlow, ...], left_out: Mapping[str, tuple[Exclusion, ...]]
) -> list[Stage]:
    """The boxes of the arms, stage by stage; a stage on which no arm has data is left out."""
    stages = [
        Stage("Allocation", tuple(tuple(_allocation(arm)) for arm in arms)),
        Stage("Follow-up", tuple(tuple(_follow_up(arm)) for arm in arms)),
        Stage("Analysis", tuple(tuple(_analysis(arm, left_out)) for arm in arms)),
    ]
    return [stage for stage in stages if any(stage.arms)]


def _by_label(arm: ArmFlow) -> dict[str, Box]:
    return {box.label: box for box in arm.boxes}


def _allocation(arm: ArmFlow) -> list[Paragraph]:
    boxes = _by_label(arm)
    words = {
        "Dosed": "Received the allocated treatment",
        "Not dosed": "Did not receive it",
    }
    first = Paragraph(f"{arm.label}: allocated {_n(boxes['Randomised'].cell)}", bold=True)
    treated = [
        Paragraph(f"{words[label]} {_n(boxes[label].cell)}", indent=_INDENT)
        for label in words
        if label in boxes
    ]
    return [first, *treated]


def _follow_up(arm: ArmFlow) -> list[Paragraph]:
    boxes = _by_label(arm)
    lines = []
    if "Discontinued" in boxes:
        left = boxes["Discontinued"]
        lines = [Paragraph(f"Lost or discontinued {_n(left.cell)}", bold=True), *_reasons(left)]
    if "Completed" in boxes:
        lines.append(Paragraph(f"Completed {_n(boxes['Completed'].cell)}", bold=True))
    return lines


def _analysis(arm: ArmFlow, left_out: Mapping[str, tuple[Exclusion, ...]]) -> list[Paragraph]:
    boxes = _by_label(arm)
    if "In the primary analysis" not in boxes:
        return []
    reasons = left_out.get(arm.label, ())
    number = sum(reason.participants for reason in reasons)
    cell = boxes["In the primary analysis"].cell
    return [
        Paragraph(f"In the primary analysis {_n(cell)}", bold=True),
        Paragraph(f"Not in it {_counted(number)}{':' * bool(reasons)}"),
        *(Paragraph(f"{r.reason} {_counted(r.participants)}", indent=_INDENT) for r in reasons),
    ]


def _text(piece: Any) -> str:
    return piece if isinstance(piece, str) else str(piece.text)


def _n(cell: Cell) -> str:
    """A count, and its share where there is one, as ``(n = 31; 91.2%)``."""
    number, *more = (piece.text for piece in cell if not isinstance(piece, str))
    return _counted("; ".join([number, *more]))


def _counted(number: object) -> str:
    """A count in brackets that no line is broken in."""
    return f"(n = {number})".replace(" ", _NO_BREAK)


def _in_words(flow: Flow | None) -> str:
    """The numbers of the diagram in a sentence for each part."""
    if flow is None:
        return "There is no diagram: the participants were not counted."
    trunk = listed([f"{lower_first(box.label)} {_text(box.cell[0])}" for box in flow.trunk])
    arms = "; ".join(
        f"{arm.label}: "
        + listed([f"{lower_first(box.label)} {_text(box.cell[0])}" for box in arm.boxes])
        for arm in flow.arms
    )
    return f"Flow diagram of the participants. All: {trunk}. {arms}."
