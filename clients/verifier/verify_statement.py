"""Verify a signed statement of a grade: python verify_statement.py STATEMENT.json KEYS.json

KEYS.json is what the site publishes at /api/v1/statements/keys/. This checks the signature, that no record was altered or
removed since it was sealed, and that the records make the grade. Besides Python, it needs the package cryptography."""

import base64, hashlib, json, sys  # noqa: E401, I001
from fractions import Fraction as F  # noqa: N817
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def written(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def digest(*parts):
    return hashlib.sha256(written(parts)).hexdigest()


def problems_in(said, signature, keys):
    try:
        key = base64.b64decode(next(key["public_key"] for key in keys if key["id"] == said["key_id"]))
        Ed25519PublicKey.from_public_bytes(key).verify(base64.b64decode(signature), written(said))
    except Exception:  # noqa: BLE001
        yield "No key in KEYS.json made this signature for this statement."
    last, newest = "", {}
    for place, each in enumerate(said["records"], 1):
        content = each["content"]
        texts = digest(each["salt"], each["texts"]) if each["salt"] else each["text_digest"]  # or they were erased
        if (each["position"], each["digest"]) != (place, digest(last, place, content, texts)):
            yield f"Record {each['position']} ({content['kind']} {content['id']}) was altered, or follows a removed one."
        last, about = each["digest"], (content["kind"], content.get("item_id"))
        newest[about] = max(content, newest.get(about, content), key=lambda one: one["id"])
    for item in (item for category in said["categories"] for item in category["items"]):
        change, override = (newest.get((kind, item["id"]), {}) for kind in ("grade_change", "override"))
        recorded = change.get("points_earned"), change.get("points_possible"), bool(override.get("is_exempt"))
        if item["state"] != "not_started" and recorded != (item["earned"], item["possible"], item["is_exempt"]):
            yield f"{item['title']}: the records say {recorded[0]} of {recorded[1]} points."
    parts = [(F(one["weight"]) / 100, one["is_extra"], reached(one)) for one in said["categories"]]
    whole = 1 - sum(weight for weight, is_extra, part in parts if part is None and not is_extra)
    grade = min(F(1), sum((weight * (part or 0) for weight, _, part in parts), F(0)) / (whole or 1))
    made = str(grade), str(grade * 1000 // 1 / 10), grade * 100 >= F(said["pass_percent"])
    if made != (said["fraction"], said["percent"], said["has_passed"]):
        yield f"The records make {made[1]} % ({grade}), and the statement says {said['percent']} % ({said['fraction']})."


def reached(category):  # None if the learner is exempt from all of it
    counted = [item for item in category["items"] if F(item["possible"]) and not item["is_exempt"]]
    shares = [(F(one["earned"]) / F(one["possible"]), one["answered"] != "0", one["is_extra"]) for one in counted]
    ranked = sorted((part, answered, -place) for place, (part, answered, is_extra) in enumerate(shares) if not is_extra)
    if not ranked and any(item["is_exempt"] and not item["is_extra"] for item in category["items"]):
        return None
    kept = ranked[max(0, min(category["drop_lowest"], len(ranked) - 1)) :]  # the lowest do not count
    extra = sum(part for part, _, is_extra in shares if is_extra)
    return min(F(1), (sum(part for part, *_ in kept) + extra) / F(len(kept) or 1))


if __name__ == "__main__":
    statement, published = (json.load(open(path, "rb")) for path in sys.argv[1:3])  # noqa: SIM115
    found = list(problems_in(statement, statement.pop("signature"), published["keys"]))
    sys.exit("\n".join(found) or print(f"All records fit, and they make the signed grade of {statement['percent']} %."))
