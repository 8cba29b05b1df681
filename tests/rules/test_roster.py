"""A class list as people send it: files of spreadsheets, pasted cells, and their mistakes."""

import pytest

from people.rules.roster import (
    MOST_ROWS,
    Roster,
    RosterMistake,
    RosterRow,
    alike_groups,
    decode_roster,
    mistake_in,
    read_roster,
)


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


def test_a_group_with_a_bar_in_its_name_is_a_mistake():
    said = mistake_in(RosterRow(2, "ada@example.org", "", "", ("Monday|Lab B",)))
    assert said == "A group’s name contains “|”, which separates groups in a file."


def test_a_cell_that_our_export_protected_is_read_as_it_was():
    assert rows("username,group\n'+ada,'=1")[0][3:] == ("+ada", ("=1",))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [(1, "The list is empty.")]),
        (
            "name\nAda",
            [
                (
                    1,
                    "The first row must name the columns, with email or username among them, for example: email,name,group.",
                )
            ],
        ),
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


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("e-mail", "a@b.org"),
        ("Mail", "a@b.org"),
        ("Email  Address", "a@b.org"),
        ("e-mail address", "a@b.org"),
        ("USER", "ada"),
        ("username", "ada"),
    ],
)
def test_columns_have_other_names_too(header, row):
    [(_number, email, _name, username, _groups)] = rows(f"{header}\n{row}")
    assert (email or username) == row


def test_a_name_and_groups_have_other_names_too():
    for name, group in [("full name", "groups"), ("name", "section"), ("Name", "GROUP")]:
        assert rows(f"user;{name};{group}\nada; Ada  L ;A| |B  C") == [(2, "", "Ada L", "ada", ("A", "B C"))]


@pytest.mark.parametrize(
    "text",
    [
        "First name;Last name;E-Mail\nAda;King Lovelace;ada@example.org",
        "Given Name,Surname,Email\nAda,King Lovelace,ada@example.org",
        "email,name,first name,family name\nada@example.org,Ada King Lovelace,Augusta,Byron",
        "email,name,first name,family name\nada@example.org,,Ada,King Lovelace",
    ],
)
def test_a_name_may_be_in_two_columns(text):
    found = read_roster(text)
    assert ([row.name for row in found.rows], found.unused) == (["Ada King Lovelace"], ())


def test_a_list_is_read_whole():
    assert read_roster("\r\n\ufeffemail\n") == Roster(
        (),
        (
            RosterMistake(
                1,
                "The first row must name the columns, with email or username among them, for example: email,name,group.",
            ),
        ),
    )
    found = read_roster("\ufeff\nemail\tx\t\nb\t1\n\na@b.org\t2\t\t\n")
    assert found == Roster(
        (),
        (
            RosterMistake(2, "“b” is not an email address."),
            RosterMistake(4, "This row has more cells than the header."),
        ),
        ("x",),
    )
    assert read_roster("email\na@b.org") == Roster((RosterRow(2, "a@b.org", "", "", ()),), ())


def test_mistakes_come_in_the_order_of_the_rows():
    assert [number for number, _ in mistakes("email\na@b.org\na@b.org\nx\na@b.org")] == [3, 4, 5]
    assert mistakes("email,username\na@b.org,ada\na@b.org,ada\nc@b.org,ada") == [
        (3, "Row 2 has the same email."),
        (4, "Row 2 has the same username."),
    ]


def test_what_is_no_csv_is_named_with_its_line():
    [(line, sentence)] = mistakes(f'email\na@b.org\n"{"x" * 200_000}')
    assert (line, sentence.startswith("This is not CSV: "), sentence.endswith(".")) == (3, True, True)


@pytest.mark.parametrize(
    ("column", "text", "most"),
    [("email", "@b.org", 254), ("name", "", 200), ("username", "", 150), ("group", "", 80)],
)
def test_the_longest_that_fits(column, text, most):
    others = "" if column in ("email", "username") else "username,"
    ada = others and "ada,"
    fits = "x" * (most - len(text)) + text
    assert mistakes(f"{others}{column}\n{ada}{fits}") == []
    assert len(mistakes(f"{others}{column}\n{ada}x{fits}")) == 1


def test_only_an_apostrophe_before_a_formula_is_ours():
    assert [row[3] for row in rows("username,name\n'+a,'=1\n'-b,'b\n'@c,''\n")] == ["+a", "-b", "@c"]
    assert [row[2] for row in rows("username,name\na,'=1\nb,'b\nc,'\nd,'\t1\n")] == ["=1", "'b", "'", "1"]


def test_a_text_in_no_known_encoding_is_read_as_far_as_possible():
    assert decode_roster(b"\xff\xfea") == "\ufffd"
    assert decode_roster(b"\xfe\xff\x00a") == "a"
    assert decode_roster(b"\xef\xbb\xbfa") == "a"
    assert decode_roster(b"\x81\xe9") == "\ufffd\u00e9"


@pytest.mark.parametrize(
    ("names", "known", "alike"),
    [
        (["Monday", "monday"], [], ["“Monday” and “monday”"]),
        (["monday", "Lab B"], ["Monday", "MONDAY", "Lab B"], ["“MONDAY” and “Monday” and “monday”"]),
        (["STRASSE", "lab b"], ["Lab B", "Straße"], ["“Lab B” and “lab b”", "“STRASSE” and “Straße”"]),
        (["Monday"], ["Monday", "lab b", "Lab B"], []),
        ([], ["Monday", "monday"], []),
    ],
)
def test_groups_that_differ_only_in_capitals_are_named(names, known, alike):
    rest = " differ only in capitals, so they are separate groups."
    assert alike_groups(names, known) == [f"{quoted}{rest}" for quoted in alike]
