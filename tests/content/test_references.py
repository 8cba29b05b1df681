"""Every reference of the course leads somewhere: a link of a known form, or a book that a library can find."""

import re
from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.content.shipped import FOLDER

REFERENCE = re.compile(r"^- .+$", re.MULTILINE)
LINK = re.compile(r"\[([^\]]+)\]\(([^()\s]+)\)")
YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
BOOK = re.compile(r"\*[^*]+\*, (?:in [^,]+, )?(?:\w+ edition|volume \d+), [^.]+, \d{4}\.")
FORMS = {
    "https://doi.org/": re.compile(r"10\.\d{4,9}/[\w.;/%-]+[\w]"),  # brackets of a DOI are written %28 and %29
    "https://arxiv.org/": re.compile(r"abs/\d{4}\.\d{4,5}"),
    "https://": re.compile(r"[a-z0-9.-]+\.[a-z]{2,}/[\w./~%-]*"),
}
NO_TLS = ("http://neuralnetworksanddeeplearning.com/", "http://yann.lecun.com/")  # these sites have no certificate
PAPERS = ("https://doi.org/", "https://arxiv.org/")


def references() -> Iterator[tuple[str, str]]:
    """Yield each reference of the course with the name of its page."""
    for page in sorted(FOLDER.glob("*/*.md")):
        heading = r"## (?:References|Books|The papers behind the modules|Other courses|What to read next)\n"
        for section in re.findall(heading + r"(.*?)(?=\n## |\Z)", page.read_text(), re.DOTALL):
            yield from ((page.stem, line) for line in REFERENCE.findall(section))


def has_form(address: str) -> bool:
    start = next((start for start in FORMS if address.startswith(start)), None)
    return address.startswith(NO_TLS) or (start is not None and FORMS[start].fullmatch(address, len(start)) is not None)


def faults(reference: str) -> list[str]:
    addresses = [address for _, address in LINK.findall(reference)]
    wrong = [f"not the form of an address: {address}" for address in addresses if not has_form(address)]
    if not addresses and not BOOK.search(reference):
        wrong.append("neither a link nor a book with its edition")
    if any(address.startswith(PAPERS) for address in addresses) and not YEAR.search(LINK.sub("", reference)):
        wrong.append("a paper without its year")
    if not reference.endswith((".", ")")):
        wrong.append("does not end like a sentence")
    return wrong


def test_every_reference_is_a_link_of_a_known_form_or_a_book_with_its_edition():
    found = [*references()]
    assert len(found) > 100
    assert {(page, line): wrong for page, line in found if (wrong := faults(line))} == {}


def test_a_work_has_one_address_wherever_it_is_named():
    """A work has an author and a title. Chapters of one book differ only after its host."""
    addresses = defaultdict(set)
    for _, line in references():
        for title, address in LINK.findall(line):
            work = (*line.split()[1:3], title.casefold())
            addresses[work].add(address if address.startswith(PAPERS) else address.split("/")[2])
    assert {work: found for work, found in addresses.items() if len(found) > 1} == {}


def test_every_lesson_of_a_module_ends_with_what_to_read():
    lessons = {page.stem for page in FOLDER.glob("0*/*.md")}
    assert lessons - {page for page, _ in references()} == set()


@pytest.mark.parametrize(
    "reference",
    [
        "- Ada Lovelace, *Notes*, 1843.",
        "- Ada Lovelace, [*Notes*](http://example.org/), 1843.",
        "- Ada Lovelace, [*Notes*](https://doi.org/notes), 1843.",
        "- Ada Lovelace, [*Notes*](https://arxiv.org/pdf/1312.6114), 1843.",
        "- Ada Lovelace, [*Notes*](https://doi.org/10.1038/nature14539).",
        "- Ada Lovelace, [*Notes*](https://doi.org/10.1038/nature14539), 1843",
    ],
)
def test_a_faulty_reference_is_found(reference: str):
    assert len(faults(reference)) == 1
