import pytest

from people.services import set_groups
from quizzes.models import Sitting
from quizzes.services import start_sitting
from tests import factories as make


@pytest.fixture
def groups(world):
    """The course, where Ada, whose exam is running, is in Monday, and Bob, whose exam is running too, in Tuesday."""
    exam = Sitting.objects.get(pk=world.ids["sitting_id"]).assessment
    for name, group in (("ada", "Monday"), ("bob", "Tuesday")):
        said = {"author": world.people["instructor"], "now": make.NOW}
        set_groups(course=exam.course, learner_id=world.people[name].pk, names=[group], **said)
    started = Sitting.objects.get(pk=world.ids["sitting_id"]).started_at
    start_sitting(learner=world.people["bob"], assessment=exam, now=started)
    return exam.course
