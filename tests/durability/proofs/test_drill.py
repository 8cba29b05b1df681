"""The drill of backup and restore with many learners, and its figures."""

import json
import os
from pathlib import Path

from tests.durability.rehearsal import rehearse

ROOT = Path(__file__).resolve().parent.parent.parent.parent
LEARNERS = 200


def test_the_drill(tmp_path, migrated):
    found = rehearse(tmp_path, migrated, learners=LEARNERS, saves=500)
    kind = "postgresql" if os.environ.get("FINALCHECK_DATABASE_URL", "").startswith("postgres") else "sqlite"
    folder = ROOT / "build" / "proofs"
    folder.mkdir(parents=True, exist_ok=True)
    same = found["after"] == found["before"]
    figures = {
        "learners": LEARNERS,
        "sittings with the same deadline": len(found["before"]["sittings"]) if same else 0,
        "certificates that verify": len(found["after"]["valid"]),
        "saves during the backup": found["saves"],
        "lost": found["lost"],
        "differences after settling": len(found["settled"]["differences"]) + len(found["later"]["differences"]),
        "seconds": round(found["seconds"], 1),
        "bytes": found["size"],
    }
    (folder / f"backup-{kind}.json").write_text(json.dumps(figures))
    assert same
    assert (found["lost"], found["invented"]) == (0, 0)
    quarter = LEARNERS // 4
    assert found["settled"]["ended"] == {"deadline": quarter, "learner": quarter, "": quarter}
    assert found["later"]["ended"] == {"deadline": 2 * quarter, "learner": quarter, "": 0}
    assert (found["settled"]["differences"], found["later"]["differences"]) == ([], [])
