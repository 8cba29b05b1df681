"""Verify a signed statement of a grade: python verify_statement.py STATEMENT.json KEYS.json

KEYS.json is what the site publishes at /api/v1/statements/keys/; its docs/api.md says what this proves, and what it cannot.
Besides Python, this needs the package cryptography."""

import base64, hashlib, json, sys  # noqa: E401, I001
from fractions import Fraction as F  # noqa: N817
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

written = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
digest = lambda *parts: hashlib.sha256(written(parts).encode()).hexdigest()  # noqa: E731


def problems_in(statement, signature, keys):
    try:
        key = base64.b64decode(next(key["public_key"] for key in keys if key["id"] == statement["key_id"]))
        Ed25519PublicKey.from_public_bytes(key).verify(base64.b64decode(signature), written(statement).encode())
    except Exception:  # noqa: BLE001
        yield "No key in KEYS.json made this signature for this statement."
    last, newest, learner = "", {}, statement["learner"]["id"]
    for position, record in enumerate(statement["records"], 1):
        one = record["content"]
        texts = digest(record["salt"], record["texts"]) if record["salt"] or record["texts"] else record["text_digest"]
        if (record["position"], record["digest"]) != (position, digest(last, position, one, texts)):
            yield f"Record {record['position']} ({one['kind']} {one['id']}) was altered, or follows a removed one."
        last, about = record["digest"], (one["kind"], one.get("item_id"), str(one.get("chain_learner")))
        newest[about] = max(one, newest.get(about, one), key=lambda content: content["id"])
    for item in (item for category in statement["categories"] for item in category["items"]):  # uses up its records
        change, given = (newest.pop((kind, item["id"], learner), {}) for kind in ("grade_change", "override"))
        earned, possible = change.get("points_earned", "0"), change.get("points_possible", item["possible"])
        is_zero = earned == item["earned"] == "0" and F(possible) * F(item["possible"])
        recorded = earned, item["possible"] if is_zero else possible, bool(given.get("is_exempt"))
        if recorded != (item["earned"], item["possible"], item["is_exempt"]):
            yield f"{item['title']}: the records say {earned} of {possible} points."
    statement["not_counted"] = ", ".join(str(item) for kind, item, _ in newest if kind == "grade_change") or "none"
    parts = [(F(one["weight"]) / 100, one["is_extra"], reached(one)) for one in statement["categories"]]
    if parts and (sum(part[0] for part in parts if not part[1]) != 1 or any(weight < 0 for weight, *_ in parts)):
        yield "The weights of the categories do not make 100 %."
    whole = 1 - sum(weight for weight, is_extra, part in parts if part is None and not is_extra)
    grade = min(F(1), sum((weight * (part or 0) for weight, _, part in parts), F(0)) / (whole or 1))
    made = str(grade), str(grade * 1000 // 1 / 10), grade * 100 >= F(statement["pass_percent"])
    if made != (statement["fraction"], statement["percent"], statement["has_passed"]):
        yield f"The records make {made[1]} % ({grade}), and the statement says {statement['percent']} % ({statement['fraction']})."


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
    problems = list(problems_in(statement, statement.pop("signature"), published["keys"]))
    result = "All records fit, and they make the signed grade of {percent} %. Items with records that do not count: {not_counted}."
    sys.exit("\n".join(problems) or print(result.format_map(statement)))
