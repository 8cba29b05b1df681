"""Read when learners see verdict, score, key and explanation of an assessment: as it says itself, or else as the course says (D33)."""

from collections.abc import Mapping

from authoring.folder.document import Document, Path
from authoring.folder.reading import FolderReading
from authoring.folder.shapes import SETTLED
from course.rules.schedule import Dates
from quizzes.rules.disclosure import SHOWN_AT, USUAL, DisclosurePolicy, changed_policy, opens_early, policy_problem

EARLY = (
    "learners who hand in early see the correct answers while others can still take this exam. To prevent that, write "
    "“show: {key: closed}” or “show: {key: release}”."
)


def read_show(
    reading: FolderReading, kind: str, dates: Dates, path: str, document: Document, keys: Path = ()
) -> Mapping[str, str]:
    """Return the policy of an assessment, or nothing for the usual one, and report what cannot be kept.

    `keys` is where its own `show` may be in its file; `dates` are those in force.
    """
    around = document.data
    for name in keys:
        around = around.get(str(name)) or {}
    policy = policy_from(kind, reading.show.get(kind), around.get("show"))
    is_closing = dates.closes_at is not None
    if problem := policy_problem(policy, kind=kind, closes=is_closing):
        part, text = problem
        reading.report_at(path, document, (*keys, "show", part), f"“show” cannot be kept: {text}.")
    elif is_closing and opens_early(policy, kind=kind):
        reading.mistakes.advise(path, document.line((*keys, "show", "key")), EARLY)
    return {} if policy == USUAL[kind] else policy._asdict()


def policy_from(kind: str, *texts: object) -> DisclosurePolicy:
    """Return the policy of an assessment from what texts say in `show`. A text replaces what those before it say.

    What cannot be read is left out, because a draft may have mistakes.
    """
    policy = USUAL[kind]
    for text in texts:
        newer = {part: "end" if at == SETTLED else at for part, at in text.items()} if isinstance(text, dict) else {}
        policy = changed_policy(policy, {part: at for part, at in newer.items() if at in SHOWN_AT})
    return policy
