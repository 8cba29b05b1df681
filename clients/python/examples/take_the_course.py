"""Take a whole course from the command line: enroll, read, answer, run a lab, sit the exam and print the grade.

    python take_the_course.py http://localhost:8000 learner --course deep-learning-with-tensorflow

It guesses every response, so expect a low grade. It reads the password from FINALCHECK_PASSWORD, or asks for it.
"""

import argparse
import getpass
import os
import sys

from finalcheck import Client, Problem, guess
from finalcheck.shapes import Outline, OutlineAssessment, Progress


def main() -> int:
    options = read_options()
    api = Client(options.address)
    try:
        api.sign_in(options.username, os.environ.get("FINALCHECK_PASSWORD") or getpass.getpass())
        take(api, options.course, options.name)
    except Problem as problem:
        print(problem.detail, file=sys.stderr)
        return 1
    return 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Take a course over the API.")
    parser.add_argument("address", help="the address of Finalcheck, such as http://localhost:8000")
    parser.add_argument("username")
    parser.add_argument("--course", default="deep-learning-with-tensorflow", help="the slug of the course")
    parser.add_argument("--name", default="A Program", help="the full name for the certificate")
    return parser.parse_args()


def take(api: Client, slug: str, name: str) -> None:
    api.enroll(slug, name)
    outline = api.outline(slug)
    print(f"{outline['title']}: {len(outline['modules'])} parts")
    read_lessons(api, outline)
    assessments = [assessment for module in outline["modules"] for assessment in module["assessments"]]
    for review in (assessment for assessment in assessments if assessment["kind"] == "review"):
        answer_review(api, review)
    run_first_lab(api, outline)
    for exam in (assessment for assessment in assessments if assessment["kind"] == "exam"):
        sit_exam(api, exam)
    print_progress(api.progress(slug))


def read_lessons(api: Client, outline: Outline) -> None:
    lessons = [lesson for module in outline["modules"] for lesson in module["lessons"]]
    words = 0
    for lesson in lessons:
        words += len(api.lesson(lesson["id"])["source"].split())
        api.mark_done(lesson["id"])
    print(f"read {len(lessons)} lessons, {words} words")


def answer_review(api: Client, review: OutlineAssessment) -> None:
    """Check each question until it is final: after a right response, or after the last attempt."""
    right = 0
    questions = api.assessment(review["id"])["questions"]
    for question in questions:
        number, is_final = question["attempts_used"], question["is_final"]
        while not is_final:
            number += 1
            outcome = api.check(question["id"], guess(question, number - 1), number)
            is_final, right = outcome["is_final"], right + outcome["is_correct"]
    print(f"{review['title']}: {right} of {len(questions)} right")


def run_first_lab(api: Client, outline: Outline) -> None:
    labs = [lab for module in outline["modules"] for lab in module["labs"]]
    if not labs:
        return
    lab = api.lab(labs[0]["id"])
    code = [cell for cell in lab["cells"] if cell["type"] == "code"]
    run = api.run_lab(lab["id"], [{"id": cell["id"], "source": cell["source"]} for cell in code])
    print(f"{lab['title']}: run {run['id']}")
    for event in api.events(run["id"]):
        if event.kind == "frame":
            print(event.text, end="")
        elif event.kind == "finished":
            print(f"{lab['title']}: {event.data['verdict']}")


def sit_exam(api: Client, exam: OutlineAssessment) -> None:
    """Save a response to each question, check the first one, and hand in. Saved responses are graded then."""
    sitting = api.start(exam["id"])
    questions = api.assessment(exam["id"])["questions"]
    print(f"{exam['title']}: {len(questions)} questions until {sitting['deadline_at'] or 'you hand in'}")
    for question in questions:
        api.save(question["id"], guess(question))
    api.check(questions[0]["id"], guess(questions[0]), 1)
    api.hand_in(sitting["id"])


def print_progress(progress: Progress) -> None:
    for item in progress["items"]:
        print(f"{item['title']}: {item['percent']} % ({item['points_earned']} of {item['points_possible']})")
    overall = progress["overall"]
    print(f"overall: {overall['percent']} %, {'passed' if overall['passed'] else 'not passed'}")


if __name__ == "__main__":
    sys.exit(main())
