"""Verify a signed statement of a grade: python verify_statement.py STATEMENT.json KEYS.json

KEYS.json is what the site publishes at /api/v1/statements/keys/; its docs/api.md says what this proves, and what it cannot.
Besides Python, this needs the package cryptography."""

import base64, hashlib, json, sys  # noqa: E401, I001
from fractions import Fraction as F  # noqa: N817
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

written = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
digest = lambda *parts: hashlib.sha256(written(parts).encode()).hexdigest()  # noqa: E731


def problems_in(said, signature, keys):
    try:
        key = base64.b64decode(next(key["public_key"] for key in keys if key["id"] == said["key_id"]))
        Ed25519PublicKey.from_public_bytes(key).verify(base64.b64decode(signature), written(said).encode())
    except Exception:  # noqa: BLE001
        yield "No key in KEYS.json made this signature for this statement."
    last, newest, learner = "", {}, said["learner"]["id"]
    for place, each in enumerate(said["records"], 1):
        one = each["content"]
        texts = digest(each["salt"], each["texts"]) if each["salt"] or each["texts"] else each["text_digest"]
        if (each["position"], each["digest"]) != (place, digest(last, place, one, texts)):
            yield f"Record {each['position']} ({one['kind']} {one['id']}) was altered, or follows a removed one."
        last, about = each["digest"], (one["kind"], one.get("item_id"), str(one.get("chain_learner")))
        newest[about] = max(one, newest.get(about, one), key=lambda found: found["id"])
    for item in (item for category in said["categories"] for item in category["items"]):  # each uses up its records
        change, given = (newest.pop((kind, item["id"], learner), {}) for kind in ("grade_change", "override"))
        earned, possible = change.get("points_earned", "0"), change.get("points_possible", item["possible"])
        is_zero = earned == item["earned"] == "0" and F(possible) * F(item["possible"])
        recorded = earned, item["possible"] if is_zero else possible, bool(given.get("is_exempt"))
        if recorded != (item["earned"], item["possible"], item["is_exempt"]):
            yield f"{item['title']}: the records say {earned} of {possible} points."
    said["not_counted"] = ", ".join(str(item) for kind, item, _ in newest if kind == "grade_change") or "none"
    parts = [(F(one["weight"]) / 100, one["is_extra"], reached(one)) for one in said["categories"]]
    if parts and (sum(part[0] for part in parts if not part[1]) != 1 or any(weight < 0 for weight, *_ in parts)):
        yield "The weights of the categories do not make 100 %."
    whole = 1 - sum(weight for weight, is_extra, part in parts if part is None and not is_extra)
    grade = min(F(1), sum((weight * (part or 0) for weight, _, part in parts), F(0)) / (whole or 1))
    made = str(grade), str(grade * 1000 // 1 / 10), grade * 100 >= F(said["pass_percent"])
    if made != (said["fraction"], said["percent"], said["has_passed"]):
        yield f"The records make {made[1]} % ({grade}), and the statement says {said['percent']} % ({said['fraction']})."


def reached(category):  # None if the learner is exempt from all of it
    counted = [item for item in category["items"] if F(item["possible"]) and not item["is_exempt"]]
    shares = [(F(one["earned"]) / F(one["possible"]), one["is_extra"]) for one in counted]
    regular = sorted(share for share, is_extra in shares if not is_extra)
    if not regular and any(item["is_exempt"] and not item["is_extra"] for item in category["items"]):
        return None
    kept = regular[max(0, min(category["drop_lowest"], len(regular) - 1)) :]  # the lowest do not count
    return min(F(1), sum((share for share, is_extra in shares if is_extra), sum(kept, F(0))) / (len(kept) or 1))


if __name__ == "__main__":
    statement, published = (json.load(open(path, "rb")) for path in sys.argv[1:3])  # noqa: SIM115
    found = list(problems_in(statement, statement.pop("signature"), published["keys"]))
    result = "All records fit, and they make the signed grade of {percent} %. Items with records that do not count: {not_counted}."
    sys.exit("\n".join(found) or print(result.format_map(statement)))
