"""Walk the tokens once before rendering, to collect lines, ids, numbers, listings and mistakes.

References may point forward, so every figure, equation and heading must be known before the first is rendered.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from markdown_it import MarkdownIt
from markdown_it.token import Token

from course.markup.attributes import split_attributes
from course.markup.listings import KEY, Listing, read_listing
from course.markup.problems import MarkupProblem

NOT_IN_FRAGMENTS = ("exercise", "hint", "solution", "derivation", "aside")
MEDIA = "media"  # after ```: a block that describes a recording
MOST_RECORDINGS = 20  # of a lesson: each may have a transcript of hours
EXPLICIT_ID = re.compile(r"\{#([a-z0-9-]+)\}$")
STRAY = (
    (re.compile(r"\$"), "a $ stands alone: close the formula (no space inside of the dollars) or write \\$."),
    (re.compile(r"^:{3,}"), "::: opens or closes nothing: is the container’s name right, is it closed once?"),
    (re.compile(r"\]\("), "this looks like a link or a figure, but its address cannot be one."),
    (re.compile(r"\{\{|\}\}"), "a number is quoted as {{listing.name}}, or as a percentage: {{listing.name%}}."),
    (re.compile(r"^\{[#.a-z]"), "these braces belong to nothing."),
)


@dataclass(frozen=True)
class Heading:
    id: str
    text: str
    level: int


@dataclass
class Survey:
    """Facts about one text. `is_page` is False for text such as a question's prompt, which has no numbers and no ids."""

    dialect: MarkdownIt
    lines: list[str]
    first_line: int
    is_page: bool
    problems: list[MarkupProblem] = field(default_factory=list)
    targets: dict[str, str] = field(default_factory=dict)
    listings: list[Listing] = field(default_factory=list)
    tests: list[Listing] = field(default_factory=list)
    contents: list[Heading] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    open_containers: list[Token] = field(default_factory=list)
    free_numbers: dict[str, Iterator[int]] = field(default_factory=dict)  # for ids of headings with the same text
    promised: dict[tuple[str, str], str] = field(default_factory=dict)
    line: int = 0
    figures: int = 0
    equations: int = 0
    exercises: int = 0
    recordings: int = 0

    def report(self, text: str, line: int | None = None) -> None:
        self.problems.append(MarkupProblem(line or self.line, text))

    def claim(self, identifier: str, label: str) -> None:
        if not KEY.match(identifier):
            self.report(f"“{identifier}” is not a short kebab-case word.")
        if identifier in self.targets:
            self.report(f"the id “{identifier}” is used twice on this page.")
        self.targets[identifier] = label

    def number(self, listing_id: str, name: str) -> str | None:
        """Return the number that a listing promises under this name, as written."""
        return self.promised.get((listing_id, name))


def take_survey(tokens: list[Token], survey: Survey) -> None:
    """Fill the survey, and store on each token (`meta`) what rendering it needs."""
    survey.line = survey.first_line
    for index, token in enumerate(tokens):
        if token.map:
            survey.line = survey.first_line + token.map[0]
        token.meta["line"] = survey.line
        _survey_block(survey, tokens, index)
    _check_order(survey)
    _check_tests(survey)
    _attach_tests(survey, tokens)


def _survey_block(survey: Survey, tokens: list[Token], index: int) -> None:
    token = tokens[index]
    match token.type:
        case "heading_open":
            _survey_heading(survey, token, tokens[index + 1])
        case "fence":
            _survey_fence(survey, token)
        case "math_block" | "math_block_label":
            _survey_equation(survey, token)
        case "inline":
            _survey_inline(survey, tokens, index)
        case _ if token.type.startswith("container_") and token.nesting == 1:
            _survey_container(survey, token)
            survey.open_containers.append(token)
        case _ if token.type.startswith("container_"):
            survey.open_containers.pop()


def _survey_heading(survey: Survey, token: Token, inline: Token) -> None:
    level = int(token.tag[1])
    previous = survey.contents[-1].level if survey.contents else 1
    if not survey.is_page:
        survey.report("only a lesson can have headings.")
    elif level == 1:
        survey.report("the title belongs in the front matter; headings in the text begin with ##.")
    elif level > previous + 1:
        survey.report(f"a heading of level {level} cannot follow one of level {previous}.")
    identifier = _take_explicit_id(inline)
    text = plain_text(inline.children or [])
    identifier = identifier or _free_id(survey, _slug(text))
    survey.claim(identifier, text)
    survey.contents.append(Heading(identifier, text, level))
    token.meta["id"] = identifier


