"""Small drawings: icons, module marks, rows of cells, gauges. Values are SVG attributes, because pages allow no inline style."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Protocol

from django import template
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

# 5 × 5 matrices by module number: # is ink, o is the signal color. "exam" is the tick that the product is named after.
MARKS = {
    "1": "o.... ##... ###.. ####. #####",
    "2": "###.. #o#.. ###.. ..... .....",
    "3": "#.... .#... .#o.. ...#. ...##",
    "4": "...## ..#.. ..o.. ..#.. ##...",
    "5": "#...# ##.## ##o## ##.## #...#",
    "exam": "..... ....o ...#. #.#.. .#...",
    "plain": "..... .###. .#o#. .###. .....",
}
DIGITS = {
    "0": "##### #...# #...# #...# #...# #...# #####",
    "3": "##### ....# ....# ##### ....# ....# #####",
    "4": "#...# #...# #...# ##### ....# ....# ....#",
    "5": "##### #.... #.... ##### ....# ....# #####",
    "9": "##### #...# #...# ##### ....# ....# #####",
    "2": "##### ....# ....# ##### #.... #.... #####",
}


class StudyAim(Protocol):
    """A weekly goal, as far as a drawing knows it."""

    unit: str


class CountedWeek(Protocol):
    """A week of study, as far as a drawing knows it."""

    def done(self, unit: str) -> int: ...


@register.simple_tag
def icon(name: str, classes: str = "icon") -> SafeString:
    """Return a symbol of components/sprite.html. It is decoration; words next to it give its meaning."""
    return format_html('<svg class="{}" aria-hidden="true"><use href="#{}"/></svg>', classes, name)


@register.simple_tag
def mark(name: object, size: int = 7) -> SafeString:
    """Return the 5 × 5 matrix of a module."""
    rows = MARKS.get(str(name), MARKS["plain"]).split()
    return format_html(
        '<svg class="mark" viewBox="0 0 39 39" aria-hidden="true">'
        '<path class="blank" d="{}"/><path class="filled" d="{}"/><path class="live" d="{}"/></svg>',
        *(squares(rows, letter, size, size + 1) for letter in ".#o"),
    )


@register.simple_tag
def status_digits(status: object) -> SafeString:
    """Return a status such as 404 drawn in cells."""
    width = 3 * 144 - 24
    digits = [
        format_html('<g transform="translate({} 0)">{}</g>', number * 144, digit_cells(digit))
        for number, digit in enumerate(str(status))
    ]
    return format_html(
        '<svg class="cells not-found-picture" viewBox="0 0 {} 172" role="img" aria-label="{}">{}</svg>',
        width,
        status,
        SafeString("".join(digits)),  # format_html above made each of them
    )


def digit_cells(digit: str) -> SafeString:
    rows = DIGITS.get(digit, DIGITS["0"]).split()
    return format_html(
        '<path class="cell-faint" d="{}"/><path class="cell-full" d="{}"/>',
        squares(rows, ".", 20, 24),
        squares(rows, "#", 20, 24),
    )


def squares(rows: Sequence[str], letter: str, size: int, pitch: int) -> str:
    return "".join(
        f"M{x * pitch} {y * pitch}h{size}v{size}h-{size}z"
        for y, row in enumerate(rows)
        for x, character in enumerate(row)
        if character == letter
    )


@register.simple_tag
def cells(states: Iterable[str], label: str, size: int = 8) -> SafeString:
    """Return a row of cells; a state is done, half, now, open or failed. `label` describes the row in words."""
    states = list(states)
    pitch, width = size * 3 // 2, max(len(states) * size * 3 // 2 - size // 2, size)
    return format_html(
        '<svg class="cells" role="img" aria-label="{}" width="{}" height="{}" viewBox="0 0 {} {}">{}</svg>',
        label,
        width,
        size,
        width,
        size,
        row_of_cells(states, size, pitch),
    )


@register.simple_tag
def course_map(rows: Sequence[tuple[str, Sequence[str]]], label: str) -> SafeString:
    """Return a map of modules by items, one cell each: rows of (name, states)."""
    size, pitch, left = 32, 40, 24
    longest = max((len(states) for _, states in rows), default=0)
    width, height = left + longest * pitch, 20 + len(rows) * pitch
    drawn = format_html_join(
        "",
        '<text x="0" y="{}">{}</text><g transform="translate({} {})">{}</g>',
        (
            (44 + number * pitch, name, left, 24 + number * pitch, row_of_cells(states, size, pitch))
            for number, (name, states) in enumerate(rows)
        ),
    )
    numbers = format_html_join(
        "",
        '<text x="{}" y="12" text-anchor="middle">{}</text>',
        ((left + 16 + number * pitch, number + 1) for number in range(longest)),
    )
    return format_html(
        '<svg class="cells" role="img" aria-label="{}" width="{}" height="{}" viewBox="0 0 {} {}">{}{}</svg>',
        label,
        width,
        height,
        width,
        height,
        numbers,
        drawn,
    )


@register.simple_tag
def week_cells(days: Sequence[date], studied: Collection[date], today: date) -> SafeString:
    """Return the days of a week, from Monday, each with its first letter: full if the learner studied, ringed if today."""
    size, pitch, top = 24, 40, 24
    names = ", ".join(str(WEEKDAYS[day.weekday()]) for day in days if day in studied)
    cells = format_html_join(
        "",
        '<text x="{}" y="12" text-anchor="middle">{}</text><g transform="translate(0 {})">{}{}</g>',
        (
            (
                number * pitch + size // 2,
                str(WEEKDAYS_ABBR[day.weekday()])[:2],
                top,
                draw_cell("done" if day in studied else "open", number * pitch, size),
                ring(number * pitch, size) if day == today else "",
            )
            for number, day in enumerate(days)
        ),
    )
    width, height = (len(days) - 1) * pitch + size, top + size + 4
    return format_html(
        '<svg class="cells" role="img" aria-label="{}" width="{}" height="{}" viewBox="0 0 {} {}">{}</svg>',
        _("Days on which you studied: %(days)s") % {"days": names or _("none yet")},
        width,
        height,
        width,
        height,
        cells,
    )


@register.filter
def done_of(week: CountedWeek, goal: StudyAim) -> int:
    """Return how much of a goal a week has."""
    return week.done(goal.unit)


def row_of_cells(states: Iterable[str], size: int, pitch: int) -> SafeString:
    return format_html_join(
        "", "{}", ((draw_cell(state, number * pitch, size),) for number, state in enumerate(states))
    )


def draw_cell(state: str, x: int, size: int) -> SafeString:
    if state in ("done", "now"):
        solid = format_html(
            '<rect class="{}" x="{}" width="{}" height="{}"/>',
            "cell-live" if state == "now" else "cell-full",
            x,
            size,
            size,
        )
        return solid if state == "done" else format_html("{}{}", solid, ring(x, size))
    box = format_html(
        '<rect class="{}" x="{}" y="0.5" width="{}" height="{}"/>',
        "cell-wrong" if state == "failed" else "cell-blank",
        x + 0.5,
        size - 1,
        size - 1,
    )
    if state == "half":
        half = size // 2
        return format_html(
            '{}<rect class="cell-half" x="{}" y="{}" width="{}" height="{}"/>', box, x, half, size, size - half
        )
    if state == "failed":
        return format_html('{}<path class="cell-wrong" d="M{} {}L{} 1"/>', box, x + 1, size - 1, x + size - 1)
    return box


def ring(x: int, size: int) -> SafeString:
    return format_html(
        '<rect class="cell-ring" x="{}" y="-2.75" width="{}" height="{}"/>', x - 2.75, size + 5.5, size + 5.5
    )


NEEDLE = '<svg x="{}%" overflow="visible"><rect class="needle" x="-1.5" y="1" width="3" height="22"/></svg>'


@register.simple_tag
def gauge(percent: object, line: object, label: str) -> SafeString:
    """Return a bar from 0 to 100 with the pass line; `percent` and `line` as shown, "76.0". At 0 it has no needle."""
    return format_html(
        '<svg class="gauge" role="img" aria-label="{label}" height="24">'
        '<rect class="track" width="100%" y="6" height="12"/>'
        '<line class="threshold" x1="{line}%" x2="{line}%" y1="0" y2="24"/>'
        '<rect class="value" width="{percent}%" y="6" height="12"/>'
        '<line class="threshold-inside" x1="{line}%" x2="{line}%" y1="6" y2="18"/>'
        "{needle}</svg>",
        needle=format_html(NEEDLE, percent) if float(str(percent)) else "",
        label=label,
        line=line,
        percent=percent,
    )


@register.simple_tag
def axis(line: object = "") -> SafeString:
    """Return the scale below a gauge: a tick every 5 %, labels at 0, 20 … 100 and, bold, at the line."""
    bold = int(float(str(line) or -100))  # a position in a drawing, so floats are exact enough
    words = [percent for percent in range(0, 101, 20) if abs(percent - bold) > 10 or percent == bold]
    return format_html(
        '<svg class="gauge" height="24" aria-hidden="true">{}{}</svg>',
        format_html_join(
            "",
            '<line class="tick" x1="{}%" x2="{}%" y1="0" y2="{}"/>',
            ((percent, percent, 8 if percent in words or percent == bold else 4) for percent in range(0, 101, 5)),
        ),
        format_html_join(
            "",
            '<text class="{}" x="{}%" y="22" text-anchor="{}">{}</text>',
            (
                (
                    "pass-mark" if percent == bold else "",
                    percent,
                    {0: "start", 100: "end"}.get(percent, "middle"),
                    percent,
                )
                for percent in sorted({*words, bold} - {-100})
            ),
        ),
    )
