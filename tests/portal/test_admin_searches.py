"""The address of a list in the admin finds out nothing that the list does not show."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse

from accounts.models import User
from people.models import Enrollment
from quizzes.models import QuestionVersion
from records.models import Seal
from tests import factories as make

pytestmark = pytest.mark.django_db

# What no list tells, by the model that has it: passwords, tokens, salts, keys, what factors and sessions hold, tests and
# solutions of labs, keys of questions, and instructors' private notes. No relation leads to learners' notes
# or to drafts.
SECRETS = {
    "user": ["password"],
    "apitoken": ["digest", "token_key"],
    "invitation": ["token"],
    "calendarfeed": ["token"],
    "seal": ["salt"],
    "course": ["join_code"],
    "authenticator": ["data"],
    "usersession": ["session_key", "data"],
    "lab": ["probes", "solution", "files"],
    "retest": ["probes", "files"],
    "questionversion": ["secret", "source", "explanation"],
    "sitting": ["seed"],
    "extraattemptsnote": ["text"],
    "accommodationnote": ["text"],
    "dateextensionnote": ["text"],
    "textversion": ["text"],
}
STEPS = 3  # relations that an address follows from the row of a list
MODELS = list(admin.site._registry)
OF_INSTRUCTORS = [model for model in MODELS if getattr(admin.site._registry[model], "course_path", "")]


def paths_to_secrets(model: type[Model]) -> Iterator[tuple[str, str]]:
    """Yield a secret's model, and the shortest lookup to it from a row of the list, over relations in either direction."""
    seen, edge = {model}, [(model, "")]
    for _ in range(STEPS + 1):
        further = []
        for here, path in edge:
            named = here._meta.model_name
            yield from ((named, f"{path}{name}") for name in SECRETS.get(named, []))
            for field in here._meta.get_fields():
                if field.is_relation and field.related_model and field.related_model not in seen:
                    seen.add(field.related_model)
                    further.append((field.related_model, f"{path}{field.name}__"))
        edge = further


def page_of(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def answers(client, model: type[Model]) -> dict[str, int]:
    """Return the status of a search by each secret: by its beginning, and by the whole of it."""
    asked = [f"{path}{ending}" for _, path in paths_to_secrets(model) for ending in ("__startswith=a", "=a")]
    return {each: client.get(f"{page_of(model)}?{each}").status_code for each in asked}


def test_every_secret_is_on_the_way_of_some_list():
    assert {named for model in MODELS for named, _ in paths_to_secrets(model)} == set(SECRETS)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_search_by_a_secret_is_answered_even_to_an_administrator(client, model):
    client.force_login(make.make_user(is_staff=True, is_superuser=True))
    assert {each: status for each, status in answers(client, model).items() if status != 400} == {}


@pytest.mark.parametrize("model", OF_INSTRUCTORS, ids=lambda model: model.__name__)
def test_no_search_by_a_secret_is_answered_to_an_instructor(client, model):
    teacher = make.make_user(is_staff=True)
    Enrollment.objects.create(user=teacher, course=make.make_course(), role="instructor", enrolled_at=make.NOW)
    client.force_login(teacher)
    assert {each: status for each, status in answers(client, model).items() if status != 400} == {}


@pytest.mark.parametrize(
    ("model", "asked"),
    [
        (User, "password__startswith=pbkdf2"),
        (Seal, "salt__gte=0"),
        (Seal, "kind__startswith=a"),
        (Seal, "kind__exact__regex=a"),
        (QuestionVersion, "type__in__contains=n"),
        (User, "nothing=1"),
        (User, "is_staff__exact=1&password__endswith=1"),
    ],
)
def test_right_and_wrong_guesses_get_the_same_answer(client, model, asked):
    client.force_login(make.make_user(is_staff=True, is_superuser=True))
    found = client.get(f"{page_of(model)}?{asked}")
    other = client.get(f"{page_of(model)}?{asked}x")
    assert (found.status_code, other.status_code) == (400, 400)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_filter_that_a_page_shows_works(client, model):
    client.force_login(make.make_user(is_staff=True, is_superuser=True))
    changes = client.get(page_of(model)).context["cl"]
    shown = [choice["query_string"] for each in changes.filter_specs for choice in each.choices(changes)]
    assert {client.get(f"{page_of(model)}{each}").status_code for each in shown} <= {200}