def _take_explicit_id(inline: Token) -> str:
    last = inline.children[-1] if inline.children else None
    text = last.content.rstrip() if last is not None and last.type == "text" else ""
    match = EXPLICIT_ID.search(text)
    if last is None or match is None:
        return ""
    last.content = text[: match.start()].rstrip()
    return match[1]


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "section"


def _free_id(survey: Survey, slug: str) -> str:
    if slug not in survey.targets:
        return slug
    numbers = survey.free_numbers.setdefault(slug, count(2))
    return next(identifier for number in numbers if (identifier := f"{slug}-{number}") not in survey.targets)


def _survey_fence(survey: Survey, token: Token) -> None:
    if not _is_closed(survey, token, token.markup[0], len(token.markup), last=True):
        survey.report("the code block is never closed.")
    if token.info.split(maxsplit=1)[:1] == [MEDIA]:
        _survey_media(survey, token)
        return
    listing, problems = read_listing(token.info.strip(), token.content, survey.line)
    for problem in problems:
        survey.report(problem)
    token.meta["listing"] = listing
    if listing.tests:
        survey.tests.append(listing)
    elif listing.id:
        _survey_listing(survey, listing)


def _survey_media(survey: Survey, token: Token) -> None:
    """Turn the block into one of its own kind, so that nothing takes it for code."""
    _, attributes = split_attributes(token.info.strip().removeprefix(MEDIA))
    if attributes is None or attributes.keys() - {"id"}:
        survey.report(f"the braces after “{MEDIA}” cannot be read (a recording may have {{id=…}}).")
        attributes = {}
    if not survey.is_page:
        survey.report("only a lesson can have video or audio.")
    token.type = MEDIA
    survey.recordings += 1
    if survey.recordings == MOST_RECORDINGS + 1:
        survey.report(f"a lesson has at most {MOST_RECORDINGS} recordings. Move the others to another lesson.")
    token.meta["is_shown"] = survey.is_page and survey.recordings <= MOST_RECORDINGS
    token.meta["id"] = str(attributes.get("id", ""))
    if token.meta["id"]:
        survey.claim(token.meta["id"], "the recording")


def _survey_listing(survey: Survey, listing: Listing) -> None:
    if not survey.is_page:
        survey.report("only a lesson can have listings with an id.")
    survey.claim(listing.id, listing.id)
    survey.listings.append(listing)
    for expectation in listing.expect or ():
        survey.promised.setdefault((listing.id, expectation.name), expectation.number)


def _is_closed(survey: Survey, token: Token, mark: str, count: int, *, last: bool) -> bool:
    assert token.map is not None
    end = token.map[1] - 1 if last else token.map[1]
    line = survey.lines[end].strip(" >") if end < len(survey.lines) else ""
    return end > token.map[0] and len(line) >= count and set(line) == {mark}


def _survey_equation(survey: Survey, token: Token) -> None:
    survey.equations += 1
    token.meta["number"] = survey.equations
    if token.type == "math_block_label":
        survey.claim(token.info, f"equation ({survey.equations})")
        token.meta["id"] = token.info


def _survey_container(survey: Survey, token: Token) -> None:
    name = token.type.removeprefix("container_").removesuffix("_open")
    title, attributes = split_attributes(token.info.strip().removeprefix(name))
    if attributes is None or attributes.keys() - {"id"} or (attributes and name != "exercise"):
        survey.report(f"the braces after “{name}” cannot be read (an exercise may have {{id=…}}).")
        attributes = {}
    if not _is_closed(survey, token, ":", len(token.markup), last=False):
        survey.report(f"“{name}” is never closed.")
    if survey.open_containers and len(survey.open_containers[-1].markup) <= len(token.markup):
        outer = survey.open_containers[-1].info.split()[0]
        survey.report(f"“{name}” stands inside of “{outer}”, which must be closed before or open with more colons.")
    if name == "aside" and token.level:
        survey.report("a margin note cannot be inside another block; put it directly in a section.")
    if not survey.is_page and name in NOT_IN_FRAGMENTS:
        survey.report(f"only a lesson can have “{name}”.")
    token.meta["title"] = title
    if name == "exercise":
        survey.exercises += 1
        token.meta["exercise"] = survey.exercises
    if attributes.get("id"):
        token.meta["id"] = str(attributes["id"])
        survey.claim(token.meta["id"], title or "the exercise")


