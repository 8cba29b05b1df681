"""The part of the client for instructors who look at the tests of labs and correct them."""

from collections.abc import Iterator
from typing import cast

from finalcheck import shapes
from finalcheck.calling import Caller


class RegradingLabs(Caller):
    """What `Client` does about failed tests of labs, and regrades of labs."""

    def lab_failures(self, slug: str, lab_id: str) -> shapes.LabFailures:
        """Return which tests of a lab learners fail now, and with which messages."""
        return cast(shapes.LabFailures, self.call("GET", f"/courses/{slug}/labs/{lab_id}/failures/"))

    def begin_retest(self, slug: str, lab_id: str) -> shapes.Retest:
        """Run the stored test runs of a lab again with its tests as they are now. `retest` tells how far that is."""
        return cast(shapes.Retest, self.call("POST", f"/courses/{slug}/retests/", {"lab": lab_id}))

    def retest(self, slug: str, retest_id: str) -> shapes.Retest:
        return cast(shapes.Retest, self.call("GET", f"/courses/{slug}/retests/{retest_id}/"))

    def cancel_retest(self, slug: str, retest_id: str) -> shapes.Retest:
        return cast(shapes.Retest, self.call("POST", f"/courses/{slug}/retests/{retest_id}/cancel/"))

    def lab_regrades(self, slug: str) -> Iterator[shapes.LabRegrade]:
        """Yield the regrades of the course's labs, newest first. `correct` makes one ("lab-regrades") and undoes it."""
        return self.pages(f"/courses/{slug}/lab-regrades/")
