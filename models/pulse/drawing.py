"""The trend as a picture that reads on a phone, and as words that say the same.

`python -m models.pulse.drawing` draws what it reads (JSON) and writes the picture: matplotlib takes a second and a
hundred megabytes, so it is never imported where people wait. `start` and `drawn` are for whoever must not wait either.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from locales import _, dates, ngettext
from models.pulse.tables import Side
from models.pulse.trend import Point, Trend
from models.small_number import at_least

ROOT = Path(__file__).resolve().parents[2]
TOO_LONG = 60  # seconds: by then it hangs
COLOURS = {Side.PARENT: "#0b5cad", Side.YOUNG: "#b3480b", Side.OTHER: "#5a5a5a", Side.STAFF: "#1b7a3d"}
MARKERS = {Side.PARENT: "o", Side.YOUNG: "s", Side.OTHER: "D", Side.STAFF: "^"}


def sides() -> dict[Side, str]:
    return {
        Side.PARENT: _("Parents and carers"),
        Side.YOUNG: _("Young people"),
        Side.OTHER: _("Others"),
        Side.STAFF: _("Staff"),
    }


def in_words(found: Trend) -> str:
    """What the picture shows, in the language being spoken."""
    lines = [_(found.say), _("From 1 (not at all) to 5 (very much):")]
    for side, label in sides().items():
        points = found.of(side)
        if points:
            said = [
                f"{dates.month(one.month)}: {dates.number(one.mean or 0)} ({_people(found, one)})" for one in points
            ]
            lines.append(f"{label}. {'; '.join(said)}")
    if found.empty:
        lines = [_(found.say), _("Too few people have answered this yet.")]
    lines.append(
        ngettext(
            "Groups of fewer than {count} person are not shown.",
            "Groups of fewer than {count} people are not shown.",
            found.small_number,
        )
    )
    return "\n".join(lines)


def _people(found: Trend, point: Point) -> str:
    """Families read it too, so how many there were is only “so many or more”."""
    return f"{dates.number(at_least(point.people or 0, found.small_number) or 0)}+"


def picture(found: Trend) -> bytes:
    """PNG, 1080 dots wide. Waits for it: not for a turn. Raises `subprocess.SubprocessError` when it fails."""
    return _run(found, "png")


def svg(found: Trend) -> bytes:
    """The same for a page."""
    return _run(found, "svg")


def _run(found: Trend, form: str) -> bytes:
    done = subprocess.run(  # noqa: S603  # our own module
        _command(), input=_order(found, form), capture_output=True, check=True, timeout=TOO_LONG, cwd=ROOT
    )
    return done.stdout


class Drawing:
    """A picture that is being drawn; whoever waits for it looks in now and then."""

    def __init__(self, found: Trend) -> None:
        self._out: IO[bytes] = TemporaryFile()  # noqa: SIM115  # closed by `content`
        self._process = subprocess.Popen(_command(), stdin=subprocess.PIPE, stdout=self._out, cwd=ROOT)  # noqa: S603
        if self._process.stdin is not None:
            self._process.stdin.write(_order(found, "png"))
            self._process.stdin.close()

    def done(self) -> bool:
        return self._process.poll() is not None

    def content(self) -> bytes | None:
        """The picture; None when it could not be drawn."""
        self._out.seek(0)
        content = self._out.read()
        self._out.close()
        return content if self._process.returncode == 0 and content else None


def drawn(found: Trend) -> Drawing:
    """Begin to draw, without waiting."""
    return Drawing(found)


def _command() -> list[str]:
    return [sys.executable, "-m", "models.pulse.drawing"]


def _order(found: Trend, form: str) -> bytes:
    lines = [
        {
            "label": label,
            "colour": COLOURS[side],
            "marker": MARKERS[side],
            "months": [dates.month(point.month) for point in found.of(side)],
            "at": [point.month.year * 12 + point.month.month for point in found.of(side)],
            "means": [point.mean for point in found.of(side)],
        }
        for side, label in sides().items()
        if found.of(side)
    ]
    order = {
        "form": form,
        "title": _(found.say),
        "low": _("1 not at all"),
        "high": _("5 very much"),
        "none": _("Too few people have answered this yet."),
        "lines": lines,
    }
    return json.dumps(order).encode()


def _draw(order: dict[str, Any]) -> bytes:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7.2, 7.2), dpi=150)
    axes.set_title(order["title"], fontsize=17, pad=18, wrap=True)
    axes.set_ylim(0.8, 5.2)
    axes.set_yticks([1, 2, 3, 4, 5], [order["low"], "2", "3", "4", order["high"]], fontsize=14)
    axes.grid(axis="y", color="#dddddd")
    axes.spines[["top", "right"]].set_visible(False)
    months: dict[int, str] = {}
    for line in order["lines"]:
        months |= dict(zip(line["at"], line["months"], strict=True))
        axes.plot(
            line["at"], line["means"], color=line["colour"], marker=line["marker"], markersize=10, linewidth=3,
            label=line["label"],
        )  # fmt: skip
    ticks = sorted(months)
    shown = ticks[:: max(1, -(-len(ticks) // 6))]
    axes.set_xticks(shown, [months[tick] for tick in shown], fontsize=13, rotation=30, ha="right")
    if order["lines"]:
        axes.legend(fontsize=14, loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2, frameon=False)
    else:
        axes.text(0.5, 0.5, order["none"], transform=axes.transAxes, ha="center", fontsize=15)
    out = io.BytesIO()
    figure.savefig(
        out, format=order["form"], bbox_inches="tight", metadata={"Date": None} if order["form"] == "svg" else None
    )
    return out.getvalue()


if __name__ == "__main__":
    sys.stdout.buffer.write(_draw(json.load(sys.stdin)))
