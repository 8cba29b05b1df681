"""Update existing records: a review now starts with its first attempt, and everyone gets the points of a credited question."""

from decimal import Decimal

from django.db import migrations
from django.db.models import Exists, OuterRef


def settle(apps, schema_editor):
    drop_unbegun_scores(apps)
    write_worths(apps)
    begin_rescorings_again(apps)


def drop_unbegun_scores(apps):
    """Delete scores of reviews without an attempt, which a regrade or a load left, unless an override gave them."""
    Sitting, Attempt = apps.get_model("quizzes", "Sitting"), apps.get_model("quizzes", "Attempt")
    Score, Override = apps.get_model("grading", "Score"), apps.get_model("grading", "Override")
    tried = Exists(Attempt.objects.filter(sitting=OuterRef("pk")))
    sittings = Sitting.objects.filter(~tried, assessment__kind="review", is_void=False)
    for activity, learner in sittings.values_list("assessment_id", "learner_id"):
        given = Override.objects.filter(item__activity=activity, learner=learner).order_by("-pk").first()
        if given is None or given.points_earned is None:
            Score.objects.filter(item__activity=activity, learner=learner).delete()


def write_worths(apps):
    """Store what a review with a credited question is worth to a learner who has not started it."""
    Question, GradeItem = apps.get_model("quizzes", "Question"), apps.get_model("grading", "GradeItem")
    corrected = Question.objects.filter(assessment__kind="review").exclude(corrections=[])
    for activity in set(corrected.values_list("assessment_id", flat=True)):
        open_, given = [], {}
        rows = Question.objects.filter(assessment=activity, current__isnull=False).order_by("position")
        for row in rows.select_related("current"):
            kinds = {found["kind"] for found in row.corrections}
            if any(found["kind"] == "void" and found["lowers"] for found in row.corrections):
                continue
            if "credit" in kinds:
                given[row.pk] = row.current.points
            elif "void" not in kinds and not row.is_retired:
                open_.append(row.current.points)
        GradeItem.objects.filter(activity=activity).update(
            points_possible=sum([*open_, *given.values()], Decimal(0)),
            winnable=[str(points) for points in open_],
            credited={question: str(points) for question, points in given.items()},
        )


def begin_rescorings_again(apps):
    """Restart unfinished rescorings, which now count learners. Scoring a learner twice does no harm."""
    apps.get_model("quizzes", "Rescoring").objects.filter(finished_at=None).update(cursor="", done=0)


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0004_analysis"), ("grading", "0003_credited")]
    operations = [migrations.RunPython(settle, migrations.RunPython.noop, elidable=True)]
