"""A course folder that is uploaded as a zip file: what is unpacked, and what is refused before it can do harm."""

import stat
import struct
import time
import tracemalloc
import zipfile
from io import BytesIO

import pytest

from authoring.folder import read_files
from authoring.services.archives import ENTRY, MOST_ENTRIES, MOST_FILES, MOST_PACKED, unpack_folder
from config.environment import ROOT
from foundation.refusals import Refusal

HEAD = b"slug: tiny\n"
MOST_SECONDS, MOST_BYTES = 10, 200 << 20
MEBIBYTE = 1 << 20


def packed(*members, method=zipfile.ZIP_DEFLATED):
    """Return an archive with these members: pairs of a name, or an entry, and its content."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


def packed_files(files, top=""):
    return packed(*((f"{top}{path}", content) for path, content in files.items()))


def entry(name, *, mode=0o644, kind=stat.S_IFREG, raw=None):
    made = zipfile.ZipInfo(name)
    made.external_attr = (kind | mode) << 16
    if raw is not None:
        made.filename = made.orig_filename = raw
    return made


def refusal_of(content):
    with pytest.raises(Refusal) as refused:
        unpack_folder(content)
    return refused.value


def code_of(content):
    return refusal_of(content).code


def with_bytes(content, before, after):
    assert len(before) == len(after)
    assert before in content
    return content.replace(before, after)


@pytest.mark.parametrize(
    "folder", ["deep-learning-with-tensorflow", "samples/first-steps-in-statistics"], ids=["shipped", "sample"]
)
@pytest.mark.parametrize("top", ["", "course/", "my course/export/"])
def test_a_folder_comes_back_as_it_was_packed_also_inside_a_single_folder(folder, top):
    files = read_files(ROOT / "content" / folder)
    assert unpack_folder(packed_files(files, top)) == files


def test_what_systems_hide_in_an_archive_is_left_out():
    hidden = [
        "__MACOSX/tiny/._course.yaml",
        "tiny/.DS_Store",
        "tiny/.git/config",
        "tiny/Thumbs.db",
        "tiny/__pycache__/a",
    ]
    members = [(name, b"x") for name in hidden]
    assert unpack_folder(packed(("tiny/", b""), ("tiny/course.yaml", HEAD), *members)) == {"course.yaml": HEAD}


def test_a_name_that_macos_writes_without_saying_that_it_is_utf_8_is_read():
    content = packed(("course.yaml", HEAD), ("figures/ABCDE.svg", b"x"))
    content = with_bytes(content, b"ABCDE", "u\u0308bu\u0308".encode()[:3] + b"ab")
    assert unpack_folder(content) == {"course.yaml": HEAD, "figures/üab.svg": b"x"}


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("../course.yaml", "leads out of the folder"),
        ("a/../../b.md", "leads out of the folder"),
        ("a//b.md", "leads out of the folder"),
        ("./a.md", "leads out of the folder"),
        ("/etc/passwd", "does not begin inside the folder"),
        ("C:/a.md", "does not begin inside the folder"),
        ("..\\a.md", "has a backslash"),
        ("a\nb.md", "has a control character or one that nobody can see"),
        ("a\u202egnp.md", "has a control character or one that nobody can see"),
        ("a" * 301, "has more than 300 characters"),
        ("__MACOSX/../../a", "leads out of the folder"),
    ],
)
def test_a_name_that_does_not_belong_to_a_course_is_refused_with_the_name(name, problem):
    refusal = refusal_of(packed(("course.yaml", HEAD), (entry("x", raw=name), b"x")))
    assert (refusal.code, refusal.facts["problem"]) == ("archive_name_unfit", problem)
    assert refusal.sentence.isprintable()


def test_a_name_with_a_nul_character_is_refused():
    content = with_bytes(packed(("course.yaml", HEAD), ("evil.mdXY", b"x")), b"evil.mdXY", b"evil.md\0Y")
    assert code_of(content) == "archive_name_unfit"


def test_a_name_in_another_code_page_is_refused():
    content = with_bytes(packed(("course.yaml", HEAD), ("ABC.md", b"x")), b"ABC.md", b"\x81\x8a\xff.md")
    assert refusal_of(content).facts["problem"] == "is written in another encoding than UTF-8"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "names",
    [
        ("a.md", "a.md"),
        ("exam/Pool.yaml", "exam/pool.yaml"),
        ("Exam/a.yaml", "exam/b.yaml"),
        ("a", "a/b.md"),
        ("a/b.md", "a"),
        ("u\u0308.md", "\u00fc.md"),
    ],
)
def test_names_that_are_one_on_some_computers_are_refused(names):
    assert code_of(packed(("course.yaml", HEAD), *((name, b"x") for name in names))) == "archive_names_clash"


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_a_link_and_a_device_are_refused(kind):
    assert code_of(packed(("course.yaml", HEAD), (entry("a.md", kind=kind), b"/etc/passwd"))) == "archive_link"


def test_a_locked_member_is_refused():
    content = bytearray(packed(("course.yaml", HEAD)))
    for start, offset in ((content.find(b"PK\3\4"), 6), (content.find(ENTRY), 8)):
        content[start + offset] |= 1
    assert code_of(bytes(content)) == "archive_locked"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_that_takes_much_memory_is_refused(method):
    assert code_of(packed(("course.yaml", HEAD), method=method)) == "archive_method_unknown"


def test_an_archive_among_the_texts_is_refused_and_one_in_a_folder_of_data_is_a_file():
    inner = packed(("course.yaml", HEAD))
    assert code_of(packed(("course.yaml", HEAD), ("inner.zip", inner))) == "archive_nested"
    assert code_of(packed(("inner.zip", inner))) == "folder_headless"
    kept = unpack_folder(packed(("course.yaml", HEAD), ("01-first/data/inner.zip", inner)))
    assert kept["01-first/data/inner.zip"] == inner


@pytest.mark.parametrize(
    "names", [[], ["README.md"], ["one/course.yaml", "two/course.yaml"], ["one/course.yaml", "a.md"]]
)
def test_an_archive_without_one_course_is_refused_with_what_is_at_its_top(names):
    refusal = refusal_of(packed(*((name, b"x") for name in names)))
    assert refusal.code == "folder_headless"
    assert all(name.partition("/")[0] in refusal.sentence for name in names)


@pytest.mark.parametrize("content", [b"", b"PK", b"slug: tiny\n", b"PK\5\6" + b"\0" * 18, b"\xff" * 1000])
def test_what_is_not_an_archive_is_refused(content):
    assert code_of(content) in ("archive_unreadable", "folder_headless")


def test_a_damaged_archive_is_refused_wherever_it_is_damaged():
    sound = packed(("course.yaml", HEAD * 50), ("a.md", b"text" * 50))
    codes = set()
    for position in range(len(sound)):
        broken = bytearray(sound)
        broken[position] ^= 0xFF
        try:
            unpack_folder(bytes(broken))
        except Refusal as refusal:
            codes.add(refusal.code)
    assert "archive_unreadable" in codes
    for end in range(0, len(sound), 7):
        assert code_of(sound[:end]) == "archive_unreadable"


@pytest.mark.parametrize("text", ["[" + "1," * 97_000 + "]", "a: 1\n" * 38_000, "[" * 190_000, "{" * 190_000])
def test_yaml_that_takes_too_long_to_read_is_refused(text):
    pools = {f"exam/pool-{number}.yaml": text.encode() for number in range(3)}
    assert code_of(packed_files({"course.yaml": HEAD, **pools})) == "archive_wordy"


def lying(content, size):
    """Return an archive whose last member declares another size than it has."""
    changed = bytearray(content)
    struct.pack_into("<I", changed, content.rfind(ENTRY) + 24, size)
    return bytes(changed)


def overlapping(copies):
    """Return an archive in which many entries name the same packed megabytes."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("course.yaml", HEAD)
        archive.writestr("a.csv", bytes(MEBIBYTE))
        first = archive.infolist()[-1]
        for number in range(copies):
            copy = zipfile.ZipInfo(f"a{number}.csv")
            for name in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
                setattr(copy, name, getattr(first, name))
            archive.filelist.append(copy)
            archive.NameToInfo[copy.filename] = copy
    return file.getvalue()


