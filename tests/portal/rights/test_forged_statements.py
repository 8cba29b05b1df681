"""What a statement cannot say although the key of the site signs it, and what the program that verifies it cannot tell."""

import json
from copy import deepcopy

import pytest

from records.rules.sealing import chain_digest
from tests.portal.rights.verifying import items_in, keys, problems, signed_again, statement_of, verify

pytestmark = pytest.mark.django_db


def first_item(**changes):
    return lambda said: items_in(said)[0].update(changes)


def counted_twice(said):
    said["categories"][0]["items"].append(deepcopy(items_in(said)[0]))


def from_another_learner(said):
    said["learner"]["id"] = "1000000000"


def no_records(said):
    said["records"] = []
    first_item(state="not_started")(said)


def weighing(*weights):
    def forge(said):
        for category, weight in zip(said["categories"], weights, strict=True):
            category["weight"] = weight

    return forge


SAYS_1, SAYS_0 = "{title}: the records say 1 of 2 points.", "{title}: the records say 0 of 2 points."
ALTERED = "Record {last[position]} ({last[content][kind]} {last[content][id]}) was altered, or follows a removed one."
WEIGHTS = "The weights of the categories do not make 100 %."
FORGED = {
    "points": (first_item(earned="2"), SAYS_1),
    "an exemption": (first_item(is_exempt=True), SAYS_1),
    "points of an item that was not started": (first_item(state="not_started", earned="2"), SAYS_1),
    "points of an item with an invented state": (first_item(state="exempt", earned="2"), SAYS_1),
    "more of everything": (first_item(earned="4", possible="4"), SAYS_1),
    "an item worth nothing": (first_item(state="not_started", earned="0", possible="0"), SAYS_1),
    "an item that is started no more": (first_item(state="not_started", earned="0"), SAYS_1),
    "an item without records": (first_item(id=10**9, state="not_started"), SAYS_0),
    "no records": (no_records, SAYS_0),
    "an item twice": (counted_twice, SAYS_0),
    "another learner's records": (from_another_learner, SAYS_0),
    "a record twice": (lambda said: said["records"].append(said["records"][-1]), ALTERED),
    "another reason": (lambda said: said["records"][-1].update(texts={"reason": "another"}), ALTERED),
    "a reason after an erasure": (
        lambda said: said["records"][-1].update(texts={"reason": "another"}, salt=""),
        ALTERED,
    ),
    "weights above 100": (weighing("100", "50"), WEIGHTS),
    "a negative weight": (weighing("150", "-50"), WEIGHTS),
    "a pass below the pass mark": (
        lambda said: said.update(has_passed=True),
        "The records make 18.7 % (3/16), and the statement says 18.7 % (3/16).",
    ),
}


@pytest.mark.parametrize("what", FORGED)
def test_even_the_site_cannot_sign_points_or_an_exemption_that_no_record_gives(learner, course, what):
    said = json.loads(json.dumps(statement_of(learner, course)))
    forge, fault = FORGED[what]
    fault = fault.format(title=items_in(said)[0]["title"], last=said["records"][-1])
    forge(said)
    assert fault in problems(signed_again(said), keys())


def add_invented_record(said):
    """Add a record of full points and a seal that fits. Seals have no key, so anybody can make one."""
    change = next(each for each in reversed(said["records"]) if each["content"]["kind"] == "grade_change")
    made = deepcopy(change)
    item = next(item for item in items_in(said) if item["id"] == change["content"]["item_id"])
    made["content"] |= {"id": change["content"]["id"] + 10**6, "points_earned": item["possible"]}
    made["position"] = len(said["records"]) + 1
    made["digest"] = chain_digest(said["records"][-1]["digest"], made["position"], made["content"], made["text_digest"])
    said["records"].append(made)
    item["earned"] = item["possible"]


def leave_out_last_record(said):
    """Leave out the newest record of points, with those behind it. What is left of the chain fits."""
    records, item = said["records"], items_in(said)[1]
    changes = [place for place, each in enumerate(records) if each["content"].get("item_id") == item["id"]]
    said["records"] = records[: changes[0]]
    item |= {"earned": "0", "state": "not_started"}


THE_SITE_ALONE_SAYS = {
    "what the course is called": (
        lambda said: said["course"].update(slug="another", title="Another"),
        "3/16",
        "18.7",
        False,
    ),
    "that the last records are there": (leave_out_last_record, "1/8", "12.5", False),
    "the pass mark": (lambda said: said.update(pass_percent="10"), "3/16", "18.7", True),
    "the weights": (weighing("100", "0"), "3/8", "37.5", False),
    "how many of the lowest are dropped": (
        lambda said: said["categories"][0].update(drop_lowest=1),
        "1/4",
        "25.0",
        False,
    ),
    "what is extra credit": (lambda said: items_in(said)[1].update(is_extra=True), "3/8", "37.5", False),
    "which items count": (lambda said: said["categories"][0]["items"].pop(), "1/4", "25.0", False),
    "that no record was invented": (add_invented_record, "3/8", "37.5", False),
}


@pytest.mark.parametrize("what", THE_SITE_ALONE_SAYS)
def test_the_program_cannot_tell_what_only_the_site_says(learner, course, what):
    said = json.loads(json.dumps(statement_of(learner, course)))
    forge, fraction, percent, has_passed = THE_SITE_ALONE_SAYS[what]
    forge(said)
    said |= {"fraction": fraction, "percent": percent, "has_passed": has_passed}
    assert problems(signed_again(said), keys()) == []


def test_the_program_says_which_items_have_records_and_do_not_count(tmp_path, learner, course):
    said = json.loads(json.dumps(statement_of(learner, course)))
    left_out = said["categories"][0]["items"].pop()
    said |= {"fraction": "1/4", "percent": "25.0"}
    made = "All records fit, and they make the signed grade of 25.0 %."
    assert verify(tmp_path, signed_again(said), keys()) == (
        0, [f"{made} Items with records that do not count: {left_out['id']}."]
    )  # fmt: skip
