"""The certificate's PDF: names in any script, a readable QR code."""

import datetime
import re

import pytest
import segno

from grading.pages.pdf import CertificateText, dark_runs, draw_certificate, font_for, qr_path

URL = "https://learn.example.org/certificates/ABCD-EFGH-JKLM/"


def text(name):
    return CertificateText(name, "A course", "70", datetime.date(2026, 11, 25), "ABCD-EFGH-JKLM", URL)


@pytest.mark.parametrize(
    ("name", "font"),
    [
        ("Ada Lovelace", "Archivo-bold"),
        ("Łukasz Żółć", "DejaVu-bold"),
        ("Александра", "DejaVu-bold"),
        ("李明", "STSong-Light"),
    ],
)
def test_a_name_is_set_in_a_font_that_has_its_letters(name, font):
    assert font_for(name, "bold") == font
    assert draw_certificate(text(name)).startswith(b"%PDF-")


def test_a_sheet_is_one_page_of_a4_landscape_with_a_link():
    content = draw_certificate(text("A" * 200))
    assert content.count(b"/Type /Page\n") == 1
    assert [round(float(size)) for size in re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", content).groups()] == [
        842,
        595,
    ]
    assert URL.encode() in content


def test_the_drawn_code_has_the_dark_modules_of_the_address():
    drawn = qr_path(URL)
    cells = {
        (int(x) + place, int(y))
        for x, y, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", str(drawn["path"]))
        for place in range(int(length))
    }
    matrix = segno.make(URL, error="m", micro=False).matrix
    assert cells == {(x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}
    assert drawn["size"] == len(matrix)


def test_dark_runs_are_maximal():
    assert dark_runs([True, True, False, True]) == [(0, 2), (3, 1)]
