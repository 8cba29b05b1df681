from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("course", "0037_invited_roles")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="is_course_creator",
            field=models.BooleanField(db_default=False, default=False, verbose_name="may create courses"),
        ),
    ]
