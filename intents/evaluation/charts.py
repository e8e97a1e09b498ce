"""Charts as SVG: plain pictures, without scripts and without anything from the network, to be shown by <img>."""

from collections.abc import Sequence
from typing import Any

import pygal
from pygal.style import Style

from intents.evaluation.judge import Judged
from intents.evaluation.score import Bin, as_decided, coverage, reliability

WIDTH, HEIGHT = 860, 660
MOST_WRONG = 0.03  # answered at once and wrong, of all messages: the promise to citizens
FONT = "Noto Sans Thai, Loma, Sarabun, Tahoma, sans-serif"
COLOURS = ("#0b5fa5", "#b3541e")  # before, after: told apart by who sees no red and green, too
GREY = "#5f6b76"
PALE = "#c9d1d9"
DASHES = {"dasharray": "6, 6"}

Evaluations = Sequence[tuple[str, Sequence[Judged]]]  # with the name each has in the legend, perhaps empty


def evaluation_chart(evaluations: Evaluations) -> str:
    """Coverage against precision and, beside it, how reliable the score is: one picture for one or two evaluations."""
    pictures = (_coverage_chart(evaluations), _reliability_chart(evaluations))
    inner = "".join(
        f'<svg x="{at * WIDTH}" y="0" width="{WIDTH}" height="{HEIGHT}">{picture}</svg>'
        for at, picture in enumerate(pictures)
    )
    width = WIDTH * len(pictures)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT}" viewBox="0 0 {width} {HEIGHT}">'
        f"{inner}</svg>\n"
    )


def _coverage_chart(evaluations: Evaluations) -> str:
    curves = [coverage(judged) for _name, judged in evaluations]
    lowest = min((point.precision for curve in curves for point in curve), default=0.0)
    floor = int(lowest * 10) * 10
    chart = _chart(
        "coverage",
        "ตอบทันทีได้มากแค่ไหน และถูกแค่ไหน\nCoverage against precision",
        "ตอบทันที กี่ % ของข้อความ · answered at once, % of messages",
        "ในนั้นถูก · of those right, %",
        colours=(*[colour for colour in COLOURS[: len(curves)] for _line_and_dot in range(2)], GREY),
        floor=floor,
    )
    for (name, judged), curve in zip(evaluations, curves, strict=True):
        decided = as_decided(judged)
        line = [(100 * point.coverage, 100 * point.precision) for point in curve]
        dot = [(100 * decided.coverage, 100 * decided.precision)] if decided else []
        chart.add(f"{name} — ถ้าใช้เกณฑ์คะแนนเดียว · with one threshold".strip(), line, show_dots=False)
        chart.add(f"{name} ● ที่ตัดสินจริง · as it is decided".strip(), dot, dots_size=9, stroke=False)
    limit = [(covered, 100 - 10_000 * MOST_WRONG / covered) for covered in range(3, 101)]
    chart.add(
        f"ขีดจำกัด: ผิดไม่เกิน {MOST_WRONG:.0%} ของทั้งหมด · limit",
        [point for point in limit if point[1] >= floor],
        show_dots=False,
        stroke_style=DASHES,
    )
    return _drawn(chart)


def _reliability_chart(evaluations: Evaluations) -> str:
    alone = len(evaluations) == 1  # the numbers of two would cover each other
    chart = _chart(
        "reliability",
        f"คะแนนเชื่อถือได้แค่ไหน{' (เลขคือจำนวนคำถาม)' * alone}\nReliability of the score",
        "คะแนนของตัวเลือกแรก · score of the first choice, %",
        "ถูกจริง กี่ % · really right, %",
        colours=(*COLOURS[: len(evaluations)], GREY),
        floor=0,
    )
    for name, judged in evaluations:
        chart.add(
            f"{name} ที่วัดได้ · measured".strip(), [_dot(one, labelled=alone) for one in reliability(judged)], dots_size=6
        )
    chart.add(
        "ถ้าเชื่อถือได้พอดี · perfectly reliable",
        [(0, 0), (100, 100)],
        show_dots=False,
        stroke_style=DASHES,
    )
    return _drawn(chart)


def _dot(one: Bin, *, labelled: bool) -> dict[str, object]:
    value = (100 * one.mean_score, 100 * one.right_share)
    return {"value": value, "label": str(one.asked)} if labelled else {"value": value}


def _chart(name: str, title: str, x: str, y: str, *, colours: Sequence[str], floor: int) -> pygal.XY:
    style = Style(
        background="white",
        plot_background="white",
        foreground="#1c2430",
        foreground_strong="#1c2430",
        foreground_subtle=PALE,
        guide_stroke_color=PALE,
        major_guide_stroke_color=PALE,
        font_family=FONT,
        title_font_size=18,
        label_font_size=16,
        major_label_font_size=16,
        legend_font_size=16,
        value_label_font_size=14,
        stroke_width="3",
        opacity="1",
        colors=tuple(colours),
    )
    chart = pygal.XY(
        style=style,
        width=WIDTH,
        height=HEIGHT,
        title=title,
        x_title=x,
        y_title=y,
        xrange=(0, 100),
        range=(floor, 100),
        x_labels=list(range(0, 101, 20)),
        y_labels=list(range(floor, 101, 10 if floor < 70 else 2)),
        legend_at_bottom=True,
        legend_at_bottom_columns=1,
        truncate_legend=-1,
        print_labels=True,
        show_x_guides=True,
        js=(),
        no_data_text="ไม่มีข้อมูล · no data",
        disable_xml_declaration=True,  # it is put into another picture
    )
    chart.uuid = name  # the same questions make the same file
    return chart


def _drawn(chart: pygal.XY) -> str:
    chart.add_xml_filter(_without_scripts)
    return str(chart.render())


def _without_scripts(root: Any) -> Any:
    for parent in root.iter():
        for child in [child for child in parent if child.tag == "script"]:
            parent.remove(child)
    return root
