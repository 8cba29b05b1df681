"""glossary.yaml: what a load must check so that pages can read it."""

from authoring.folder.reading import FolderReading
from authoring.folder.shapes import GLOSSARY
from lessons.rules.glossary import PATH, term_written


def check_glossary(reading: FolderReading) -> None:
    """Check that every term appears once, each with existing lessons."""
    if PATH not in reading.files:
        return
    document = reading.document(PATH)
    if not reading.fits(PATH, document, GLOSSARY):
        return
    for index, row in enumerate(document.data["terms"]):
        keys = ("terms", index)
        reading.claim("term", row["term"].casefold(), PATH, document.line((*keys, "term")))
        reading.terms.append(row["term"])
        for name in ("lesson", "links_from"):
            if name in row and not reading.knows("lesson", row[name]):
                reading.report_at(PATH, document, (*keys, name), f"“{row[name]}” is not a lesson.")


def find_term(reading: FolderReading, word: str) -> str | None:
    """Return the term that a lesson means by a word, as the glossary writes it. The glossary was read before."""
    return term_written(word, reading.terms)
