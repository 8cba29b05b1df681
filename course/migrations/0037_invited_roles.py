from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("course", "0036_roles_alone")]
    operations = [
        migrations.AddField(
            model_name="personalinvitation",
            name="role",
            field=models.CharField(
                choices=[
                    ("learner", "Learner"),
                    ("instructor", "Instructor"),
                    ("assistant", "Assistant"),
                    ("author", "Author"),
                    ("observer", "Observer"),
                ],
                db_default="learner",
                default="learner",
                max_length=12,
            ),
        ),
    ]
