"""Which version of Finalcheck this is. The number is in pyproject.toml only."""

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
SHOWN = 8  # digits of a commit
ARCHIVED = "foundation/commit.txt"  # `git archive` writes the commit into it (.gitattributes)


class ProductVersion(NamedTuple):
    """The number, and the commit of a checkout or of a release's archive in hexadecimal, "" for other copies."""

    number: str
    commit: str

    def __str__(self) -> str:
        return f"{self.number} ({self.commit[:SHOWN]})" if self.commit else self.number


@cache
def finalcheck_version() -> ProductVersion:
    """Return the version as it was when this was first asked. Reads small files, and starts no program."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return ProductVersion(project["version"], commit_of(ROOT) or archived_commit(ROOT))


def commit_of(root: Path) -> str:
    """Return the commit that is checked out in a folder, or ""."""
    try:
        own = git_folder(root)
        head = (own / "HEAD").read_text().strip()
        if not head.startswith("ref: "):
            return head
        shared = own / "commondir"
        common = (own / shared.read_text().strip()) if shared.is_file() else own
        return branch_at(common, head.removeprefix("ref: "))
    except OSError:
        return ""


def archived_commit(root: Path) -> str:
    """Return the commit that `git archive` wrote into a copy of the files, or ""."""
    file = root / ARCHIVED
    written = file.read_text().strip() if file.is_file() else ""
    return "" if written.startswith("$") else written


def git_folder(root: Path) -> Path:
    """Return where git keeps what belongs to a checkout: `.git`, or in a second one what that file names."""
    git = root / ".git"
    return root / git.read_text().removeprefix("gitdir: ").strip() if git.is_file() else git


def branch_at(common: Path, name: str) -> str:
    """Return the commit of a branch, "" if it has none. Git keeps it in one file, or packed with others."""
    if (loose := common / name).is_file():
        return loose.read_text().strip()
    packed = common / "packed-refs"
    lines = packed.read_text().splitlines() if packed.is_file() else []
    return next((line.split()[0] for line in lines if line.endswith(f" {name}")), "")
