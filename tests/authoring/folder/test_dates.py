"""Dates in a folder: read in the course's time zone, checked for their order, named with file and line."""

from datetime import UTC, datetime

from course.rules.schedule import UNDATED, Dates
from course.rules.texts import content_digest
from tests.authoring.folder.nasty import nasty_files, read

ZONE = "timezone: Europe/Berlin\n"


def dated(**added: str) -> dict[str, bytes]:
    """Return the nasty course with lines added at the end of files: head, module, exam."""
    paths = {"head": "course.yaml", "module": "01-first/module.yaml", "exam": "exam/exam.yaml"}
    files = dict(nasty_files())
    for name, lines in added.items():
        files[paths[name]] = files[paths[name]].rstrip() + b"\n" + lines.encode()
    return files


def mistakes(**added: str) -> list[str]:
    return [str(mistake) for mistake in read(dated(**added)).mistakes]


def last_line(path: str, more: int) -> int:
    return nasty_files()[path].rstrip().count(b"\n") + 1 + more


def test_dates_are_read_in_the_courses_time_zone():
    text = read(
        dated(
            head=f"{ZONE}opens: 2027-01-04 08:00\ncloses: 2027-07-31 23:59\n",
            module="due: 2027-07-01 12:00\nreview: {closes: 2027-07-02 12:00}\n",
            exam="opens: 2027-07-05 08:00\n",
        )
    )
    assert text.mistakes == ()
    head, module = text.course, next(each for each in text.course.modules if each.key == "first")
    assert (head.timezone, head.opens_at, head.due_at, head.closes_at) == (
        "Europe/Berlin",
        datetime(2027, 1, 4, 7, tzinfo=UTC),
        None,
        datetime(2027, 7, 31, 21, 59, tzinfo=UTC),
    )
    assert (module.opens_at, module.due_at, module.closes_at) == (None, datetime(2027, 7, 1, 10, tzinfo=UTC), None)
    own = {each.key: Dates(each.opens_at, each.due_at, each.closes_at) for each in text.assessments}
    assert own == {
        "first-review": Dates(closes_at=datetime(2027, 7, 2, 10, tzinfo=UTC)),
        "second-review": UNDATED,
        "final-exam": Dates(opens_at=datetime(2027, 7, 5, 6, tzinfo=UTC)),
    }


def test_without_a_time_zone_dates_are_in_utc():
    assert read(dated(head="opens: 2027-07-01 08:00\n")).course.opens_at == datetime(2027, 7, 1, 8, tzinfo=UTC)


def test_a_time_that_clocks_skip_is_a_mistake_and_one_that_they_repeat_favors_learners():
    assert mistakes(head=f"{ZONE}opens: 2027-03-28 02:30\n") == [
        f"course.yaml:{last_line('course.yaml', 2)}: “opens” is a time that clocks in Europe/Berlin skip; write another."
    ]
    twice = read(dated(head=f"{ZONE}opens: 2027-10-31 02:30\ncloses: 2027-10-31 02:30\n"))
    assert twice.mistakes == ()
    assert twice.course.opens_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert twice.course.closes_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_what_is_no_date_and_no_zone_is_a_mistake():
    head, exam = last_line("course.yaml", 1), last_line("exam/exam.yaml", 1)
    assert mistakes(head="timezone: Berlin\nopens: tomorrow\n", exam="due: 2027-03-01\n") == [
        f"course.yaml:{head}: “timezone” needs the name of a time zone, such as Europe/Berlin.",
        f"course.yaml:{head + 1}: “opens” needs a date and a time, such as 2027-03-01 23:59.",
        f"exam/exam.yaml:{exam}: “due” needs a date and a time, such as 2027-03-01 23:59.",
    ]


def test_a_date_that_some_time_zones_cannot_show_is_a_mistake():
    head, module = last_line("course.yaml", 2), last_line("01-first/module.yaml", 1)
    first, last = "0001-01-01 00:00", "9999-12-31 23:59"
    told = "needs a year from 2000 to 8999."
    assert mistakes(head=f"{ZONE}opens: {first}\n") == [f"course.yaml:{head}: “opens” {told}"]
    assert mistakes(head=ZONE, module=f"review: {{closes: {last}}}\n")[0] == (
        f"01-first/module.yaml:{module}: “closes” {told}"
    )
    assert mistakes(head=f"{ZONE}opens: 2000-01-01 00:00\ncloses: 8999-12-31 23:59\n") == []


def test_dates_out_of_order_are_a_mistake_also_across_files():
    told = "“opens” must come before “due” and “closes”, and “due” must not come after “closes”"
    line = last_line("course.yaml", 1)
    assert mistakes(head="due: 2027-03-02 08:00\ncloses: 2027-03-01 08:00\n") == [f"course.yaml:{line}: {told}."]
    line = last_line("exam/exam.yaml", 1)
    around = " (the dates of the course and the module count too)"
    assert mistakes(head="closes: 2027-03-01 08:00\n", exam="opens: 2027-03-01 08:00\n") == [
        f"exam/exam.yaml:{line}: {told}{around}."
    ]


def test_dates_for_review_questions_that_do_not_exist_are_a_mistake():
    files = dict(nasty_files())
    files["summary/module.yaml"] = files["summary/module.yaml"].rstrip() + b"\nreview: {due: 2027-03-01 08:00}\n"
    line = last_line("summary/module.yaml", 1)
    assert [str(each) for each in read(files).mistakes] == [
        f"summary/module.yaml:{line}: “review” is about review.yaml, which is not in this folder."
    ]


def test_a_course_without_dates_keeps_the_digests_that_were_stored_before_dates_existed():
    """Otherwise an upgrade would load every text again, and keep every text that was edited on the site."""
    course = read(nasty_files()).course
    said = {"timezone", "opens_at", "due_at", "closes_at"}
    digests = {content_digest(each) for each in (course, *course.modules)}
    assert digests == {
        content_digest(each) for each in (without(course, said), *(without(m, said) for m in course.modules))
    }


def without(text: object, names: set[str]) -> object:
    """Return the text as an earlier release knew it, without these fields."""
    from dataclasses import field, fields, make_dataclass

    kept = [each for each in fields(text) if each.name not in names]
    known = make_dataclass("Known", [(each.name, object, field(metadata=dict(each.metadata))) for each in kept])
    return known(**{each.name: getattr(text, each.name) for each in kept})
