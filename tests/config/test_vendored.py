"""Vendored files: their checksums, licenses and sources."""

import json
import re
from hashlib import sha256

from config.environment import ROOT

VENDOR = ROOT / "static" / "vendor"
LOCK = ROOT / "ops" / "vendor" / "package-lock.json"


def test_every_built_file_is_the_one_whose_checksum_is_written_down():
    written = dict(reversed(line.split()) for line in (VENDOR / "SHA256SUMS").read_text().splitlines())
    found = {file.name: sha256(file.read_bytes()).hexdigest() for file in VENDOR.iterdir() if file.name in written}
    assert found == written
    assert {file.name for file in VENDOR.iterdir()} - set(written) == {"README.md", "SHA256SUMS"}


def test_every_package_in_it_has_its_licence_in_the_version_of_the_lock():
    packages = json.loads(LOCK.read_text())["packages"]
    locked = {f"{path.removeprefix('node_modules/')} {facts['version']}" for path, facts in packages.items() if path}
    heads = re.findall(r"^([@\w/-]+ [\d.]+) \(MIT\)$", (VENDOR / "codemirror-licences.txt").read_text(), re.MULTILINE)
    assert len(heads) > 8
    assert set(heads) - locked == set()
