"""glossary.yaml: what a load has to find right before pages can read it."""

from course.rules.glossary import PATH
from portal.folder.reading import Reading
from portal.folder.shapes import GLOSSARY


def check_glossary(reading: Reading) -> None:
    """Every term once, each with a lesson that is there."""
    if PATH not in reading.files:
        return
    document = reading.document(PATH)
    if not reading.fits(PATH, document, GLOSSARY):
        return
    for index, row in enumerate(document.data["terms"]):
        place = ("terms", index)
        reading.claim("term", row["term"].casefold(), PATH, document.line((*place, "term")))
        if not reading.knows("lesson", row["lesson"]):
            reading.report_at(PATH, document, (*place, "lesson"), f"“{row['lesson']}” is no lesson.")
