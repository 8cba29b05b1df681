"""The certificate as a landscape A4 sheet in the product's design, and the QR code with its address.

Lengths are in points (1/72 inch); colors are those of the light theme.
"""

import datetime
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from itertools import groupby
from pathlib import Path

import segno
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONTS = Path(__file__).parent / "fonts"
INK, QUIET, EDGE, SIGNAL = (HexColor(code) for code in ("#14181b", "#434a4f", "#7b8387", "#e0550b"))
WIDTH, HEIGHT = landscape(A4)
MARGIN = 22 * mm
# The logo: a filled tensor with the tick that the product is named after. # is ink, o is the signal color.
SEAL = ("######", "#####o", "o###o#", "#o#o##", "##o###")


@dataclass(frozen=True)
class CertificateText:
    """The text of a certificate. `pass_percent` is the mark that was reached, as shown; `url` is its public page."""

    name: str
    course: str
    pass_percent: str
    issued_on: datetime.date
    code: str
    url: str


def qr_rows(url: str) -> list[list[bool]]:
    """Return the QR code's modules, without the quiet zone."""
    return [[bool(module) for module in row] for row in segno.make(url, error="m", micro=False).matrix]


def qr_path(url: str) -> dict[str, object]:
    """Return an SVG of `size` × `size`: one path with a stroke for each run of dark modules."""
    rows = qr_rows(url)
    runs = (f"M{start} {y}.5h{length}" for y, row in enumerate(rows) for start, length in dark_runs(row))
    return {"size": len(rows), "path": "".join(runs)}


def dark_runs(row: list[bool]) -> list[tuple[int, int]]:
    """Return (start, length) of every run of dark modules."""
    runs, at = [], 0
    for is_dark, group in groupby(row):
        length = len(list(group))
        if is_dark:
            runs.append((at, length))
        at += length
    return runs


def draw_certificate(text: CertificateText) -> bytes:
    """Return the PDF as bytes."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT), pageCompression=1)
    canvas.setTitle(_("Certificate %(code)s") % {"code": text.code})
    canvas.setAuthor("Finalcheck")
    canvas.setSubject(text.course)
    draw_scale(canvas)
    draw_seal(canvas, WIDTH - MARGIN - 6 * 30 + 6, HEIGHT - 88 * mm)
    draw_words(canvas, text)
    draw_foot(canvas, text)
    canvas.save()
    return file.getvalue()


def draw_scale(canvas: Canvas) -> None:
    """Draw the ruler across the page: a mark every 6 points, a longer one every 30."""
    top = HEIGHT - 12 * mm
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(1.5)
    canvas.line(MARGIN, top, WIDTH - MARGIN, top)
    canvas.setLineWidth(0.5)
    for mark in range(int((WIDTH - 2 * MARGIN) // 6) + 1):
        canvas.line(MARGIN + mark * 6, top, MARGIN + mark * 6, top - (6 if mark % 5 == 0 else 3))


def draw_seal(canvas: Canvas, left: float, bottom: float) -> None:
    for y, row in enumerate(SEAL):
        for x, cell in enumerate(row):
            canvas.setFillColor(SIGNAL if cell == "o" else INK)
            canvas.rect(left + x * 30, bottom + (len(SEAL) - 1 - y) * 30, 24, 24, stroke=0, fill=1)


def draw_words(canvas: Canvas, text: CertificateText) -> None:
    room = WIDTH - 2 * MARGIN - 7 * 30
    write(canvas, "Finalcheck", MARGIN, HEIGHT - 30 * mm, 14, bold=True)
    write(canvas, _("This certifies that"), MARGIN, HEIGHT - 58 * mm, 16, colour=QUIET)
    write(canvas, text.name, MARGIN, HEIGHT - 80 * mm, 46, bold=True, room=room)
    write(
        canvas,
        _("completed this course with %(percent)s %% or higher:") % {"percent": text.pass_percent.removesuffix(".0")},
        MARGIN,
        HEIGHT - 96 * mm,
        16,
        colour=QUIET,
    )
    write(canvas, text.course, MARGIN, HEIGHT - 107 * mm, 22, bold=True, room=WIDTH - 2 * MARGIN)


def draw_foot(canvas: Canvas, text: CertificateText) -> None:
    line = 56 * mm
    canvas.setStrokeColor(EDGE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, line, WIDTH - MARGIN, line)
    for column, (word, value) in enumerate(
        ((_("Issued"), date_format(text.issued_on, "j F Y")), (_("Certificate"), text.code))
    ):
        left = MARGIN + column * 70 * mm
        write(canvas, word, left, 40 * mm, 10, colour=QUIET)
        write(canvas, value, left, 33 * mm, 13, bold=True)
    write(
        canvas,
        _("Verify at %(url)s") % {"url": text.url},
        MARGIN,
        20 * mm,
        9,
        colour=QUIET,
        room=WIDTH - 2 * MARGIN - 36 * mm,
    )
    draw_qr(canvas, text.url, WIDTH - MARGIN - 30 * mm, 19 * mm, 30 * mm)
    canvas.linkURL(text.url, (MARGIN, 17 * mm, WIDTH - MARGIN, 52 * mm))


def draw_qr(canvas: Canvas, url: str, left: float, bottom: float, side: float) -> None:
    rows = qr_rows(url)
    module = side / len(rows)
    canvas.setFillColor(INK)
    for y, row in enumerate(rows):
        for start, length in dark_runs(row):
            top = bottom + side - (y + 1) * module
            canvas.rect(left + start * module, top, length * module, module, stroke=0, fill=1)


def write(
    canvas: Canvas,
    text: str,
    left: float,
    base: float,
    size: float,
    *,
    bold: bool = False,
    colour: HexColor = INK,
    room: float | None = None,
) -> None:
    """Write one line of text, smaller if it would not fit into `room`."""
    font = font_for(text, "bold" if bold else "regular")
    width = pdfmetrics.stringWidth(text, font, size)
    if room is not None and width > room:
        size *= room / width
    canvas.setFillColor(colour)
    canvas.setFont(font, size)
    canvas.drawString(left, base, text)


def font_for(text: str, weight: str) -> str:
    """Return the first font that has every letter: ours, DejaVu, or the reader's own for East Asian scripts."""
    for name, letters in faces(weight):
        if letters.issuperset(map(ord, text)):
            return name
    return east_asian()


@cache
def faces(weight: str) -> list[tuple[str, frozenset[int]]]:
    files = {f"Archivo-{weight}": FONTS / f"archivo-{weight}.ttf", f"DejaVu-{weight}": dejavu(weight)}
    fonts = []
    for name, file in files.items():
        font = TTFont(name, str(file))
        pdfmetrics.registerFont(font)
        fonts.append((name, frozenset(font.face.charToGlyph)))
    return fonts


def dejavu(weight: str) -> Path:
    """Return the font file from matplotlib, which the labs need anyway. Only its files are used."""
    spec = find_spec("matplotlib")
    assert spec is not None
    assert spec.origin is not None
    name = "DejaVuSans-Bold.ttf" if weight == "bold" else "DejaVuSans.ttf"
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / name


@cache
def east_asian() -> str:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    return "STSong-Light"
