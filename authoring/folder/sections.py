"""How a course is divided: which folders are sections, in which order, and which files each may contain.

A module may have any number of review questions and exams: review.yaml and review-NAME.yaml, exam.yaml and exam-NAME.yaml.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from operator import itemgetter

from authoring.folder.files import Files
from lessons.rules.glossary import PATH

NUMBERED = re.compile(r"\d+-[a-z0-9-]+$")
ASSESSMENT = re.compile(r"(?P<kind>review|exam)(-(?P<name>[a-z0-9]+(-[a-z0-9]+)*))?\.yaml")
FOLDER = re.compile(r"[a-z0-9][a-z0-9_-]*")
BEFORE, AFTER = ("about",), ("summary", "appendix", "exam", "certificate")
EXAM_FOLDER = "exam"
TOP = ("course.yaml", PATH)
STRAY_POOL = "a pool belongs to an exam: write exam.yaml beside it, or give it the name of an exam (pool-two.yaml for exam-two.yaml)."
SHARED = ("data", "figures", "computed", "captions")  # top-level folders that are not sections


@dataclass(frozen=True)
class OutlineFolder:
    """One folder of the outline; paths are relative to the course. Its parts are lessons, labs, review questions and exams."""

    folder: str
    position: int
    paths: tuple[str, ...]
    order: tuple[str, ...] = ()  # of its parts, as module.yaml lists it

    @property
    def is_module(self) -> bool:
        return bool(NUMBERED.match(self.folder))

    @property
    def may_have_exam(self) -> bool:
        return is_exam_folder(self.folder)

    def matching(self, pattern: str) -> tuple[str, ...]:
        """Return the files directly in the section whose name matches."""
        names = ((path, path.removeprefix(f"{self.folder}/")) for path in self.paths)
        return tuple(path for path, name in names if "/" not in name and fnmatchcase(name, pattern))

    def has(self, name: str) -> bool:
        return f"{self.folder}/{name}" in self.paths

    def assessments(self, kind: str) -> dict[str, str]:
        """Return its exams, or its review questions, in order: the name of each by path, "" for exam.yaml."""
        names = {path: name_in_file(path, kind) for path in self.matching("*.yaml")}
        by_name = sorted(((p, n) for p, n in names.items() if n is not None), key=itemgetter(1))
        return dict(sorted(by_name, key=lambda pair: self.rank(pair[0])))

    def pools(self, name: str) -> tuple[str, ...]:
        """Return the pools that the exam with this name draws from."""
        names = self.assessments("exam").values()
        return tuple(path for path in self.matching("pool-*.yaml") if exam_of_pool(path, names) == name)

    @property
    def labs(self) -> tuple[str, ...]:
        """Return the folders of its labs."""
        prefix = f"{self.folder}/labs/"
        inside = (path.removeprefix(prefix).split("/") for path in self.paths if path.startswith(prefix))
        return self.ranked(sorted({f"{prefix}{parts[0]}" for parts in inside if len(parts) > 1}))

    @property
    def lessons(self) -> tuple[str, ...]:
        """Return the files of its lessons."""
        return self.ranked(self.matching("*.md"))

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the names of its parts as an order lists them: lessons, labs, review questions, then exams."""
        labs = self.labs if self.is_module else ()
        reviews = self.assessments("review") if self.is_module else ()
        exams = self.assessments("exam") if self.may_have_exam else ()
        paths = self.ranked([*self.lessons, *labs, *reviews, *exams])
        return tuple(path.removeprefix(f"{self.folder}/") for path in paths)

    def ranked(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Return paths in the order that module.yaml lists. Those that it does not list come last, as they are."""
        return tuple(sorted(paths, key=self.rank)) if self.order else tuple(paths)

    def rank(self, path: str) -> int:
        """Return where the order lists a part. A part that it does not list comes last."""
        name = path.removeprefix(f"{self.folder}/")
        return self.order.index(name) if name in self.order else len(self.order)


def section_folders(paths: Iterable[str]) -> list[str]:
    """Return the folders of the outline in their order."""
    folders = {path.split("/")[0] for path in paths if "/" in path}
    numbered = sorted(folder for folder in folders if NUMBERED.match(folder))
    return [folder for folder in (*BEFORE, *numbered, *AFTER) if folder in folders]


def read_sections(files: Files) -> tuple[OutlineFolder, ...]:
    return tuple(
        OutlineFolder(folder, position, tuple(path for path in sorted(files) if path.startswith(f"{folder}/")))
        for position, folder in enumerate(section_folders(files))
    )


def is_file_folder(folder: str) -> bool:
    """Return whether figures, data, captions and programs may be in this folder: the course's, a section's, or a lab's own."""
    first, *rest = folder.split("/")
    if not all(FOLDER.fullmatch(part) for part in (first, *rest)):
        return False
    if rest and rest[0] == "labs":
        return bool(NUMBERED.match(first)) and len(rest) > 1
    return first in SHARED or (is_section(first) and bool(rest) and rest[0] in SHARED)


def is_section(folder: str) -> bool:
    """Return whether a folder is a section of the course."""
    return folder in (*BEFORE, *AFTER) or bool(NUMBERED.match(folder))


def is_exam_folder(folder: str) -> bool:
    """Return whether a folder may have an exam: a numbered module, or the section of the final exam."""
    return folder == EXAM_FOLDER or bool(NUMBERED.match(folder))


def is_pool(path: str) -> bool:
    """Return whether a path is that of a pool of an exam."""
    folder, _, name = path.partition("/")
    return is_exam_folder(folder) and "/" not in name and name.startswith("pool-") and name.endswith(".yaml")


def name_in_file(path: str, kind: str) -> str | None:
    """Return the name in the path of an exam, or of review questions, "" for exam.yaml. Other paths have none."""
    match = ASSESSMENT.fullmatch(path.rpartition("/")[2])
    return (match["name"] or "") if match and match["kind"] == kind else None


def exam_of_pool(path: str, names: Collection[str]) -> str:
    """Return the name of the exam that a pool belongs to: the longest that the pool's own name begins with, or ""."""
    own = path.rpartition("/")[2].removeprefix("pool-").removesuffix(".yaml")
    return max((name for name in names if name and f"{own}-".startswith(f"{name}-")), key=len, default="")


def review_name(path: str) -> str | None:
    """Return the name in the path of review questions, "" for review.yaml. Other paths have none."""
    return name_in_file(path, "review")


def exam_names(paths: Iterable[str], folder: str) -> set[str]:
    """Return the names of the exams in a folder."""
    names = (name_in_file(path, "exam") for path in paths if path.rpartition("/")[0] == folder)
    return {name for name in names if name is not None}


def holds_questions(path: str) -> bool:
    """Return whether a path is that of review questions or of a pool."""
    return is_pool(path) or (is_assessment(path) and review_name(path) is not None)


def is_assessment(path: str) -> bool:
    """Return whether a path is that of an exam, of one of its pools, or of review questions."""
    folder, _, name = path.partition("/")
    return is_pool(path) or (is_exam_folder(folder) and bool(ASSESSMENT.fullmatch(name)))


def may_say_dates(path: str) -> bool:
    """Return whether the file at a path may say dates."""
    folder, _, name = path.rpartition("/")
    is_exam = is_assessment(path) and name_in_file(path, "exam") is not None
    return path == "course.yaml" or is_exam or (is_section(folder) and name == "module.yaml")


def review_place(name: str) -> tuple[str, ...]:
    """Return where module.yaml says more about the module's review questions with this name."""
    return ("reviews", name) if name else ("review",)


def misplaced(files: Files, sections: Sequence[OutlineFolder]) -> list[tuple[str, str]]:
    """Return the paths of files that nothing reads, each with the reason."""
    known = {section.folder for section in sections}
    strays = []
    for path in files:
        folder, _, name = path.partition("/")
        if not name and path not in TOP:
            strays.append((path, f"only {' and '.join(TOP)} belong at the top of a course."))
        elif name and folder not in known and folder not in SHARED:
            strays.append(
                (path, f"“{folder}” is not a section: name it NN-{folder} or one of {', '.join(BEFORE + AFTER)}.")
            )
    return strays + [stray for section in sections for stray in _misplaced_in(section)]


def _misplaced_in(section: OutlineFolder) -> list[tuple[str, str]]:
    strays = []
    reviews, exams, pools = (
        section.assessments("review"),
        section.assessments("exam"),
        section.matching("pool-*.yaml"),
    )
    if not section.is_module:
        strays += [(path, "only a numbered module has review questions.") for path in reviews]
    if section.labs and not section.is_module:
        strays.append((section.labs[0], "only a numbered module has labs."))
    if not section.may_have_exam:
        reason = "only a numbered module and the section “exam” have exam.yaml and pools."
        strays += [(path, reason) for path in (*exams, *pools)]
    elif not section.has("exam.yaml"):
        strays += [(path, STRAY_POOL) for path in section.pools("")]
    yamls = {*section.matching("*.yaml"), *section.matching("*.yml")}
    known = {f"{section.folder}/module.yaml", *reviews, *exams, *pools}
    return strays + [(path, "nothing reads this file.") for path in sorted(yamls - known)]
