"""A thousand draws of every shipped template, and ten thousand papers: all right, fair and balanced."""

import json
from pathlib import Path
from statistics import fmean

from authoring.folder import question_rows
from questions import types
from questions.variants import SEEDS_TRIED, bank
from tests.content.template_keys import KEYS
from tests.content.test_templates import (
    DRAWN,
    TEMPLATES,
    faults_of,
    papers_of_seeds,
    uneven_variants,
    unlike_papers,
)
from tests.rounds import one_database

pytestmark = one_database
FIGURES = Path(__file__).resolve().parents[3] / "build" / "proofs" / "templates.json"
PAPERS = 10_000


def test_a_thousand_draws_of_each_template_and_ten_thousand_papers():
    draws, faults, steps = 0, [], {}
    for key in KEYS:
        (source,) = question_rows(TEMPLATES[key].source)
        kind = types.get(TEMPLATES[key].type)
        tried = bank(source, seed=key).tried
        for variant in tried:
            secret = kind.compile(variant.source, str).key
            faults += faults_of(key, variant.values, secret)
        draws += len(tried)
        steps[key] = [variant.steps for variant in tried]
    papers = papers_of_seeds(range(PAPERS))
    uneven = {key: places for key in DRAWN if (places := uneven_variants(key, range(PAPERS)))}
    assert (faults, unlike_papers(papers), uneven) == ([], [], {})
    assert all(max(counted) <= 2 * min(counted) + 2 for counted in steps.values())
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    figures = {
        "templates": len(KEYS),
        "seeds of each, at most": SEEDS_TRIED,
        "different draws whose key was computed by other means": draws,
        "wrong keys, and near misses that are right": len(faults),
        "papers": len(papers),
        "papers unlike the others in modules or difficulties": 0,
        "variants drawn more or less often than chance explains": 0,
        "steps of arithmetic of a variant, mean": round(
            fmean(count for counted in steps.values() for count in counted), 1
        ),
    }
    FIGURES.write_text(json.dumps(figures))
