#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:] in (["version"], ["--version"]):  # Django would answer with its own
        from foundation.version import finalcheck_version

        print(f"Finalcheck {finalcheck_version()}")
        sys.exit()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
