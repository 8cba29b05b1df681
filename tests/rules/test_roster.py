"""A class list as people send it: files of spreadsheets, pasted cells, and their mistakes."""

import pytest

from course.rules.roster import MOST_ROWS, decode_roster, read_roster


def rows(text):
    found = read_roster(text)
    assert found.mistakes == ()
    return [(row.number, row.email, row.name, row.username, row.groups) for row in found.rows]


def mistakes(text):
    return [(each.number, each.sentence) for each in read_roster(text).mistakes]


@pytest.mark.parametrize(
    "content",
    [
        "Email;Full Name;Section\r\nzo\u00eb@example.org;Zo\u00eb M\u00fcller;Monday\r\n".encode("cp1252"),
        "EMAIL,NAME,GROUP\nzo\u00eb@example.org,Zo\u00eb M\u00fcller,Monday\n".encode(),
        "E-mail\tname\tgroup\nzo\u00eb@example.org\tZo\u00eb M\u00fcller\tMonday".encode("utf-16"),
        "\ufeffemail,name,group\n\n zo\u00eb@example.org , Zo\u00eb  M\u00fcller ,Monday | Monday\n,,\n".encode(),
    ],
    ids=["Excel's code page", "UTF-8", "UTF-16 with tabs", "mark, spaces and empty lines"],
)
def test_every_way_to_save_a_list_says_the_same(content):
    [(_number, *said)] = rows(decode_roster(content))
    assert said == ["zo\u00eb@example.org", "Zo\u00eb M\u00fcller", "", ("Monday",)]


def test_groups_are_separated_by_bars_and_unknown_columns_are_named():
    found = read_roster("username,Group,Phone\nada,Monday | Lab B | Monday,123\n")
    assert (found.rows[0].groups, found.unused) == (("Monday", "Lab B"), ("phone",))


def test_a_cell_that_our_export_protected_is_read_as_it_was():
    assert rows("username,group\n'+ada,'=1")[0][3:] == ("+ada", ("=1",))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [(1, "The list is empty.")]),
        ("name\nAda", [(1, "The first row must name the columns, with email or username among them.")]),
        ("email,Email\na@b.org,c@d.org", [(1, "The column email is there twice.")]),
        ("email,name\n,Ada", [(2, "An email address or a username is missing.")]),
        ("email\nada", [(2, "“ada” is not an email address.")]),
        ("email\nada@example", [(2, "“ada@example” is not an email address.")]),
        (
            "username\nada lovelace",
            [(2, "“ada lovelace” is not a username: use letters, digits and the signs . @ + - _ only.")],
        ),
        ("email\na@b.org\nA@B.org", [(3, "Row 2 has the same email.")]),
        ("username\nada\nbob\nADA", [(4, "Row 2 has the same username.")]),
        ("email\na@b.org,Ada", [(2, "This row has more cells than the header.")]),
        (f"username,group\nada,{'x' * 81}", [(2, "A group’s name has more than 80 characters.")]),
        (f"username,name\nada,{'x' * 201}", [(2, "The name has more than 200 characters.")]),
        ("email\n\0", [(1, "The list contains a NUL character, so it is not a text.")]),
    ],
)
def test_a_mistake_is_named_with_its_row(text, found):
    assert mistakes(text) == found


def test_a_list_has_at_most_a_thousand_people():
    lines = [f"p{number}@example.org" for number in range(MOST_ROWS + 1)]
    assert len(rows("\n".join(["email", *lines[:MOST_ROWS]]))) == MOST_ROWS
    assert mistakes("\n".join(["email", *lines])) == [(1002, "The list has more than 1000 rows. Split it.")]
