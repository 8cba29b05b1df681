"""The titles of single texts, read without checking the course."""

import re

from authoring.folder.document import read_document

TITLE = re.compile(r"^title:.*$", re.MULTILINE)


def title_in(text: str) -> str:
    """Return the title that learners see, or "" if the text has none."""
    found = TITLE.search(text)
    data = read_document(found[0]).data if found else None
    return data["title"] if isinstance(data, dict) and isinstance(data.get("title"), str) else ""
