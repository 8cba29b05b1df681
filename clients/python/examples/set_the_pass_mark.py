"""Change the pass mark of a course: print who would cross it, then publish it with --apply.

    python set_the_pass_mark.py http://localhost:8000 65 --course deep-learning-with-tensorflow

It reads a token with the scope `staff` from FINALCHECK_TOKEN, or asks for it. Create one under Settings → API tokens.
"""

import argparse
import getpass
import os
import sys

from finalcheck import Client, Problem
from finalcheck.shapes import PolicySettings


def main() -> int:
    options = read_options()
    api = Client(options.address, token=os.environ.get("FINALCHECK_TOKEN") or getpass.getpass("Token: "))
    try:
        set_pass_mark(api, options.course, options.percent, is_applied=options.apply)
    except Problem as problem:
        print(problem.detail, file=sys.stderr)
        return 1
    return 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Change the pass mark of a course over the API.")
    parser.add_argument("address", help="the address of Finalcheck, such as http://localhost:8000")
    parser.add_argument("percent", help="the new pass mark, such as 65 or 62.5")
    parser.add_argument("--course", default="deep-learning-with-tensorflow", help="the slug of the course")
    parser.add_argument("--apply", action="store_true", help="publish it; without this, only preview it")
    return parser.parse_args()


def set_pass_mark(api: Client, slug: str, percent: str, *, is_applied: bool) -> None:
    version = api.grading_policy(slug)["version"]
    changes: PolicySettings = {"pass_percent": percent}
    preview = api.change_grading_policy(slug, changes, version=version, dry_run=True)
    for movement in preview["movements"]:
        crosses = movement["had_passed"] != movement["has_passed"]
        verdict = ("now passes" if movement["has_passed"] else "no longer passes") if crosses else ""
        print(f"{movement['username']}: {movement['before']} % to {movement['after']} % {verdict}".rstrip())
    if is_applied:
        api.change_grading_policy(slug, changes, version=version, expected=preview["expected"])
        print(f"The pass mark is {percent} % now.")
    else:
        print("Nothing was changed. To publish the pass mark, add --apply.")


if __name__ == "__main__":
    sys.exit(main())