BOMBS = {
    "a gigabyte of text": lambda: packed(("course.yaml", HEAD), ("a.md", bytes(MEBIBYTE) * 1024)),
    "sixty megabytes": lambda: packed(
        ("course.yaml", HEAD), *((f"{n}.csv", b"01" * (MEBIBYTE // 2)) for n in range(60))
    ),
    "much text": lambda: packed(("course.yaml", HEAD), *((f"{n}.md", b"a b " * 50_000) for n in range(30))),
    "a high ratio": lambda: packed(("course.yaml", HEAD), ("a.csv", bytes(3 * MEBIBYTE))),
    "a size that is too small": lambda: lying(packed(("course.yaml", HEAD), ("a.csv", bytes(30 * MEBIBYTE))), 1000),
    "a size that is too large": lambda: lying(packed(("course.yaml", HEAD), ("a.csv", b"x" * 1000)), 100_000),
    "a huge size": lambda: lying(packed(("course.yaml", HEAD), ("a.csv", b"x" * 1000)), 0xFFFFFFF0),
    "overlapping entries": lambda: overlapping(45),
    "many files": lambda: packed(*((f"{n}.md", b"") for n in range(MOST_FILES + 1))),
    "many folders": lambda: packed(("course.yaml", HEAD), *((f"{n}/", b"") for n in range(MOST_ENTRIES))),
    "a table of many entries": lambda: ENTRY * ((MOST_PACKED - 100) // 4),
    "a large file": lambda: bytes(MOST_PACKED + 1),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_within_ten_seconds_and_200_mb(bomb):
    content = bomb()
    tracemalloc.start()
    began = time.monotonic()
    refusal = refusal_of(content)
    seconds, (_now, peak) = time.monotonic() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refusal.code in ("archive_bomb", "archive_unreadable", "archive_crowded", "archive_too_large")
    assert (seconds < MOST_SECONDS, peak < MOST_BYTES) == (True, True)
