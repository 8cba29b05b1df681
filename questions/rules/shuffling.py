"""The order in which a learner sees options, pairs and items (D40).

Ids are ranked by the SHA-256 digest of "number, question, salt, id". So the same number shows the same order in any Python
version and for any order of the file. Sittings store only the number, so what these functions return must never change.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256

EXAM_ORDERS = 30_000  # an exam's number is the seed of its paper, a hexadecimal number, modulo this
REVIEW_ORDERS = 8  # few, because learners who did nothing yet share the cards that are kept in memory


@dataclass(frozen=True)
class Shuffle:
    """How one question is shuffled in one sitting.

    `number` is the one that the sitting stores. `secret` is a text that nobody knows before the question is final.
    """

    number: int
    question_id: str
    secret: str = ""

    def order(self, ids: Sequence[str], *, last: Collection[str] = (), salt: str = "") -> list[str]:
        """Return the ids in the order in which they are shown. Those in `last` come at the end, in the order given."""
        start = f"{self.number}\n{self.question_id}\n{salt}\n"
        ranks = {sha256(f"{start}{shown}".encode()).digest(): shown for shown in ids if shown not in last}
        return [ranks[rank] for rank in sorted(ranks)] + [shown for shown in ids if shown in last]


def order_number(seed: str, learner_id: int, assessment_id: str) -> int:
    """Return the number of a sitting: that of its paper's seed, or of its learner's review, which has no seed (D40)."""
    return int(seed, 16) % EXAM_ORDERS if seed else review_number(learner_id, assessment_id)


def review_number(learner_id: int, assessment_id: str) -> int:
    """Return the number of a learner's review, which is the same before and after the first response is stored."""
    digest = sha256(f"{learner_id}\n{assessment_id}".encode()).digest()
    return int.from_bytes(digest[:4]) % REVIEW_ORDERS
