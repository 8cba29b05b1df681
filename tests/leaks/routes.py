"""Every route of the URLconf and how to fill its parameters. A route with a parameter that nobody can fill is an error."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.apps import apps
from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, get_resolver

from course.models import Lesson
from tests.leaks.world import World

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
NOTHING = "99999999"  # the id of nothing
# Addresses that are not asked, with the reason.
LEFT_OUT = {
    "admin:jsi18n": "a script of Django's own, the same for everyone",
}
# What a route is asked for besides its plain address.
QUERIES = {
    "search": ["", "?q=tensor", "?q=answer"],
    "palette": ["", "?course=leaks"],
    "api-search": ["?q=tensor", "?q=answer"],
    "api-gradebook": ["", "?format=csv"],
    "roster": ["", "?show=left", "?show=unmailed"],
    "gradebook": ["", "?words=zq", "?group=Monday", "?show=left"],
}
# Addresses that Django cannot write as a template.
TEMPLATES = {"admin:course_lesson_simple_history": "/admin/course/lesson/<object_id>/history/<history_id>/"}


@dataclass(frozen=True)
class Route:
    """`name` is that of the URLconf, with its namespace; `template` names each parameter: "/lessons/<lesson_id>/"."""

    name: str
    template: str

    @property
    def parameters(self) -> list[str]:
        return PARAMETER.findall(self.template)

    def fill(self, values: dict[str, Any]) -> str:
        return PARAMETER.sub(lambda found: str(values[found[1]]), self.template)


def all_routes() -> list[Route]:
    """Return every route of the URLconf once, also those of Django's admin, of allauth and of the API."""
    found = dict.fromkeys(
        Route(name, TEMPLATES.get(name) or simplify_regex(template))
        for template, name in walk(get_resolver().url_patterns)
    )
    return [route for route in found if route.name not in LEFT_OUT]


