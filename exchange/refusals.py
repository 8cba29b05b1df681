"""What importing questions declines, by HTTP status. Modules of this room import `Refusal` from here."""

from authoring.refusals import Refusal
from foundation.refusals import declare

__all__ = ["Refusal"]

declare(
    400,
    {
        "bank_unreadable": "This file cannot be read as {format}: {problem}. Nothing was stored. Export the questions again, "
        "then choose the new file.",
        "bank_unknown": "This file is in none of the formats that can be read: Moodle XML, GIFT, Aiken, QTI 1.2 of Canvas, "
        "QTI 2.1 or 2.2, or CSV with a line of names. Nothing was stored. Export the questions in one of them.",
        "bank_encoding": "This file is written in an encoding that cannot be told. Nothing was stored. Save it as UTF-8, then "
        "choose it again.",
        "bank_entities": "This XML file declares entities, which a question bank does not need and which can do harm. Nothing was "
        "stored. Export the questions again without a document type.",
        "bank_crowded": "This file has more than {most}. Nothing was stored. Split it into smaller files.",
        "bank_slow": "Reading this file takes more than {most} of processor time. Nothing was stored. Split it into smaller "
        "files, or look for an item that is much longer than the others.",
        "bank_empty": "This file has no items. Nothing was stored. Check that you exported the questions, not only the course.",
    },
)
declare(
    413,
    {
        "bank_too_large": "This file is larger than {most}. Nothing was stored. Split it into smaller files, or export it without "
        "large pictures.",
    },
)
