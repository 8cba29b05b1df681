"""Unpack a course folder that somebody uploads as a zip file.

The file may be made to do harm. So names, kinds and declared sizes of all members are checked before any is unpacked, each
is unpacked only as far as it declared, and everything stays in memory: nothing is written to a disk under a name that the
file chose.
"""

import re
import struct
import zlib
from collections.abc import Iterable, Mapping
from io import BytesIO
from itertools import pairwise
from stat import S_IFDIR, S_IFMT, S_IFREG
from unicodedata import normalize
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from authoring.folder import is_file_folder
from authoring.refusals import Refusal
from labs.rules.files import MEBIBYTE, shown_size

HEAD = "course.yaml"
MOST_PACKED = 5 * MEBIBYTE
MOST_UNPACKED = 50 * MEBIBYTE
MOST_TEXT = 2 * MEBIBYTE  # of what a check parses; the course that we ship has 1.1 MB
MOST_MARKS = 100_000  # of YAML, each of which a check reads alone; the course that we ship has 20,000
MOST_FILES = 2000
MOST_ENTRIES = 5 * MOST_FILES  # with folders and what other systems add, such as __MACOSX
MOST_RATIO, ALWAYS_FINE = 200, MEBIBYTE  # times the packed size, of files larger than that
LONGEST_NAME = 300  # characters, as the column
LONGEST_SHOWN = 80
MOST_LISTED = 8
ENTRY = b"PK\x01\x02"  # begins each entry of the table of contents
IS_UTF_8 = 0x800
IS_ENCRYPTED = 0x1 | 0x40 | 0x2000
PARSED = (".yaml", ".yml", ".md")
MARKS = (b"\n", b",", b"[", b"{", b": ")
ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst")
OF_OTHER_SYSTEMS = ("__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini")
DRIVE = re.compile(r"[A-Za-z]:")
UNREADABLE = (BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError, ValueError, struct.error, zlib.error)


def unpack_folder(packed: bytes) -> dict[str, bytes]:
    """Return the files of a course folder by path, without the folder around them and without what systems hide in it.

    Raises the refusals of unpack_files, archive_nested, archive_wordy, folder_headless.
    """
    files = without_top(unpack_files(packed))
    refuse_nested(files)
    refuse_wordy(files)
    return files


def unpack_files(packed: bytes, *, most_packed: int = MOST_PACKED) -> dict[str, bytes]:
    """Return the files of an archive by path, without what systems hide in it.

    Raises Refusal archive_too_large, archive_unreadable, archive_crowded, archive_name_unfit, archive_names_clash,
    archive_locked, archive_method_unknown, archive_link, archive_bomb.
    """
    if len(packed) > most_packed:
        raise Refusal("archive_too_large", most=shown_size(most_packed))
    if packed.count(ENTRY) > MOST_ENTRIES:  # before the table is read, because each entry takes memory
        raise Refusal("archive_crowded", most=f"{MOST_FILES:,}")
    try:
        with ZipFile(BytesIO(packed)) as archive:
            members = members_of(archive.infolist())
            refuse_bomb(members.values())
            refuse_overlap(members.values())
            return {name: content_of(archive, member) for name, member in members.items()}
    except UNREADABLE as error:
        raise Refusal("archive_unreadable") from error


def members_of(entries: Iterable[ZipInfo]) -> dict[str, ZipInfo]:
    """Return the files of an archive by name. Raises the refusals of one member, archive_names_clash, archive_crowded."""
    members: dict[str, ZipInfo] = {}
    known: dict[str, str] = {}
    for entry in entries:
        name = name_of(entry)
        parts = name.split("/")
        if any(part.startswith(".") or part in OF_OTHER_SYSTEMS for part in parts):
            continue
        refuse_unfit(entry, name)
        note_name(known, parts, is_folder=entry.is_dir())
        if not entry.is_dir():
            members[name] = entry
    if len(members) > MOST_FILES:
        raise Refusal("archive_crowded", most=f"{MOST_FILES:,}")
    return members


def name_of(entry: ZipInfo) -> str:
    """Return the name of an entry, without the slash that ends a folder. Raises Refusal archive_name_unfit."""
    name = entry.orig_filename
    is_known = bool(entry.flag_bits & IS_UTF_8) or name.isascii()
    if not is_known:  # macOS writes UTF-8 and does not say so; anything else is a guess
        try:
            name = name.encode("cp437").decode()
        except UnicodeError:
            raise_unfit(name, "is written in another encoding than UTF-8")
    name = normalize("NFC", name)
    plain = name[:-1] if name.endswith("/") and len(name) > 1 else name
    if problem := name_problem(plain):
        raise_unfit(name, problem)
    return plain


