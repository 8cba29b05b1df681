"""Each call of the API as a method. Problems are raised; percents and points stay the strings that they are."""

from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import quote

from finalcheck import shapes
from finalcheck.events import Event, follow
from finalcheck.transport import Transport


class Client:
    """For one person at one address; `token` where there is one already."""

    def __init__(self, address: str, token: str = "") -> None:
        self.transport = Transport(address, token)

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """Any call by its address below /api/v1: what has no method here yet."""
        return self.transport.call(method, path, body, **options)

    def pages(self, path: str) -> Iterator[Any]:
        """The rows of a list, page after page."""
        page = self.call("GET", path)
        yield from page["results"]
        while page["next"]:
            page = self.call("GET", f"{path}?{page['next'].partition('?')[2]}")
            yield from page["results"]

    # people

    def sign_in(self, username: str, password: str, **options: Any) -> shapes.NewToken:
        """Get a token and use it; `otp`, `scopes`, `expires_in` and `name` as the API takes them."""
        self.transport.token = ""
        found: shapes.NewToken = self.call("POST", "/tokens/", {"username": username, "password": password, **options})
        self.transport.token = found["token"]
        return found

    def tokens(self) -> Iterator[shapes.Token]:
        return self.pages("/tokens/")

    def revoke(self, token_id: str) -> None:
        self.call("DELETE", f"/tokens/{token_id}/")

    def me(self) -> shapes.Me:
        return cast(shapes.Me, self.call("GET", "/me/"))

    # courses

    def courses(self) -> Iterator[shapes.Course]:
        return self.pages("/courses/")

    def outline(self, slug: str) -> shapes.Outline:
        return cast(shapes.Outline, self.call("GET", f"/courses/{slug}/"))

    def enroll(self, slug: str, name: str = "") -> shapes.Enrollment:
        body = {"name": name} if name else {}
        return cast(shapes.Enrollment, self.call("POST", f"/courses/{slug}/enrollment/", body))

    def leave(self, slug: str) -> None:
        self.call("DELETE", f"/courses/{slug}/enrollment/")

    def progress(self, slug: str) -> shapes.Progress:
        return cast(shapes.Progress, self.call("GET", f"/courses/{slug}/progress/"))

    def certificate(self, code: str) -> shapes.Certificate:
        return cast(shapes.Certificate, self.call("GET", f"/certificates/{code}/"))

    def lesson(self, lesson_id: str) -> shapes.Lesson:
        return cast(shapes.Lesson, self.call("GET", f"/lessons/{lesson_id}/"))

    def mark_done(self, lesson_id: str) -> None:
        self.call("POST", f"/lessons/{lesson_id}/done/")

    # questions

    def assessment(self, assessment_id: str) -> shapes.Assessment:
        return cast(shapes.Assessment, self.call("GET", f"/assessments/{assessment_id}/"))

    def save(self, question_id: str, response: Any, revision: int = 0) -> shapes.Saved:
        """Keep a response without spending an attempt; `revision` is that of the last save one knows."""
        body = {"response": response, "revision": revision}
        return cast(shapes.Saved, self.call("PUT", f"/questions/{question_id}/draft/", body))

    def flag(self, question_id: str, is_flagged: bool = True) -> None:
        self.call("PUT", f"/questions/{question_id}/flag/", {"is_flagged": is_flagged})

    def check(self, question_id: str, response: Any, number: int) -> shapes.Attempt:
        """Check, or Final Check: `number` is the attempt that one means to spend, from 1."""
        body = {"response": response, "number": number}
        return cast(shapes.Attempt, self.call("POST", f"/questions/{question_id}/attempts/", body))

    def report(self, question_id: str, text: str) -> None:
        self.call("POST", f"/questions/{question_id}/reports/", {"text": text})

    # the exam

    def start(self, assessment_id: str) -> shapes.Sitting:
        """Start the exam, or resume the one that runs, with the same deadline."""
        return cast(shapes.Sitting, self.call("POST", f"/assessments/{assessment_id}/sitting/"))

    def sitting(self, sitting_id: str) -> shapes.Sitting:
        return cast(shapes.Sitting, self.call("GET", f"/sittings/{sitting_id}/"))

    def hand_in(self, sitting_id: str) -> shapes.Sitting:
        return cast(shapes.Sitting, self.call("POST", f"/sittings/{sitting_id}/submit/"))

    # labs

    def lab(self, lab_id: str) -> shapes.Lab:
        return cast(shapes.Lab, self.call("GET", f"/labs/{lab_id}/"))

    def save_lab(self, lab_id: str, cells: list[shapes.Cell], revision: int = 0) -> shapes.Saved:
        body = {"cells": cells, "revision": revision}
        return cast(shapes.Saved, self.call("PUT", f"/labs/{lab_id}/draft/", body))

    def run_lab(self, lab_id: str, cells: list[shapes.Cell], mode: str = "all", cell: str = "") -> shapes.Run:
        """Run one cell (mode `cell`), all of them (`all`), or the lab's tests (`test`)."""
        body = {"cells": cells, "mode": mode} | ({"cell": cell} if cell else {})
        return cast(shapes.Run, self.call("POST", f"/labs/{lab_id}/runs/", body))

    def lab_runs(self, lab_id: str) -> Iterator[shapes.RunRow]:
        """One's own runs, the newest first."""
        return self.pages(f"/labs/{lab_id}/runs/")

    def reset_lab(self, lab_id: str) -> None:
        """End the live session; the next run begins a new one. What was typed stays."""
        self.call("DELETE", f"/labs/{lab_id}/session/")

    def notebook(self, lab_id: str) -> dict[str, Any]:
        """One's draft as a Jupyter notebook."""
        return cast(dict[str, Any], self.call("GET", f"/labs/{lab_id}/notebook/"))

    def cells_of(self, lab_id: str, notebook: bytes) -> list[shapes.Cell]:
        """The code of a notebook's file as cells of the lab; `save_lab` keeps them."""
        return cast(list[shapes.Cell], self.call("PUT", f"/labs/{lab_id}/notebook/", notebook)["cells"])

    def charts(self, lab_id: str) -> shapes.Charts:
        """What the lab's code last wrote for TensorBoard."""
        return cast(shapes.Charts, self.call("GET", f"/labs/{lab_id}/charts/"))

    def files(self, lab_id: str) -> list[shapes.File]:
        """One's own files, which lie beside the lab's code."""
        return cast(list[shapes.File], self.call("GET", f"/labs/{lab_id}/files/"))

    def file(self, lab_id: str, name: str) -> bytes:
        return cast(bytes, self.call("GET", f"/labs/{lab_id}/files/{quote(name)}"))

    def put_file(self, lab_id: str, name: str, content: bytes) -> shapes.File:
        return cast(shapes.File, self.call("PUT", f"/labs/{lab_id}/files/{quote(name)}", content))

    def remove_file(self, lab_id: str, name: str) -> None:
        self.call("DELETE", f"/labs/{lab_id}/files/{quote(name)}")

    def run_listing(self, lesson_id: str, listing: str, page: str, source: str = "") -> shapes.Run:
        """Run a lesson's listing, as it stands or as `source`; listings with the same `page` share a session."""
        body = {"listing": listing, "page": page} | ({"source": source} if source else {})
        return cast(shapes.Run, self.call("POST", f"/lessons/{lesson_id}/runs/", body))

    def reset_listings(self, lesson_id: str, page: str) -> None:
        self.call("DELETE", f"/lessons/{lesson_id}/session/", query={"page": page})

    def run_code(self, code: str, runtime: str = "tf2") -> shapes.Run:
        return cast(shapes.Run, self.call("POST", "/runs/", {"code": code, "runtime": runtime}))

    def run(self, run_id: str) -> shapes.Run:
        return cast(shapes.Run, self.call("GET", f"/runs/{run_id}/"))

    def stop(self, run_id: str) -> shapes.Run:
        return cast(shapes.Run, self.call("POST", f"/runs/{run_id}/stop/"))

    def events(self, run_id: str) -> Iterator[Event]:
        """What the run does, as it does it."""
        return follow(self.transport, run_id)

    def left_files(self, run_id: str) -> list[shapes.LeftFile]:
        """What the run left in its folder."""
        return cast(list[shapes.LeftFile], self.call("GET", f"/runs/{run_id}/files/"))

    def left_file(self, run_id: str, name: str) -> bytes:
        return cast(bytes, self.call("GET", f"/runs/{run_id}/files/{quote(name)}"))

    # instructors, with a token that has the scope `staff`

    def gradebook(self, slug: str) -> Iterator[shapes.GradebookRow]:
        return self.pages(f"/courses/{slug}/gradebook/")

    def gradebook_csv(self, slug: str) -> str:
        return cast(str, self.call("GET", f"/courses/{slug}/gradebook/", query={"format": "csv"}))

    def learner(self, slug: str, learner_id: str) -> shapes.LearnerDetail:
        return cast(shapes.LearnerDetail, self.call("GET", f"/courses/{slug}/learners/{learner_id}/"))

    def certificates(self, slug: str) -> Iterator[shapes.CertificateRow]:
        return self.pages(f"/courses/{slug}/certificates/")

    def regrades(self, slug: str) -> Iterator[shapes.Regrade]:
        return self.pages(f"/courses/{slug}/regrades/")

    def regrade(self, slug: str, regrade_id: str) -> shapes.Regrade:
        """One of them, and how far the grades have followed."""
        return cast(shapes.Regrade, self.call("GET", f"/courses/{slug}/regrades/{regrade_id}/"))

    def correct(self, slug: str, what: str, body: dict[str, Any]) -> Any:
        """Do `what` ("overrides", "voids/undo", …) in a course; with `dry_run` in the body, be told what it would do."""
        return self.call("POST", f"/courses/{slug}/{what}/", body)