def walk(patterns: Any, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    for each in patterns:
        template = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield template, f"{space}{each.name or template}"
        else:
            yield from walk(each.url_patterns, template, f"{each.namespace}:" if each.namespace else space)


def addresses(route: Route, world: World) -> list[str]:
    """Return the addresses of a route about the world's people and things."""
    queries = QUERIES.get(route.name, [""])
    choices = [values_of(route, name, world) for name in route.parameters]
    filled = [route.fill(dict(zip(route.parameters, values, strict=True))) for values in product(*choices)]
    return [f"{address}{query}" for address in filled for query in queries]


def missing_address(route: Route, world: World) -> str | None:
    """Return an address of this route about nothing that exists, or None if the route has no parameters."""
    if not route.parameters:
        return None
    known = {"slug": [world.ids["slug"]], "app_label": ["course"]}
    return route.fill({name: known.get(name, [NOTHING])[0] for name in route.parameters})


def values_of(route: Route, name: str, world: World) -> list[Any]:
    """Return the values of a parameter. Raises LookupError if nobody has defined them."""
    if route.name.startswith("admin:") and name == "object_id":
        return world.kept(f"{route.name} of the admin", lambda: admin_ids(route.name))
    special = world.kept("special values", lambda: special_values(world))
    plain = world.kept("plain values", lambda: plain_values(world))
    found = special.get((route.name, name)) or plain.get(name)
    if not found:
        raise LookupError(f"Say in tests/leaks/routes.py what the parameter {name} of {route} may be.")
    return found


def admin_ids(name: str) -> list[Any]:
    """Return the ids of some rows of the model that this page of the admin shows."""
    app, _, model = name.removeprefix("admin:").partition("_")
    for each in apps.get_models():
        if each._meta.app_label == app and model.startswith(f"{each._meta.model_name}_"):
            return [*each._default_manager.order_by("-pk").values_list("pk", flat=True)[:2]] or [NOTHING]
    return [NOTHING]


def special_values(world: World) -> dict[tuple[str, str], list[Any]]:
    """Return the values of parameters that mean something else in one route than in the others."""
    ids, people = world.ids, world.people
    exam, review = ids["exam"], ids["review"]
    secrets = {secret.kind: value for value, secret in world.secrets.items() if secret.of in ("ada", "leaks")}
    files = list(ids["course"].files.all())
    version = Lesson.objects.order_by("-pk")[0].history.first()
    return {
        ("join", "token"): [secrets["invitation"]],
        ("invited", "token"): [secrets["invitedtoken"]],
        ("listed_address", "token"): [secrets["listedtoken"]],
        ("calendar", "token"): [secrets["calendar"]],
        ("unsubscribe", "token"): [secrets["unsubscribing"]],
        ("history", "assessment_id"): [review, exam, ids["held"]],
        ("start", "assessment_id"): [exam],
        ("api-start", "assessment_id"): [exam],
        ("rehearse", "assessment_id"): [exam],
        ("api-rehearse", "assessment_id"): [exam],
        ("hand_in", "assessment_id"): [exam],
        ("exam_question", "assessment_id"): [exam],
        ("seen", "assessment_id"): [exam],
        ("course_page", "kind"): ["lesson", "lab"],
        ("course_page", "key"): ["later", "tiny"],
        ("course_file", "path"): ["01-first/labs/tiny/probes.py", *(each.path for each in files[:2])],
        ("course_file", "digest"): ["0" * 16],
        ("api-lab-file", "name"): [f"zqfile0{name}0qz.csv" for name in ("ada", "bob")],
        ("api-run-file", "name"): ["zqfile0ada0leftqz.npy"],
        ("account_confirm_email", "key"): ["nothing"],
        ("account_reset_password_from_key", "key"): ["set-password"],
        ("admin:auth_user_password_change", "id"): [people["ada"].pk],
        ("admin:app_list", "app_label"): ["course", "quizzes"],
        ("admin:course_lesson_simple_history", "history_id"): [version.history_id],
    }


def plain_values(world: World) -> dict[str, list[Any]]:
    """Return the values of parameters by name, wherever it occurs."""
    ids, people, questions = world.ids, world.people, world.questions
    asked = [questions[key].pk for key in ("word", ids.get("term", "terma"), ids.get("pick", "picka"), "untouched")]
    asked += [
        questions[key].pk
        for key in ("values", "drawn", "termb" if ids.get("term") == "terma" else "terma", "unopened", "held")
    ]
    return {
        "slug": [ids["slug"]],
        "lesson_id": list(ids["lessons"].values()),
        "lab_id": [ids["lab_id"]],
        "note_id": ["noteofada", "noteofbob"],
        "assessment_id": [ids["review"], ids["exam"], ids["unopened"], ids["held"]],
        "question_id": asked,
        "column_id": [ids["column_id"]],
        "column_key": ["oral"],
        "learner_id": [people["ada"].pk, people["bob"].pk],
        "staff_id": [people["observer"].pk],
        "position": [1, 2, 3],
        "sitting_id": [ids.get("sitting_id", NOTHING)],
        "run_id": [ids.get("run_id", NOTHING), *ids["runs"]],
        "report_id": [ids["report_id"]],
        "request_id": [ids["request_id"]],
        "regrade_id": [ids.get("regrade_id", NOTHING)],
        "retest_id": [ids.get("retest_id", NOTHING)],
        "lab_regrade_id": [ids.get("lab_regrade_id", NOTHING)],
        "announcement_id": world.ids["announcements"],
        "invitation_id": [ids["invitation"].pk],
        "personal_invitation_id": [ids["personal_invitation"].pk],
        "token_id": [people["ada"].auth_token_set.get().pk],
        "code": [ids["code"]],
        "folder": ["01-first/labs/tiny"],
        "section": ["01-first", "nothing"],
        "path": ["01-first/10-open.md", "01-first/review.yaml", "exam/pool-first.yaml", "01-first/labs/tiny/probes.py"],
        "pk": [1],
        "uidb36": ["1"],
        "content_type_id": [1],
        "object_id": [1],
        "url": ["nothing"],
    }
