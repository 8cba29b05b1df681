"""The certificate: the learner's page and PDF, and the public page by which anyone verifies it."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from course.rules.refusals import Refusal
from course.selectors import name_in_course
from grading.rules.arithmetic import points_text
from grading.selectors import CertificateState, certificate_by_code
from portal.pdf import Sheet, draw_sheet, qr_path


@require_safe
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Public: what the certificate says, and whether it is valid."""
    state = certificate_by_code(code.upper())
    if state is None:
        return render(request, "grading/certificate_unknown.html", {"code": code}, status=404)
    sheet = sheet_of(request, state)
    context: dict[str, Any] = {
        "state": state,
        "sheet": sheet,
        "is_own": state.certificate.learner_id == request.user.pk,
        "qr": qr_path(sheet.url),
        "course": state.certificate.course,
        "section": "progress",
    }
    return render(request, "grading/certificate.html", context)


@login_required
@require_safe
def certificate_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The owner's valid certificate as a sheet of A4."""
    state = certificate_by_code(code.upper())
    if state is None or not state.is_valid or state.certificate.learner_id != request.user.pk:
        raise Refusal("not_found")
    answer = HttpResponse(draw_sheet(sheet_of(request, state)), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="certificate-{state.certificate.code}.pdf"'
    return answer


def sheet_of(request: HttpRequest, state: CertificateState) -> Sheet:
    """What stands on the certificate; the date is that of the issue, in UTC, so that every reader sees one."""
    certificate = state.certificate
    path = reverse("certificate", args=[certificate.code])
    return Sheet(
        name=name_in_course(certificate.learner_id, certificate.course_id),
        course=certificate.course.title,
        pass_percent=points_text(certificate.pass_percent),
        issued_on=certificate.issued_at.astimezone(timezone.get_default_timezone()).date(),
        code=certificate.code,
        url=f"{settings.PUBLIC_URL.rstrip('/')}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path),
    )
