"""The titles of single texts, read without checking the course."""

import re

from authoring.folder.document import read_document

TITLE = re.compile(r"^title:.*$", re.MULTILINE)


def title_in(text: str) -> str:
    """Return the title that learners see, or "" if the text has none."""
    match = TITLE.search(text)
    data = read_document(match[0]).data if match else None
    return data["title"] if isinstance(data, dict) and isinstance(data.get("title"), str) else ""
