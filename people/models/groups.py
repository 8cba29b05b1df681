from django.db import models

from course.models.content import Course


class LearnerGroup(models.Model):
    """A label for some of a course's learners: a section, a lab group. A learner may be in several, or in none."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="learner_groups")
    name = models.CharField(max_length=80)

    class Meta:
        app_label = "course"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["course", "name"], name="group_name")]

    def __str__(self) -> str:
        return self.name
