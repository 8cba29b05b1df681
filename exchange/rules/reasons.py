"""Why an item was changed or refused: a code for programs, and a sentence for people."""

from dataclasses import dataclass

CHANGED = {
    "partial_credit": "Some responses gave a part of the points ({shares}). Here a response gives all points or none, and "
    "{right}.",
    "penalty": "Wrong responses took points off ({shares}). Here they give no points.",
    "each_option": "Each option gave points by itself. Here the points are given for choosing exactly the right options.",
    "each_pair": "Each pair gave points by itself. Here the points are given for all pairs together.",
    "each_gap": "Each gap gave points by itself. Here the points are given for all gaps together.",
    "gaps_matched": "The gaps became a matching question: each gap is matched with what fills it.",
    "gap_shown": "The gap is shown as {gap}, and the answer is entered below the text.",
    "feedback_moved": "The feedback for “{response}” is in the explanation, because this type has no reasons of responses.",
    "feedback_joined": "Feedback for right, partly right or wrong responses is in the explanation.",
    "hints_moved": "Hints are in the explanation, because learners see no hints between attempts.",
    "fixed_order": "The order was fixed. Here each learner sees another order.",
    "points_range": "The points were {points}. A question gives from 0.01 to 1,000 points, so it gives {now}.",
    "style_left_out": "Colors, underlining and similar styles are left out.",
    "list_lines": "A list inside an option or a reason became lines.",
    "table_lines": "A table inside an option or a reason became lines.",
    "code_lines": "Code inside an option or a reason became lines without indentation.",
    "merged_cells": "A table had merged cells. Now each cell has one place.",
    "nested_table": "A table inside a table became lines.",
    "picture_unnamed": "A picture had no description. It is described as “{words}”: write what it shows.",
    "picture_moved": "Pictures of options are shown below the question, and the options name them.",
    "cell_picture_moved": "Pictures in a table are shown below it, and the cells name them.",
    "reason_picture_moved": "Pictures of reasons are in the explanation.",
    "picture_linked": "The picture {address} is on another server. It became a link.",
    "media_linked": "The recording or page {address} became a link.",
    "link_removed": "The link to {address} does not work outside its system. Its words stay.",
    "formula_as_code": "A formula uses a command that cannot be drawn ({problem}). It is shown as code.",
    "heading_bold": "Headings became bold lines.",
    "miss_left_out": "The feedback for “{response}” is in the explanation, because it cannot be told from another answer.",
    "left_out": "“{field}” is not kept: {value}",
    "unit_free": "Answers with other units were also right ({units}). Here the unit is always {unit}.",
    "answers_left_out": "{count} of the accepted answers are not kept, because a short answer has at most 200 characters.",
    "place_named": "A text says “{words}”, but each learner sees the options in another order. Rewrite this text.",
    "rounding": "A response was compared after rounding to {figures}. Here it may differ from the answer by {tolerance}.",
}
REFUSED = {
    "essay": "People grade this question. No type of question here is graded by people.",
    "no_question": "This item asks nothing: it is a text, a passage or a heading.",
    "file_upload": "Learners upload a file. No type of question does that here.",
    "kind_unknown": "No type of question here does what “{kind}” does.",
    "several_gaps": "Learners fill in several gaps by typing. A question here has one answer to type.",
    "gaps_unmatched": "The gaps cannot become a matching question: {problem}",
    "several_questions": "This item asks several questions at once ({count}). Split it in the source.",
    "calculated": "This question computes its values by formulas. Write it here as a question that draws its values.",
    "random": "This item refers to a question that is drawn elsewhere, and has no text.",
    "linked_elsewhere": "This item refers to a question of a bank that is not in the file.",
    "no_right": "No response is right, so the question has no key.",
    "no_full": "No response gives all points ({shares}).",
    "too_few": "{what} needs at least {least}, and there is {count}.",
    "wildcard": "The answer “{answer}” has a wildcard (*), which accepts many texts. Here each accepted text is written out.",
    "pattern": "The answer is a pattern. Here each accepted text is written out.",
    "several_numbers": "Several numbers or ranges are right ({answers}). A question here has one number with a tolerance.",
    "number_unread": "“{number}” is not a number.",
    "open_range": "The range of right numbers {range} has an end that is not right itself, or no end.",
    "image_map": "Learners click or drag on a picture. No type of question does that here.",
    "scored_by_program": "A program of the source scores the responses ({what}). It is not carried out here.",
    "several_right": "Each of several options ({options}) is right by itself. A question here has one right option, or asks for "
    "all of them.",
    "by_place": "The option “{words}” names others by their place or letter, and each learner sees another order.",
    "option_equal": "Two options say the same: “{text}”.",
    "picture_missing": "The picture {address} is not in the file.",
    "media_missing": "The recording, page or object {address} is not on the web, so nothing can lead to it.",
    "picture_unfit": "The picture {address} cannot be shown: it {problem}.",
    "picture_heavy": "The picture {address} is larger than {most}.",
    "formula_unread": "A formula uses MathML that cannot be written as LaTeX ({problem}).",
    "too_deep": "The text has too many elements within each other.",
    "empty": "The item has no text.",
    "unreadable": "The item cannot be read: {problem}",
    "unfit": "The question would be a mistake of the course: {problem}",
    "repeated": "The file has this question before, as item {number}.",
    "too_long": "The question is longer than a text of the course can be.",
}
WORDS = CHANGED | REFUSED
LONGEST_FACT = 200


@dataclass(frozen=True)
class Reason:
    """Why an item was changed or refused."""

    code: str
    words: str

    @classmethod
    def of(cls, code: str, **details: object) -> "Reason":
        """Return the reason with this code. Long facts are cut."""
        return cls(code, WORDS[code].format_map({name: cut(str(fact)) for name, fact in details.items()}))


class UnfitItem(Exception):
    """An item that no question here can say."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.reason = Reason.of(code, **details)


def cut(text: str, longest: int = LONGEST_FACT) -> str:
    """Return a text on one line, at most so long."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
