from django.db import models

from course.models.content import Course, Module


class SearchEntry(models.Model):
    """A place that a search can find, as `lessons.rules.searching.Findable` describes it.

    `heading` and `body` are the words that the database indexes; `foundation.fulltext` says how. Only the loader writes
    these rows, and always all of a course, in the transaction that publishes the content.
    """

    course = models.ForeignKey(Course, models.CASCADE, related_name="+")
    module = models.ForeignKey(Module, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8)
    subject = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    section = models.CharField(max_length=200, blank=True)
    anchor = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    code = models.TextField(blank=True)
    formulas = models.JSONField(default=list)
    is_open = models.BooleanField(default=False)
    heading = models.TextField()
    body = models.TextField()

    class Meta:
        app_label = "course"


class SearchWord(models.Model):
    """A word of a course's search index, for suggestions. With `is_open`, it occurs in what visitors may read."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="+")
    word = models.CharField(max_length=100)
    spelling = models.CharField(max_length=100)
    count = models.PositiveIntegerField()
    is_open = models.BooleanField(default=False)

    class Meta:
        app_label = "course"
        constraints = [models.UniqueConstraint(fields=["course", "word"], name="one_search_word")]