def _survey_inline(survey: Survey, tokens: list[Token], index: int) -> None:
    children = tokens[index].children or []
    if [child.type for child in children] == ["image"]:
        _survey_figure(survey, tokens[index - 1 : index + 2], children[0])
    note_lines(survey, children)


def _survey_figure(survey: Survey, paragraph: list[Token], image: Token) -> None:
    survey.figures += 1
    identifier = str(image.attrs.get("id", ""))
    if identifier:
        survey.claim(identifier, f"figure {survey.figures}")
    interactive = str(image.attrs.get("interactive", ""))
    if interactive and not survey.is_page:
        survey.report("only a lesson can have an interactive figure.")
        interactive = ""
    for token in paragraph:
        token.meta |= {"figure": survey.figures, "id": identifier, "interactive": interactive}
    title = str(image.attrs.get("title", ""))
    caption = survey.dialect.parseInline(title)[0].children or [] if title else []
    note_lines(survey, caption)
    image.meta |= {"figure": survey.figures, "caption": caption, "interactive": interactive}


def note_lines(survey: Survey, children: list[Token]) -> None:
    """Give each inline token its line, and report syntax that was left as plain text."""
    line = survey.line
    for child in children:
        child.meta["line"] = line
        line += child.type in ("softbreak", "hardbreak")
        if child.type == "text":
            for mark, text in STRAY:
                if mark.search(child.content):
                    survey.report(text, child.meta["line"])
        if child.type in ("math_inline", "math_inline_double"):
            line += child.content.count("\n")
        if child.type == "math_inline_double" and "\n" in child.content:
            survey.report("$$ on several lines needs an empty line before it.", child.meta["line"])


def _check_order(survey: Survey) -> None:
    known: dict[str, Listing] = {}
    for listing in survey.listings:
        for earlier in listing.after:
            for problem in _wrong_predecessor(listing, known.get(earlier), earlier):
                survey.report(problem, listing.line)
        known[listing.id] = listing


def _wrong_predecessor(listing: Listing, earlier: Listing | None, name: str) -> Iterator[str]:
    if earlier is None:
        yield f"after names “{name}”, which is not an earlier listing on this page."
    elif earlier.runtime not in (listing.runtime, "both"):
        yield f"after names “{name}”, which runs in {earlier.runtime}, not in {listing.runtime}."


def _check_tests(survey: Survey) -> None:
    tested: set[str] = set()
    first_lines: dict[str, int] = {}
    for listing in survey.listings:
        if listing.is_runnable:
            first_lines.setdefault(listing.id, listing.line)
    for test in survey.tests:
        if not (test.tests in first_lines and first_lines[test.tests] < test.line):
            survey.report(
                f"tests names “{test.tests}”, which is not an earlier listing on this page that runs.", test.line
            )
        if test.tests in tested:
            survey.report(f"the listing “{test.tests}” has two hidden tests.", test.line)
        tested.add(test.tests)
    for listing in survey.listings:
        if listing.solves and listing.solves not in tested:
            survey.report(f"solves names “{listing.solves}”, which has no hidden test on this page.", listing.line)


def _attach_tests(survey: Survey, tokens: list[Token]) -> None:
    sources = {test.tests: test.source for test in survey.tests}
    survey.listings = [replace(listing, test=sources.get(listing.id, "")) for listing in survey.listings]
    for token in tokens:
        if token.type == "fence":
            listing = token.meta["listing"]
            token.meta["listing"] = replace(listing, test=sources.get(listing.id, "") if listing.id else "")


def plain_text(children: list[Token]) -> str:
    """Return the text of inline tokens without markup, as someone would read it out."""
    return "".join(
        plain_text(child.children)
        if child.children
        else "\n"
        if child.type in ("softbreak", "hardbreak")
        else child.content
        for child in children
    )
