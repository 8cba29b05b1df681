from django.db import migrations

from course.migrations._guards import Erasable, let_erase

ANYBODYS = "EXISTS (SELECT 1 FROM course_erasure)"
NO_REASON = {"reason": "''"}
TABLES = {
    "quizzes_attempt": Erasable(
        kept=(
            *("id", "sitting_id", "question_id", "version_id", "number", "attempts_limit", "is_correct"),
            *("points_earned", "received_at", "accepts_until", "is_in_grace", "by", "is_reopened"),
        ),
        blanks={"response": """'""'"""},
        open_if=ANYBODYS,
    ),
    "quizzes_sittingextension": Erasable(
        kept=(
            *("id", "sitting_id", "minutes", "key", "author_id", "created_at", "deadline_before", "deadline_after"),
        ),
        blanks=NO_REASON,
        open_if=ANYBODYS,
    ),
    "quizzes_void": Erasable(
        kept=("id", "sitting_id", "undoes_id", "author_id", "created_at"), blanks=NO_REASON, open_if=ANYBODYS
    ),
}


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0007_overviews"), ("course", "0013_erasure")]
    operations = [migrations.RunPython(*let_erase(TABLES))]
