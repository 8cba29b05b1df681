"""python -m bench.floor.seed: create the floor's tables, its learners and their papers."""

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - the settings come first
from django.core.management import call_command  # noqa: E402

from bench.floor.counts import LEARNERS, QUESTIONS  # noqa: E402
from bench.floor.models import Paper  # noqa: E402

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)  # the floor's own tables, which have no migrations
    people = User.objects.bulk_create([User(username=f"learner{number:03}") for number in range(LEARNERS)])
    Paper.objects.bulk_create([Paper(learner=who, question=number) for who in people for number in range(QUESTIONS)])
