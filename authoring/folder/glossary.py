"""glossary.yaml: what a load must check so that pages can read it."""

from authoring.folder.reading import FolderReading
from authoring.folder.shapes import GLOSSARY
from lessons.rules.glossary import PATH


def check_glossary(reading: FolderReading) -> None:
    """Check that every term appears once, each with an existing lesson."""
    if PATH not in reading.files:
        return
    document = reading.document(PATH)
    if not reading.fits(PATH, document, GLOSSARY):
        return
    for index, row in enumerate(document.data["terms"]):
        keys = ("terms", index)
        reading.claim("term", row["term"].casefold(), PATH, document.line((*keys, "term")))
        if not reading.knows("lesson", row["lesson"]):
            reading.report_at(PATH, document, (*keys, "lesson"), f"“{row['lesson']}” is not a lesson.")
