"""Check what an exam says of the objectives in each paper (D38), so that no Start can fail."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from authoring.folder.document import Document
from authoring.folder.reading import FolderReading
from authoring.folder.shapes import ALL
from quizzes.rules.draw import Drawn, PoolQuestion, Stratum, StratumShort
from quizzes.rules.objectives import ObjectiveRules, ObjectivesUnmet, draw_by_objectives, missing_shares
from quizzes.rules.texts import AssessmentText, QuestionText

PAPERS_TRIED = 1000
NAME = "objectives"


def read_paper_rules(
    reading: FolderReading, path: str, document: Document, pool: Sequence[QuestionText], modules: Mapping[str, str]
) -> dict[str, Any]:
    """Return `at_most` and `always` as they are stored. `modules` maps each objective to its module.

    Reports rules that no paper can meet, and each objective that more papers miss than `missing_at_most` allows.
    """
    rules = document.data.get(NAME) or {}
    if not rules:
        return {}
    if document.data.get("draw") is None:
        text = "“objectives” says which papers may be drawn, so the exam needs “draw”. Without it, all questions are asked."
        reading.report_at(path, document, (NAME,), text)
        return {}
    drawn = {row["module"] for row in document.data["draw"]}
    always = rules.get("always") or []
    if always == ALL:
        always = [objective for objective, module in modules.items() if module in drawn]
    elif unknown := [index for index, objective in enumerate(always) if objective not in modules]:
        for index in unknown:
            reading.report_at(path, document, (NAME, "always", index), f"“{always[index]}” is not an objective.")
        return {}
    stored = {name: rules[name] for name in ("at_most",) if rules.get(name)} | ({"always": always} if always else {})
    _check_papers(reading, path, document, pool, stored)
    return stored


def _check_papers(
    reading: FolderReading, path: str, document: Document, texts: Sequence[QuestionText], stored: Mapping[str, Any]
) -> None:
    strata = [Stratum(row["module"], row["difficulty"], row["count"]) for row in document.data["draw"]]
    kinds = {(stratum.module, stratum.difficulty) for stratum in strata}
    pool = [_pool_question(text) for text in texts if (text.module_key, text.difficulty) in kinds]
    rules = ObjectiveRules.of(stored)
    if unasked := sorted(rules.always - {question.objective for question in pool}):
        for objective in unasked:
            text = f"each paper is to ask about “{objective}”, and no question that can be drawn does."
            reading.report_at(path, document, (NAME, "always"), text)
        return
    try:
        draw_by_objectives(strata, pool, "any", rules)
    except StratumShort:
        return  # the check of the draw reports this
    except ObjectivesUnmet as unmet:
        reading.report_at(path, document, (NAME,), f"{unmet}.")
        return
    _check_missing(reading, path, document, strata, pool, rules)


def _check_missing(
    reading: FolderReading,
    path: str,
    document: Document,
    strata: Sequence[Stratum],
    pool: Sequence[PoolQuestion],
    rules: ObjectiveRules,
) -> None:
    allowed = document.data[NAME].get("missing_at_most")
    if allowed is None or {question.objective for question in pool} <= rules.always:
        return
    for objective, share in missing_shares(strata, pool, rules, draws=PAPERS_TRIED).items():
        percent = Decimal(f"{100 * share:.1f}")
        if percent > allowed:
            text = (
                f"“{objective}” is missing from {percent} % of {PAPERS_TRIED} papers, more than {allowed} %. Name it in "
                "“always”, or write more questions about it."
            )
            reading.report_at(path, document, (NAME, "missing_at_most"), text)


def papers_of(exam: AssessmentText, *, draws: int) -> Iterator[list[Drawn]]:
    """Draw so many papers of an exam from fixed seeds. A drawn question's id is its key."""
    strata = [Stratum(row["module"], row["difficulty"], row["count"], Decimal(row["points"])) for row in exam.draw]
    pool = [_pool_question(text) for text in exam.questions]
    rules = ObjectiveRules.of(exam.objectives)
    return (draw_by_objectives(strata, pool, f"{seed}", rules) for seed in range(draws))


def _pool_question(text: QuestionText) -> PoolQuestion:
    return PoolQuestion(text.key, text.module_key, text.difficulty, text.objective)