def name_problem(name: str) -> str:
    """Return why a file of a course cannot have this name, as the end of a sentence, or ""."""
    if not name.isprintable():
        return "has a control character or one that nobody can see"
    if len(name) > LONGEST_NAME:
        return f"has more than {LONGEST_NAME} characters"
    if "\\" in name:
        return "has a backslash"
    if name.startswith("/") or DRIVE.match(name):
        return "does not begin inside the folder"
    if any(part in ("", ".", "..") for part in name.split("/")):
        return "leads out of the folder"
    return ""


def raise_unfit(name: str, problem: str) -> None:
    raise Refusal("archive_name_unfit", name=shown(name), problem=problem)


def shown(name: str) -> str:
    """Return a name as it can be printed, also one that was made to mislead."""
    safe = "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in name)
    return safe if len(safe) <= LONGEST_SHOWN else f"{safe[:LONGEST_SHOWN]}…"


def note_name(known: dict[str, str], parts: list[str], *, is_folder: bool) -> None:
    """Note a name and its folders. Raises Refusal archive_names_clash if two files have the same name, if a file has the
    name of a folder, and if two names differ only in capitals.
    """
    for depth in range(1, len(parts) + 1):
        path = "/".join(parts[:depth])
        written = path if depth == len(parts) and not is_folder else f"{path}/"
        before = known.get(path.casefold())
        if before is not None and not (before == written and written.endswith("/")):
            raise Refusal("archive_names_clash", first=shown(before), second=shown(written))
        known[path.casefold()] = written


def refuse_unfit(entry: ZipInfo, name: str) -> None:
    """Raise Refusal archive_locked, archive_method_unknown, archive_link for what is not a plain packed file."""
    if entry.flag_bits & IS_ENCRYPTED:
        raise Refusal("archive_locked", name=shown(name))
    if S_IFMT(entry.external_attr >> 16) not in (0, S_IFREG, S_IFDIR):
        raise Refusal("archive_link", name=shown(name))
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Refusal("archive_method_unknown", name=shown(name))


def refuse_bomb(members: Iterable[ZipInfo]) -> None:
    """Raise Refusal archive_bomb if the files say that they are much larger than a course. What they say binds them."""
    sizes = [(member.file_size, member.compress_size, member.filename) for member in members]
    is_bomb = any(size > max(ALWAYS_FINE, MOST_RATIO * packed) for size, packed, _name in sizes)
    texts = sum(size for size, _packed, name in sizes if name.lower().endswith(PARSED))
    if is_bomb or sum(size for size, *_ in sizes) > MOST_UNPACKED or texts > MOST_TEXT:
        raise Refusal("archive_bomb", most=shown_size(MOST_UNPACKED), texts=shown_size(MOST_TEXT))


def refuse_overlap(members: Iterable[ZipInfo]) -> None:
    """Raise BadZipFile if two files share packed bytes, as no program that packs folders writes them."""
    spans = sorted((member.header_offset, member.header_offset + member.compress_size) for member in members)
    if any(begin < end for (_begin, end), (begin, _end) in pairwise(spans)) or len({*spans}) < len(spans):
        raise BadZipFile("files share packed bytes")


def content_of(archive: ZipFile, member: ZipInfo) -> bytes:
    """Return a file, of which no more is unpacked than it declared. Raises BadZipFile if that is not the whole file."""
    with archive.open(member) as stream:
        content = stream.read(member.file_size + 1)  # the end of the file is where its sum is compared
    if len(content) != member.file_size:
        raise BadZipFile("a file has another size than it declares")
    return content


def without_top(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files relative to the folder that has course.yaml. Raises Refusal folder_headless."""
    while HEAD not in files:
        tops = {path.partition("/")[0] for path in files}
        if len(tops) != 1 or not all("/" in path for path in files):
            raise Refusal("folder_headless", known=known_tops(tops))
        files = {path.partition("/")[2]: content for path, content in files.items()}
    return files


def known_tops(tops: Iterable[str]) -> str:
    """Return what is at the top of an archive, for a sentence."""
    names = sorted(tops)
    listed = ", ".join(shown(name) for name in names[:MOST_LISTED]) or "nothing"
    return f"{listed} …" if len(names) > MOST_LISTED else listed


def refuse_nested(files: Iterable[str]) -> None:
    """Raise Refusal archive_nested for an archive among the texts. As a file of data, it is stored and never unpacked."""
    for path in files:
        if path.lower().endswith(ARCHIVES) and not is_file_folder(path.rpartition("/")[0]):
            raise Refusal("archive_nested", name=shown(path))


def refuse_wordy(files: Mapping[str, bytes]) -> None:
    """Raise Refusal archive_wordy if reading the YAML would keep the site busy, as a megabyte of commas does."""
    yamls = [content for path, content in files.items() if path.endswith(".yaml")]
    if sum(content.count(mark) for content in yamls for mark in MARKS) > MOST_MARKS:
        raise Refusal("archive_wordy", most=f"{MOST_MARKS:,}")
