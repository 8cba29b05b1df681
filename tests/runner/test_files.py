"""What the host reads from a hostile folder: plain files only."""

import os
import socket

import pytest

from labs.runner.protocol import UPLOAD_BYTES, Refused
from labs.runner.supervisor import files


@pytest.fixture
def hostile(tmp_path):
    """A work folder beside a secret, and its descriptor."""
    (tmp_path / "secret").write_text("planted")
    work = tmp_path / "work"
    work.mkdir()
    descriptor = os.open(work, os.O_RDONLY | os.O_DIRECTORY)
    yield work, descriptor
    os.close(descriptor)


def read(descriptor, name):
    return files.read(descriptor, name, 0, 100)[0]


def refused(descriptor, name) -> str:
    with pytest.raises(Refused) as refusal:
        read(descriptor, name)
    return refusal.value.code


def make_link(work):
    (work / "trick").symlink_to("../secret")


def make_folder_link(work):
    (work / "up").symlink_to("..")


def make_hard_link(work):
    os.link(work / "../secret", work / "trick")


def make_pipe(work):
    os.mkfifo(work / "trick")


def make_socket(work):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(work / "trick"))


@pytest.mark.parametrize("trick", [make_link, make_hard_link, make_pipe, make_socket])
def test_a_trick_is_neither_listed_nor_read(trick, hostile):
    work, descriptor = hostile
    trick(work)
    assert files.listing(descriptor) == []
    assert refused(descriptor, "trick") == "no_such_file"


def test_a_linked_folder_is_not_entered(hostile):
    work, descriptor = hostile
    make_folder_link(work)
    assert files.listing(descriptor) == []
    assert refused(descriptor, "up/secret") == "no_such_file"


@pytest.mark.parametrize(
    "name", ["../secret", "/etc/passwd", "a/../../secret", ".", "..", "", "a//b", "a\0b", "x" * 300, None, 7]
)
def test_a_name_that_is_not_a_plain_path_is_refused(name, hostile):
    assert refused(hostile[1], name) == "no_such_file"


def test_plain_files_are_listed_with_their_folders_and_sizes(hostile):
    work, descriptor = hostile
    (work / "logs/run").mkdir(parents=True)
    (work / "logs/run/events").write_bytes(b"12345")
    (work / "model.keras").write_bytes(b"12")
    changed = (work / "model.keras").stat().st_ctime_ns
    found = files.listing(descriptor)
    assert [(row["name"], row["size"]) for row in found] == [("logs/run/events", 5), ("model.keras", 2)]
    assert found[1]["changed"] == changed
    assert read(descriptor, "logs/run/events") == b"12345"


def test_ten_thousand_files_are_listed_up_to_a_number(hostile):
    work, descriptor = hostile
    for number in range(files.MOST_FILES + 50):
        (work / str(number)).touch()
    assert len(files.listing(descriptor)) == files.MOST_FILES


def test_a_name_with_escapes_is_not_listed(hostile):
    work, descriptor = hostile
    (work / "\x1b[31mred").touch()
    (work / "line\nbreak").touch()
    assert files.listing(descriptor) == []


def test_a_file_is_read_in_pieces(hostile):
    work, descriptor = hostile
    (work / "long").write_bytes(bytes(range(100)))
    assert files.read(descriptor, "long", 90, 50) == (bytes(range(90, 100)), 100)


def test_storing_replaces_a_link_and_does_not_write_through_it(hostile):
    work, descriptor = hostile
    make_link(work)
    files.write(descriptor, "trick", b"new", None)
    assert ((work / "trick").read_bytes(), (work / "../secret").read_text()) == (b"new", "planted")
    assert not (work / "trick").is_symlink()


def test_storing_beside_a_folder_of_that_name_is_refused_and_leaves_nothing(hostile):
    work, descriptor = hostile
    (work / "taken").mkdir()
    with pytest.raises(Refused):
        files.write(descriptor, "taken", b"new", None)
    assert os.listdir(work) == ["taken"]


def test_removing_takes_the_link_and_not_what_it_leads_to_and_twice_is_once(hostile):
    work, descriptor = hostile
    make_link(work)
    for _ in range(2):
        files.remove(descriptor, "trick")
    assert ((work / "../secret").read_text(), os.listdir(work)) == ("planted", [])
    (work / "folder").mkdir()
    for name in ("folder", "../secret"):
        with pytest.raises(Refused):
            files.remove(descriptor, name)


def test_a_file_too_large_is_refused(hostile):
    with pytest.raises(Refused) as refusal:
        files.write(hostile[1], "big", bytes(UPLOAD_BYTES + 1), None)
    assert refusal.value.code == "too_large"


def test_a_folder_closed_by_its_mode_is_left_out(hostile):
    work, descriptor = hostile
    (work / "closed").mkdir(mode=0)
    (work / "open").touch()
    assert [row["name"] for row in files.listing(descriptor)] == ["open"]
