"""Draw the book's figures from the data that lie beside its chapters.

    python tools/figures/draw.py            write book/figures/*.svg
    python tools/figures/draw.py --check    say which of them are out of date

Needs the standard library alone, and gives the same bytes each time.
"""

from __future__ import annotations

import csv
import math
import sys
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from canvas import ACCENT, INK, PAPER, QUIET, RULE, TINT, Canvas

BOOK = Path(__file__).parents[2] / "book"
LEADING = 21.0
MONTHS = 12.0


def rows(name: str) -> list[dict[str, str]]:
    with (BOOK / "data" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


# The timeline -------------------------------------------------------------------------


def year(date: str) -> float:
    """A date of one, two or three parts, as a year with its fraction."""
    parts = [int(part) for part in date.split("-")]
    month = parts[1] - 1 if len(parts) > 1 else 0
    day = parts[2] - 1 if len(parts) > 2 else 0
    return parts[0] + (month + day / 31) / MONTHS


def spread(wanted: list[float], gap: float, lowest: float) -> list[float]:
    """Move the ascending *wanted* places apart by at least *gap*, as little as may be."""
    blocks: list[list[float]] = []  # [sum of wished starts, count]
    for index, place in enumerate(wanted):
        blocks.append([place - index * gap, 1.0])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += count
    starts = [total / count for total, count in blocks for _ in range(int(count))]
    return [max(start, lowest) + index * gap for index, start in enumerate(starts)]


def timeline() -> Canvas:
    events = sorted(rows("timeline.csv"), key=lambda row: year(row["date"]))
    top, scale = 70.0, 17.4
    left, right, band = 260.0, 340.0, 16.0
    sheet = Canvas(
        name="timeline",
        height=top + 45 * scale + 36,
        title="Timeline, 1975 to 2020",
        description="Two vertical bands, Aerosmith on the left and Run-D.M.C. on the right, with the "
        "years between them. A bar joins the bands wherever the two acts met: 1986, 1999, 2002, "
        "2013 and 2020.",
    )

    def down(date: float) -> float:
        return top + (date - 1975) * scale

    sheet.text(left + 4, 34, "Aerosmith", anchor="end", bold=True, size=18)
    sheet.text(right - 4, 34, "Run-D.M.C.", bold=True, size=18, fill=ACCENT)
    for row in rows("presence.csv"):
        start, end = down(float(row["from"])), down(float(row["to"]))
        rock = row["act"] == "aerosmith"
        inset = 5.5 if row["state"] == "reduced" else 0.0
        x = left if rock else right - band
        sheet.rect(
            x + inset,
            start,
            band - 2 * inset,
            end - start,
            fill=RULE if rock else TINT,
            stroke=QUIET if rock else ACCENT,
            weight=0.8,
        )
    for tick in range(1975, 2021, 5):
        under_bar = 14 if tick == 2020 else 0
        sheet.text(300, down(tick) + 5 + under_bar, str(tick), anchor="middle", fill=QUIET, size=14)
    for event in (event for event in events if event["lane"] == "both"):
        y = down(year(event["date"]))
        sheet.rect(left, y - 2.5, right - left, 5, fill=ACCENT)
    for side in ("aerosmith", "run-dmc"):
        mine = [event for event in events if (event["lane"] == "aerosmith") == (side == "aerosmith")]
        places = [down(year(event["date"])) for event in mine]
        for event, at, y in zip(mine, places, spread(places, LEADING, 70), strict=True):
            label_event(sheet, event, at=at, y=y, edge=left if side == "aerosmith" else right)
    return sheet


def label_event(sheet: Canvas, event: dict[str, str], *, at: float, y: float, edge: float) -> None:
    way = -1 if event["lane"] == "aerosmith" else 1
    shared = event["lane"] == "both"
    sheet.path(
        f"M{edge + way * 2:.1f} {at:.1f}L{edge + way * 14:.1f} {at:.1f}"
        f"L{edge + way * 24:.1f} {y:.1f}L{edge + way * 30:.1f} {y:.1f}",
        stroke=ACCENT if shared else QUIET,
        weight=0.9,
    )
    if shared:
        sheet.diamond(edge, at, 6)
    else:
        sheet.circle(edge, at, 4, fill=PAPER if way < 0 else ACCENT, stroke=INK if way < 0 else ACCENT)
    date = event["date"][:4]
    name = f"{date}  {event['label']}" if way > 0 else f"{event['label']}  {date}"
    sheet.text(
        edge + way * 34,
        y + 5,
        name,
        anchor="end" if way < 0 else "start",
        bold=shared,
        fill=ACCENT if shared else INK,
        size=14.5,
    )


# The chart run ------------------------------------------------------------------------


def chart_run() -> Canvas:
    records = rows("chart-run.csv")
    first, step, left, right = 118.0, 102.0, 40.0, 560.0
    bottom = first + step * (len(records) - 1) + 42
    sheet = Canvas(
        name="chart-run",
        height=bottom + 40,
        title="Where the two versions stood in the charts",
        description="One row for each chart. An open circle marks the place at which a record entered, "
        "where that is known, a filled one its peak; the scale runs from No. 100 on the left to "
        "No. 1 on the right and widens towards the top.",
    )

    def across(position: float) -> float:
        return right - (right - left) * math.log10(position) / 2

    sheet.rect(across(10), 40, 584 - across(10), bottom - 40, fill=TINT)
    sheet.text((across(10) + 584) / 2, 30, "The top ten", anchor="middle", fill=ACCENT)
    for position in (100, 50, 20, 10, 5, 2, 1):
        name = f"No. {position}" if position in (100, 1) else str(position)
        sheet.text(across(position), bottom + 22, name, anchor="middle", fill=QUIET)
        for index in range(len(records)):
            y = first + step * index
            sheet.line(across(position), y - 4, across(position), y + 4, stroke=QUIET)
    for index, record in enumerate(records):
        chart_row(sheet, record, y=first + step * index, across=across)
    return sheet


def chart_row(sheet: Canvas, record: dict[str, str], *, y: float, across: Callable[[float], float]) -> None:
    rock = record["Version"] == "Aerosmith"
    colour = INK if rock else ACCENT
    peak = across(float(record["Peak"]))
    sheet.line(across(100), y, across(1), y, stroke=QUIET, weight=0.8)
    sheet.text(across(100), y - 42, f"**{record['Version']}**, {record['Chart']}, {record['When']}", fill=colour)
    if record["Entered at"]:
        entry = across(float(record["Entered at"]))
        sheet.line(entry + 6, y, peak - 12, y, stroke=colour, weight=2.4)
        sheet.path(
            f"M{peak - 20:.1f} {y - 6:.1f}L{peak - 10:.1f} {y:.1f}L{peak - 20:.1f} {y + 6:.1f}",
            stroke=colour,
            weight=2.4,
        )
        sheet.circle(entry, y, 6, stroke=colour, weight=2)
        sheet.text(entry - 6, y + 24, f"in at {record['Entered at']}, {record['On']}")
    sheet.circle(peak, y, 7, fill=colour, stroke=colour)
    sheet.text(peak, y - 14, f"**{record['Peak']}**", anchor="middle", fill=colour, size=18)


# The two rooms ------------------------------------------------------------------------


Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One room of the plan, in metres from its left edge."""

    name: str
    x: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """The wall between the rooms; the hole runs from one depth to another, in metres from the top."""

    x: float
    width: float
    hole: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone in a room; the name is set on the named side, or not at all where that is None."""

    name: str
    kind: str
    at: Point
    side: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One event of the film, in order of events."""

    at: Point
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    rooms: tuple[Room, ...]
    wall: Wall
    people: tuple[Person, ...]
    steps: tuple[Step, ...]


def read_plan(path: Path) -> Plan:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Plan(
        rooms=tuple(Room(**room) for room in data["room"]),
        wall=Wall(**data["wall"]),
        people=tuple(Person(**person) for person in data["figure"]),
        steps=tuple(Step(**step) for step in data["step"]),
    )


ROOMS_SCALE, ROOMS_LEFT, ROOMS_TOP, ROOMS_DEPTH = 47.0, 27.4, 30.0, 5.4 * 47


def rooms() -> Canvas:
    plan = read_plan(BOOK / "data" / "rooms.toml")
    sheet = Canvas(
        name="rooms",
        height=560,
        title="Two rooms and a wall",
        description="A floor plan of the video. Two rehearsal rooms stand side by side with a wall "
        "between them; the wall is broken in the middle. Below them is the stage on which both acts "
        "end. Numbers 1 to 4 give the order of events.",
    )
    for room in plan.rooms:
        x = ROOMS_LEFT + room.x * ROOMS_SCALE
        sheet.rect(x, ROOMS_TOP, room.width * ROOMS_SCALE, ROOMS_DEPTH, stroke=INK, weight=2)
        sheet.text(x + 14, ROOMS_TOP + ROOMS_DEPTH - 14, room.name, fill=QUIET)
    draw_wall(sheet, plan.wall)
    draw_stage(sheet)
    tyler = next(person for person in plan.people if person.name == "Tyler")
    sheet.line(*on_plan(tyler.at), *on_plan((plan.wall.x, tyler.at[1])), weight=3)
    for person in plan.people:
        draw_person(sheet, person)
    for number, step in enumerate(plan.steps, 1):
        badge(sheet, number, *on_plan(step.at))
        badge(sheet, number, 44, 456 + (number - 1) * 27)
        sheet.text(64, 461 + (number - 1) * 27, step.text)
    return sheet


def on_plan(at: Point) -> Point:
    """Metres of the plan as units of the sheet."""
    return ROOMS_LEFT + at[0] * ROOMS_SCALE, ROOMS_TOP + at[1] * ROOMS_SCALE


def draw_wall(sheet: Canvas, wall: Wall) -> None:
    x, width, jag = ROOMS_LEFT + wall.x * ROOMS_SCALE, wall.width * ROOMS_SCALE, 7.0
    upper, lower = (ROOMS_TOP + edge * ROOMS_SCALE for edge in wall.hole)
    sheet.rect(x - 3, upper, width + 6, lower - upper, fill=PAPER)
    for start, end, edge in ((ROOMS_TOP, upper, 1), (ROOMS_TOP + ROOMS_DEPTH, lower, -1)):
        teeth = "".join(f"L{x + width * part / 4:.1f} {end + jag * (part % 2) * edge:.1f}" for part in range(5))
        sheet.path(f"M{x:.1f} {start:.1f}{teeth}L{x + width:.1f} {start:.1f}Z", fill=QUIET, stroke=INK)
    for dx, dy, size in ((26, -26, 5.0), (34, 20, 4.0), (22, 33, 3.4), (40, -8, 3.0)):
        cx, cy = x + width / 2 + dx, (upper + lower) / 2 + dy
        sheet.path(
            f"M{cx - size:.1f} {cy:.1f}L{cx:.1f} {cy - size:.1f}L{cx + size:.1f} {cy + size / 2:.1f}Z",
            fill=QUIET,
            stroke=QUIET,
        )


def draw_stage(sheet: Canvas) -> None:
    sheet.path("M60 358L540 358L500 428L100 428Z", fill=TINT, stroke=INK, weight=2)
    for x, colour in ((172, INK), (236, INK), (300, ACCENT), (364, ACCENT), (428, ACCENT)):
        sheet.circle(x, 385, 9, fill=PAPER if colour == INK else ACCENT, stroke=colour)
    sheet.text(300, 421, "The stage", anchor="middle", fill=QUIET, size=14)
    for way in ("M160 286C160 320 190 330 230 352", "M440 286C440 320 410 330 370 352"):
        sheet.path(way, stroke=QUIET, weight=1.2, dash="4 4")


def badge(sheet: Canvas, number: int, x: float, y: float) -> None:
    sheet.circle(x, y, 11, fill=INK, stroke=INK)
    sheet.text(x, y + 5, str(number), anchor="middle", fill=PAPER, bold=True)


def draw_person(sheet: Canvas, person: Person) -> None:
    x, y = on_plan(person.at)
    colour = {"rock": INK, "rap": ACCENT, "stand-in": QUIET}[person.kind]
    fill = {"rock": PAPER, "rap": ACCENT, "stand-in": RULE}[person.kind]
    known = person.kind != "stand-in"
    sheet.circle(x, y, 9 if known else 8, fill=fill, stroke=colour, weight=2 if known else 1.2)
    if person.side == "right":
        sheet.text(x + 15, y + 5, person.name, fill=colour)
    elif person.side:
        below = 28 if person.side == "below" else -17
        sheet.text(x, y + below, person.name, anchor="middle", fill=colour, bold=True)


# The collaborations -------------------------------------------------------------------


def collaborations() -> Canvas:
    pairs = rows("collaborations.csv")
    top, pitch, gap = 104.0, 27.0, 54.0
    rock, rap = places(pairs, "Rock"), places(pairs, "Rap")
    left, right = 196.0, 404.0

    def down(slot: tuple[int, float]) -> float:
        group, index = slot
        return top + group * gap + index * pitch

    sheet = Canvas(
        name="collaborations",
        height=down(rock["Linkin Park"]) + 34,
        title="Who recorded with whom, 1986 to 2004",
        description="Rock acts on the left, rap acts on the right, a line for each recording that they "
        "made together: one pair in 1986, one in 1991, eleven in 1993 and one in 2004. Run-D.M.C. and "
        "Cypress Hill have two lines each.",
    )
    sheet.text(left - 8, 34, "Rock", anchor="end", bold=True, size=18)
    sheet.text(right + 8, 34, "Rap", bold=True, size=18, fill=ACCENT)
    for pair in pairs:
        y1, y2 = down(rock[pair["Rock"]]), down(rap[pair["Rap"]])
        lead = pair["Rap"] == "Run-D.M.C."
        sheet.path(
            f"M{left} {y1:.1f}C{left + 80} {y1:.1f} {right - 80} {y2:.1f} {right} {y2:.1f}",
            stroke=ACCENT if lead else QUIET,
            weight=2.4 if lead else 1.2,
        )
    for name, slot in rock.items():
        sheet.circle(left, down(slot), 5, stroke=INK, weight=1.8)
        sheet.text(left - 14, down(slot) + 5, name, anchor="end")
    for name, slot in rap.items():
        sheet.circle(right, down(slot), 5, fill=ACCENT, stroke=ACCENT)
        sheet.text(right + 14, down(slot) + 5, name)
    for group, (date, recording) in enumerate(groups(pairs)):
        first = min(down(slot) for slot in rock.values() if slot[0] == group)
        sheet.line(24, first - 50, 576, first - 50, stroke=RULE)
        sheet.text(24, first - 27, f"**{date}** {recording}", fill=QUIET)
    return sheet


def groups(pairs: Iterable[dict[str, str]]) -> list[tuple[str, str]]:
    """The recordings with their years, in order of first appearance."""
    return list(dict.fromkeys((pair["Year"], pair["Recording"]) for pair in pairs))


def places(pairs: list[dict[str, str]], side: str) -> dict[str, tuple[int, float]]:
    """Each act's group and line, beside the (mean) line of those it first recorded with."""
    order = groups(pairs)
    found: dict[str, tuple[int, list[float]]] = {}
    for line, pair in enumerate(pairs):
        group = order.index((pair["Year"], pair["Recording"]))
        act = found.setdefault(pair[side], (group, []))
        if act[0] == group:
            act[1].append(float(line))
    return {name: (group, sum(lines) / len(lines)) for name, (group, lines) in found.items()}


# --------------------------------------------------------------------------------------

FIGURES: tuple[Callable[[], Canvas], ...] = (timeline, chart_run, rooms, collaborations)


def main(arguments: list[str]) -> int:
    stale = []
    for draw in FIGURES:
        sheet = draw()
        path = BOOK / "figures" / f"{sheet.name}.svg"
        if path.exists() and path.read_text(encoding="utf-8") == sheet.source():
            continue
        stale.append(path.name)
        if "--check" not in arguments:
            path.write_text(sheet.source(), encoding="utf-8", newline="\n")
    print(("out of date: " if "--check" in arguments else "drawn: ") + (", ".join(stale) or "none"))
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
