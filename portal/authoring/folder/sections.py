"""How a course is divided: which folders are sections, in which order, and which files each may contain."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from course.rules.glossary import PATH
from portal.authoring.folder.files import Files

NUMBERED = re.compile(r"\d+-[a-z0-9-]+$")
FOLDER = re.compile(r"[a-z0-9][a-z0-9_-]*")
BEFORE, AFTER = ("about",), ("summary", "appendix", "exam", "certificate")
EXAM_FOLDER = "exam"
TOP = ("course.yaml", PATH)
SHARED = ("data", "figures", "computed")  # top-level folders that are not sections


@dataclass(frozen=True)
class OutlineFolder:
    """One folder of the outline; paths are relative to the course."""

    folder: str
    position: int
    paths: tuple[str, ...]

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

    @property
    def labs(self) -> tuple[str, ...]:
        """Return the folders of its labs."""
        prefix = f"{self.folder}/labs/"
        inside = (path.removeprefix(prefix).split("/") for path in self.paths if path.startswith(prefix))
        return tuple(sorted({f"{prefix}{parts[0]}" for parts in inside if len(parts) > 1}))


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
    """Return whether figures, data and programs may be in this folder: the course's, a section's, or a lab's own."""
    first, *rest = folder.split("/")
    if not all(FOLDER.fullmatch(part) for part in (first, *rest)):
        return False
    if rest and rest[0] == "labs":
        return bool(NUMBERED.match(first)) and len(rest) > 1
    is_section = first in (*BEFORE, *AFTER) or bool(NUMBERED.match(first))
    return first in SHARED or (is_section and bool(rest) and rest[0] in SHARED)


def is_exam_folder(folder: str) -> bool:
    """Return whether a folder may have an exam: a numbered module, or the section of the final exam."""
    return folder == EXAM_FOLDER or bool(NUMBERED.match(folder))


def is_pool(path: str) -> bool:
    """Return whether a path is that of a pool of an exam."""
    folder, _, name = path.partition("/")
    return is_exam_folder(folder) and "/" not in name and name.startswith("pool-") and name.endswith(".yaml")


def misplaced(files: Files, sections: Sequence[OutlineFolder]) -> list[tuple[str, str]]:
    """Return the paths of files that nothing reads, each with the reason."""
    known = {section.folder for section in sections}
    found = []
    for path in files:
        folder, _, name = path.partition("/")
        if not name and path not in TOP:
            found.append((path, f"only {' and '.join(TOP)} belong at the top of a course."))
        elif name and folder not in known and folder not in SHARED:
            found.append(
                (path, f"“{folder}” is not a section: name it NN-{folder} or one of {', '.join(BEFORE + AFTER)}.")
            )
    return found + [each for section in sections for each in _misplaced_in(section)]


def _misplaced_in(section: OutlineFolder) -> list[tuple[str, str]]:
    found = []
    if section.has("review.yaml") and not section.is_module:
        found.append((f"{section.folder}/review.yaml", "only a numbered module has review questions."))
    if section.labs and not section.is_module:
        found.append((section.labs[0], "only a numbered module has labs."))
    exams = (*section.matching("exam.yaml"), *section.matching("pool-*.yaml"))
    if not section.may_have_exam:
        found += [(path, "only a numbered module and the section “exam” have exam.yaml and pools.") for path in exams]
    elif exams and not section.has("exam.yaml"):
        found += [(path, "a pool belongs to an exam: write exam.yaml beside it.") for path in exams]
    yamls = {*section.matching("*.yaml"), *section.matching("*.yml")}
    known = {f"{section.folder}/module.yaml", f"{section.folder}/review.yaml", *exams}
    return found + [(path, "nothing reads this file.") for path in sorted(yamls - known)]
