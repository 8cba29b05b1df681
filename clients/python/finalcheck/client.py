"""The client: one method for each API call. Refusals raise Problem. Percents and points stay strings."""

from collections.abc import Iterator
from typing import Any, TypedDict, Unpack, cast
from urllib.parse import quote

from finalcheck import shapes
from finalcheck.announcing import Announcing
from finalcheck.enrolling import Enrolling
from finalcheck.events import Event, follow
from finalcheck.extending import Extending
from finalcheck.policies import Policies
from finalcheck.regrading import RegradingLabs
from finalcheck.studying import StudyCalls


class TokenOptions(TypedDict, total=False):
    """The optional fields of a request for a token."""

    otp: str
    scopes: list[str]
    expires_in: int
    name: str


class Client(StudyCalls, RegradingLabs, Announcing, Enrolling, Extending, Policies):
    """A client for one person at one address. Pass `token` if you have one already."""

    # people

    def sign_in(self, username: str, password: str, **options: Unpack[TokenOptions]) -> shapes.NewToken:
        """Get a token and use it from now on. The options `otp`, `scopes`, `expires_in` and `name` are those of the API."""
        self.transport.token = ""
        token: shapes.NewToken = self.call("POST", "/tokens/", {"username": username, "password": password, **options})
        self.transport.token = token["token"]
        return token

    def tokens(self) -> Iterator[shapes.Token]:
        return self.pages("/tokens/")

    def revoke(self, token_id: str) -> None:
        self.call("DELETE", f"/tokens/{token_id}/")

    def me(self) -> shapes.Me:
        return cast(shapes.Me, self.call("GET", "/me/"))

    def calendar(self) -> shapes.Calendar:
        """Return the secret address of your calendar; its `url` is None until you create one."""
        return cast(shapes.Calendar, self.call("GET", "/me/calendar/"))

    def renew_calendar(self) -> shapes.Calendar:
        """Create the secret address of your calendar, or replace it."""
        return cast(shapes.Calendar, self.call("POST", "/me/calendar/"))

    def remove_calendar(self) -> None:
        self.call("DELETE", "/me/calendar/")

    # courses

    def courses(self) -> Iterator[shapes.Course]:
        return self.pages("/courses/")

    def outline(self, slug: str) -> shapes.Outline:
        return cast(shapes.Outline, self.call("GET", f"/courses/{slug}/"))

    def search(self, words: str) -> shapes.Search:
        """Find sections of lessons, steps of labs and terms of the glossary that contain every word."""
        return cast(shapes.Search, self.call("GET", "/search/", query={"q": words}))

    def enroll(self, slug: str, name: str = "", code: str = "", invitation: str = "") -> shapes.Enrollment:
        """Enroll. Some courses ask for a code, or for an invitation: the last part of the link's address."""
        values = {"name": name, "code": code, "invitation": invitation}
        body = {field: value for field, value in values.items() if value}
        return cast(shapes.Enrollment, self.call("POST", f"/courses/{slug}/enrollment/", body))

    def leave(self, slug: str) -> None:
        self.call("DELETE", f"/courses/{slug}/enrollment/")

    def progress(self, slug: str) -> shapes.Progress:
        return cast(shapes.Progress, self.call("GET", f"/courses/{slug}/progress/"))

    def export(self) -> shapes.Export:
        return cast(shapes.Export, self.call("GET", "/me/export/"))

    def order_export(self) -> shapes.Export:
        return cast(shapes.Export, self.call("POST", "/me/export/"))

    def archive_of_data(self) -> bytes:
        return cast(bytes, self.call("GET", "/me/export/data.zip"))

    def deletion(self) -> shapes.Deletion:
        return cast(shapes.Deletion, self.call("GET", "/me/deletion/"))

    def delete_account(self, password: str, otp: str = "") -> shapes.Deletion:
        """Ask for the deletion of your account. Until it is deleted, `keep_account` withdraws that."""
        return cast(shapes.Deletion, self.call("POST", "/me/deletion/", {"password": password, "otp": otp}))

    def keep_account(self) -> None:
        self.call("DELETE", "/me/deletion/")

    def statement(self, slug: str) -> shapes.Statement:
        """Return a signed statement of the grade. Store it as it is; `verify_statement.py` verifies it."""
        return cast(shapes.Statement, self.call("GET", f"/courses/{slug}/statement/"))

    def statement_keys(self) -> shapes.PublishedKeys:
        """Return the public keys with which this site signs or signed statements."""
        return cast(shapes.PublishedKeys, self.call("GET", "/statements/keys/"))

    def certificate(self, code: str) -> shapes.Certificate:
        return cast(shapes.Certificate, self.call("GET", f"/certificates/{code}/"))

    def lesson(self, lesson_id: str) -> shapes.Lesson:
        return cast(shapes.Lesson, self.call("GET", f"/lessons/{lesson_id}/"))

    def mark_done(self, lesson_id: str) -> None:
        self.call("POST", f"/lessons/{lesson_id}/done/")

    # questions

    def assessment(self, assessment_id: str) -> shapes.Assessment:
        return cast(shapes.Assessment, self.call("GET", f"/assessments/{assessment_id}/"))

    def save(self, question_id: str, response: object, revision: int = 0) -> shapes.Saved:
        """Save a response as a draft, which uses no attempt. `revision` is the revision of the last known save."""
        body = {"response": response, "revision": revision}
        return cast(shapes.Saved, self.call("PUT", f"/questions/{question_id}/draft/", body))

    def flag(self, question_id: str, is_flagged: bool = True) -> None:
        self.call("PUT", f"/questions/{question_id}/flag/", {"is_flagged": is_flagged})

    def check(
        self, question_id: str, response: object, number: int, button: str = "", version: int = 0
    ) -> shapes.Attempt:
        """Check a response, which uses attempt `number` (from 1). On the last attempt this is the Final Check.

        With `button="check"`, it is refused with `button_changed` if it would be the Final Check. With the `version` of
        the question that you read, it is refused with `question_changed` if another version would be graded.
        """
        named = {"button": button, "version": version}
        body = {"response": response, "number": number} | {name: value for name, value in named.items() if value}
        return cast(shapes.Attempt, self.call("POST", f"/questions/{question_id}/attempts/", body))

    def practice(self, question_id: str, response: object) -> shapes.Practice:
        """Check a response to a review question that is final. Nothing is stored, as often as you call it."""
        return cast(shapes.Practice, self.call("POST", f"/questions/{question_id}/practice/", {"response": response}))

    def report(self, question_id: str, text: str) -> None:
        self.call("POST", f"/questions/{question_id}/reports/", {"text": text})

    # the exam

    def start(self, assessment_id: str) -> shapes.Sitting:
        """Start the exam, or resume the running one with the same deadline."""
        return cast(shapes.Sitting, self.call("POST", f"/assessments/{assessment_id}/sitting/"))

    def rehearse(self, assessment_id: str) -> shapes.Sitting:
        """Start a rehearsal of the exam, or resume the running one. It counts for nothing; pass its `assessment` to others."""
        return cast(shapes.Sitting, self.call("POST", f"/assessments/{assessment_id}/rehearsal/"))

    def sitting(self, sitting_id: str) -> shapes.Sitting:
        return cast(shapes.Sitting, self.call("GET", f"/sittings/{sitting_id}/"))

    def resume(self, sitting_id: str) -> shapes.Sitting:
        """End a pause of the exam. Its deadline is later by the time of the pause."""
        return cast(shapes.Sitting, self.call("POST", f"/sittings/{sitting_id}/resume/"))

    def hand_in(self, sitting_id: str) -> shapes.Sitting:
        return cast(shapes.Sitting, self.call("POST", f"/sittings/{sitting_id}/submit/"))

    # labs

    def lab(self, lab_id: str) -> shapes.Lab:
        return cast(shapes.Lab, self.call("GET", f"/labs/{lab_id}/"))

    def save_lab(
        self, lab_id: str, cells: list[shapes.Cell], revision: int = 0, keeps_replaced: bool = False
    ) -> shapes.Saved:
        """Save your code.

        With `keeps_replaced`, or if you leave out a cell, the code that it replaces stays among the lab's versions.
        """
        body = {"cells": cells, "revision": revision, "keeps_replaced": keeps_replaced}
        return cast(shapes.Saved, self.call("PUT", f"/labs/{lab_id}/draft/", body))

    def run_lab(self, lab_id: str, cells: list[shapes.Cell], mode: str = "all", cell: str = "") -> shapes.Run:
        """Run one cell (mode `cell`), all cells (`all`), or the lab's tests (`test`)."""
        body = {"cells": cells, "mode": mode} | ({"cell": cell} if cell else {})
        return cast(shapes.Run, self.call("POST", f"/labs/{lab_id}/runs/", body))

    def lab_runs(self, lab_id: str) -> Iterator[shapes.RunRow]:
        """Yield your runs of this lab, newest first."""
        return self.pages(f"/labs/{lab_id}/runs/")

    def lab_versions(self, lab_id: str) -> list[shapes.LabVersion]:
        """Return the versions of your code that `save_lab` replaced and kept, newest first."""
        return cast(list[shapes.LabVersion], self.call("GET", f"/labs/{lab_id}/versions/"))

    def reset_lab(self, lab_id: str) -> None:
        """End the live session. The next run begins a new one; your code is kept."""
        self.call("DELETE", f"/labs/{lab_id}/session/")

    def notebook(self, lab_id: str) -> dict[str, object]:
        """Return your code as a Jupyter notebook."""
        return cast(dict[str, Any], self.call("GET", f"/labs/{lab_id}/notebook/"))

    def cells_of(self, lab_id: str, notebook: bytes) -> list[shapes.Cell]:
        """Convert a notebook file to cells of the lab. Nothing is stored until you call `save_lab`."""
        return cast(list[shapes.Cell], self.call("PUT", f"/labs/{lab_id}/notebook/", notebook)["cells"])

    def charts(self, lab_id: str) -> shapes.Charts:
        """Return the charts that the lab's code last wrote for TensorBoard."""
        return cast(shapes.Charts, self.call("GET", f"/labs/{lab_id}/charts/"))

    def files(self, lab_id: str) -> list[shapes.File]:
        """Return the list of files that you uploaded for the lab's code."""
        return cast(list[shapes.File], self.call("GET", f"/labs/{lab_id}/files/"))

    def file(self, lab_id: str, name: str) -> bytes:
        return cast(bytes, self.call("GET", f"/labs/{lab_id}/files/{quote(name)}"))

    def put_file(self, lab_id: str, name: str, content: bytes) -> shapes.File:
        return cast(shapes.File, self.call("PUT", f"/labs/{lab_id}/files/{quote(name)}", content))

    def remove_file(self, lab_id: str, name: str) -> None:
        self.call("DELETE", f"/labs/{lab_id}/files/{quote(name)}")

    def run_listing(
        self, lesson_id: str, listing: str, page: str, source: str = "", *, check: bool = False
    ) -> shapes.Run:
        """Run a listing of a lesson, or `source` in its place. Listings with the same `page` share a session.

        With `check`, the listing runs in a fresh process and its hidden test follows.
        """
        body: dict[str, object] = {"listing": listing, "page": page}
        body |= ({"source": source} if source else {}) | ({"check": True} if check else {})
        return cast(shapes.Run, self.call("POST", f"/lessons/{lesson_id}/runs/", body))

    def reset_listings(self, lesson_id: str, page: str) -> None:
        self.call("DELETE", f"/lessons/{lesson_id}/session/", query={"page": page})

    def run_code(self, code: str, runtime: str = "tf2") -> shapes.Run:
        return cast(shapes.Run, self.call("POST", "/runs/", {"code": code, "runtime": runtime}))

    def run(self, run_id: str) -> shapes.Run:
        return cast(shapes.Run, self.call("GET", f"/runs/{run_id}/"))

    def code_of(self, run_id: str) -> list[shapes.RanCell]:
        """Return the code of your own run, with the code that each cell had before."""
        return cast(shapes.RunCode, self.call("GET", f"/runs/{run_id}/code/"))["cells"]

    def outputs(self, run_id: str) -> Iterator[shapes.Output]:
        """Yield all outputs of a finished run. (`run` returns only the first page of them.)"""
        return self.pages(f"/runs/{run_id}/outputs/")

    def stop(self, run_id: str) -> shapes.Run:
        """Stop a run, and return it without its outputs."""
        return cast(shapes.Run, self.call("POST", f"/runs/{run_id}/stop/"))

    def events(self, run_id: str) -> Iterator[Event]:
        """Yield the events of a run as they happen."""
        return follow(self.transport, run_id)

    def left_files(self, run_id: str) -> list[shapes.LeftFile]:
        """Return the list of files that the run left in its folder."""
        return cast(list[shapes.LeftFile], self.call("GET", f"/runs/{run_id}/files/"))

    def left_file(self, run_id: str, name: str) -> bytes:
        return cast(bytes, self.call("GET", f"/runs/{run_id}/files/{quote(name)}"))

    # instructors, with a token that has the scope `staff`

    def visibility(self, slug: str) -> shapes.Visibility:
        """Return who sees the course."""
        return cast(shapes.Visibility, self.call("GET", f"/courses/{slug}/visibility/"))

    def set_visibility(self, slug: str, visibility: str) -> shapes.Visibility:
        """Set who sees the course: "listed", "private" or "hidden"."""
        return cast(shapes.Visibility, self.call("PUT", f"/courses/{slug}/visibility/", {"visibility": visibility}))

    def copy_course(self, slug: str, new_slug: str, title: str, days: int = 0, dry_run: bool = False) -> shapes.Copy:
        """Copy a course to a new term, hidden, with its dates moved by `days`. With `dry_run`, only preview it."""
        body = {"slug": new_slug, "title": title, "days": days, "dry_run": dry_run}
        return cast(shapes.Copy, self.call("POST", f"/courses/{slug}/copies/", body))

    def archive(self, slug: str) -> shapes.Archive:
        """Return since when the course is archived, or None."""
        return cast(shapes.Archive, self.call("GET", f"/courses/{slug}/archive/"))

    def archive_course(self, slug: str) -> shapes.Archive:
        """Make the course read-only. Exams that run must be over first."""
        return cast(shapes.Archive, self.call("PUT", f"/courses/{slug}/archive/"))

    def reopen_course(self, slug: str) -> None:
        """Undo the archiving."""
        self.call("DELETE", f"/courses/{slug}/archive/")

    def gradebook(self, slug: str, group: str = "") -> Iterator[shapes.GradebookRow]:
        """Yield the grades of all learners, or of a group."""
        return self.pages(f"/courses/{slug}/gradebook/", {"group": group} if group else {})

    def gradebook_csv(self, slug: str, group: str = "") -> str:
        query = {"format": "csv"} | ({"group": group} if group else {})
        return cast(str, self.call("GET", f"/courses/{slug}/gradebook/", query=query))

    def learner(self, slug: str, learner_id: str) -> shapes.LearnerDetail:
        return cast(shapes.LearnerDetail, self.call("GET", f"/courses/{slug}/learners/{learner_id}/"))

    def open_lab(self, slug: str, learner_id: str, lab_id: str, reason: str) -> str:
        """Open a learner's work in a lab, with a reason that the audit keeps. Return until when it is open to you."""
        return str(
            self.call("POST", f"/courses/{slug}/learners/{learner_id}/labs/{lab_id}/", {"reason": reason})["open_until"]
        )

    def learner_runs(self, slug: str, learner_id: str, lab_id: str) -> Iterator[shapes.RunRow]:
        """Yield a learner's runs of a lab that you opened, newest first."""
        return self.pages(f"/courses/{slug}/learners/{learner_id}/labs/{lab_id}/runs/")

    def learner_run(self, slug: str, learner_id: str, lab_id: str, run_id: str) -> shapes.LearnerRun:
        """Return one run of a lab that you opened: code, code before, tests, and the first page of outputs."""
        path = f"/courses/{slug}/learners/{learner_id}/labs/{lab_id}/runs/{run_id}/"
        return cast(shapes.LearnerRun, self.call("GET", path))

    def learner_outputs(self, slug: str, learner_id: str, lab_id: str, run_id: str) -> Iterator[shapes.Output]:
        """Yield all outputs of a run of a lab that you opened."""
        return self.pages(f"/courses/{slug}/learners/{learner_id}/labs/{lab_id}/runs/{run_id}/outputs/")

    def certificates(self, slug: str) -> Iterator[shapes.CertificateRow]:
        return self.pages(f"/courses/{slug}/certificates/")

    def regrades(self, slug: str) -> Iterator[shapes.Regrade]:
        return self.pages(f"/courses/{slug}/regrades/")

    def regrade(self, slug: str, regrade_id: str) -> shapes.Regrade:
        """Return one regrade, and how many grades have been updated so far."""
        return cast(shapes.Regrade, self.call("GET", f"/courses/{slug}/regrades/{regrade_id}/"))

    def releases(self, slug: str) -> shapes.ReleaseStates:
        """Return from when on learners see the keys of each assessment, and what was released."""
        return cast(shapes.ReleaseStates, self.call("GET", f"/courses/{slug}/releases/"))

    def late_policies(self, slug: str) -> shapes.LatePolicies:
        """Return how late answers count in the course, in each of its assessments and in each graded lab."""
        return cast(shapes.LatePolicies, self.call("GET", f"/courses/{slug}/late-policies/"))

    def set_late_policy(
        self,
        slug: str,
        assessment: str | None,
        policy: dict[str, int] | None,
        *,
        dry_run: bool = False,
        expected: str = "",
    ) -> shapes.LateChange:
        """Change the late policy of the course (None), an assessment or a lab. Grades move only with a preview's `expected`."""
        body = {"assessment": assessment, "policy": policy, "dry_run": dry_run, "expected": expected}
        return cast(shapes.LateChange, self.call("POST", f"/courses/{slug}/late-policies/", body))

    def correct(self, slug: str, what: str, body: dict[str, object]) -> object:
        """Post a correction (`what` is "overrides", "pauses", "releases", "voids/undo", …). With `dry_run` in the body, only preview it."""
        return self.call("POST", f"/courses/{slug}/{what}/", body)
