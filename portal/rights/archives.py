"""The reply that downloads an archive."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.http import StreamingHttpResponse

if TYPE_CHECKING:
    from portal.rights.models import PersonalExport


def archive_of(export: "PersonalExport", pieces: Iterator[bytes]) -> StreamingHttpResponse:
    """Return an archive as a download that no cache keeps."""
    answer = StreamingHttpResponse(pieces, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="data-{export.requested_at:%Y-%m-%d}.zip"'
    answer["Content-Length"] = str(export.size)
    answer["Cache-Control"] = "private, no-store"
    return answer
