"""Make a signed statement, change it, and verify it as anybody would."""

import json
import os
import subprocess
import sys
from base64 import b64encode
from copy import deepcopy

from config.environment import ROOT
from portal.rights.services import make_statement
from portal.rights.services.signing import published_keys, signing_key
from records.rules.sealing import in_one_form
from tests import factories as make

NOW = make.NOW
VERIFIER = ROOT / "clients" / "verifier" / "verify_statement.py"


def items_in(said):
    return [item for category in said["categories"] for item in category["items"]]


def statement_of(learner, course):
    return make_statement(learner=learner, course=course, site="https://learn.example.org/", now=NOW)


def keys():
    return {"keys": [{"id": key.pk, "public_key": key.public_key} for key in published_keys(now=NOW)]}


def verify(folder, said, known):
    """Run the verifier as anybody would, in a clean environment, and return its exit status and output."""
    (folder / "statement.json").write_text(json.dumps(said, indent=2), "utf-8")
    (folder / "keys.json").write_text(json.dumps(known), "utf-8")
    command = (sys.executable, "-I", str(VERIFIER), "statement.json", "keys.json")
    done = subprocess.run(command, cwd=folder, env={"PATH": os.defpath}, capture_output=True, text=True)
    return done.returncode, (done.stdout + done.stderr).splitlines()


def problems(said, known):
    """Return what the same program finds, without starting it."""
    space = {"__name__": "verify_statement"}
    exec(compile(VERIFIER.read_text(), VERIFIER.name, "exec"), space)
    said = deepcopy(said)
    return list(space["problems_in"](said, said.pop("signature"), known["keys"]))


def signed_again(said):
    """Sign changed facts with the site's own key, as the site itself could."""
    unsigned = {name: value for name, value in said.items() if name != "signature"}
    return {**unsigned, "signature": b64encode(signing_key().sign(in_one_form(unsigned))).decode()}
