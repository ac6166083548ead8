"""Draws a report's pictures and its PDF, in a process of its own: what draws is heavy, and would hold up the turns.

    python -m bot.report.drawing FOLDER < document.json

It writes FOLDER/KEY.svg for every picture and FOLDER/report.pdf, and a line on standard output after each: how far it
is, from 0 to 1. Pictures have words beside every bar, so that no colour need be told from another.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DEEP, PALE, INK, GRID = "#0e6b6b", "#d9d4c9", "#1d2629", "#e4e0d8"
INCHES_WIDE = 6.4


def fonts() -> Path:
    """DejaVu Sans, which comes with what draws the pictures: the same letters on every machine, Polish and Urdu too."""
    found = find_spec("matplotlib")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"


def draw_picture(picture: dict[str, Any], to: Path) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    # A key of the picture's own names the parts of the SVG: the same report is the same file.
    mpl.rcParams.update(
        {"svg.fonttype": "none", "svg.hashsalt": picture["key"], "font.family": "DejaVu Sans", "font.size": 10}
    )
    figure, axes = (_bars if picture["kind"] == "bars" else _line)(plt, picture)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, colors=INK)
    figure.savefig(to, bbox_inches="tight", metadata={"Date": None, "Creator": None})
    plt.close(figure)


def _bars(plt: Any, picture: dict[str, Any]) -> tuple[Any, Any]:
    """One under the other, the first on top, each with its words at its end."""
    bars = picture["bars"]
    values = [bar["value"] or 0 for bar in bars]
    most = picture["most"] or max([*values, 1])
    figure, axes = plt.subplots(figsize=(INCHES_WIDE, 0.42 * len(bars) + 0.4))
    axes.barh(range(len(bars)), values, color=DEEP, height=0.62)
    for place, bar in enumerate(bars):
        axes.text((bar["value"] or 0) + most * 0.012, place, bar["shown"], va="center", color=INK)
    axes.set_yticks(range(len(bars)), [bar["label"] for bar in bars])
    axes.invert_yaxis()
    axes.set_xlim(0, most * 1.3)
    axes.set_xticks([])
    axes.axvline(0, color=INK, linewidth=0.8)
    return figure, axes


def _line(plt: Any, picture: dict[str, Any]) -> tuple[Any, Any]:
    """Over time: a dot for every month that is said, a gap where it is not."""
    bars = picture["bars"]
    values = [float("nan") if bar["value"] is None else bar["value"] for bar in bars]
    most = picture["most"]
    figure, axes = plt.subplots(figsize=(INCHES_WIDE, 2.5))
    axes.plot(range(len(bars)), values, color=DEEP, linewidth=2, marker="o", markersize=6)
    for place, bar in enumerate(bars):
        if bar["value"] is not None:
            axes.text(place, bar["value"] + most * 0.05, bar["shown"], ha="center", color=INK)
    axes.set_xticks(range(len(bars)), [bar["label"] for bar in bars])
    axes.set_xlim(-0.4, len(bars) - 0.6)
    axes.set_ylim(0, most * 1.15)
    axes.set_yticks([])
    axes.axhline(0, color=INK, linewidth=0.8)
    return figure, axes


def draw_pdf(document: dict[str, Any], folder: Path) -> None:
    """Tagged, with title, language and alternative texts, checked against PDF/UA-1 as it is written."""
    import typst

    shutil.copy(HERE / "report.typ", folder / "report.typ")
    (folder / "document.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    typst.compile(
        str(folder / "report.typ"),
        output=str(folder / "report.pdf"),
        root=str(folder),
        font_paths=[str(fonts())],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )


def main(folder: Path) -> None:
    # About a font that lacks a letter: it would quote the letter, on standard error.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    with contextlib.suppress(OSError, AttributeError):
        os.nice(10)  # whoever waits for a page or an answer goes first
    document = json.load(sys.stdin)
    pictures = [block["of"] for one in document["sections"] for block in one["blocks"] if block["kind"] == "picture"]
    steps = len(pictures) + 3
    for place, picture in enumerate(pictures, start=1):
        draw_picture(picture, folder / f"{picture['key']}.svg")
        _far(place / steps)
    draw_pdf(document, folder)
    _far(1.0)


def _far(done: float) -> None:
    sys.stdout.write(f"{done:.3f}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except Exception as error:
        # Its kind alone: its text may quote what somebody wrote.
        sys.stdout.write(f"!{type(error).__name__}\n")
        sys.exit(1)
