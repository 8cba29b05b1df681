from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from operations.services import examine_host


class Command(BaseCommand):
    requires_system_checks = []  # it runs them itself, and says what to do about each
    help = "Examine this host and say what to do. Exits with 1 if something must be done."

    def handle(self, *args: object, **options: object) -> None:
        findings = examine_host(now=timezone.now(), clock=timezone.now)
        for finding in findings:
            mark = self.style.ERROR("do  ") if finding.advice else self.style.SUCCESS("ok  ")
            self.stdout.write(f"{mark}{finding.name}: {finding.says}")
            if finding.advice:
                self.stdout.write(f"    → {finding.advice}")
        number = sum(bool(finding.advice) for finding in findings)
        if number:
            raise CommandError(f"{number} of {len(findings)} findings need something to be done.")
        self.stdout.write("Nothing needs to be done.")
