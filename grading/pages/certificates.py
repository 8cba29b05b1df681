"""The certificate: the learner's page and PDF, and the public page where anyone can verify it."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.fast.lazy import lazily
from grading.refusals import Refusal
from grading.rules.arithmetic import points_text
from grading.selectors import CertificateState, certificate_by_code
from grading.services.certificate_names import name_certificate
from people.access import refuse_archived, refuse_to_show
from people.selectors import course_for, name_in_course

if TYPE_CHECKING:
    from grading.pages import pdf
else:
    pdf = lazily("grading.pages.pdf")  # certificates are seldom drawn, and drawing takes much memory


@require_safe
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Show the certificate and whether it is valid. Public."""
    state = certificate_by_code(code.upper())
    if state is None:
        return render(request, "grading/certificate_unknown.html", {"code": code}, status=404)
    text = certificate_text(request, state)
    context: dict[str, Any] = {
        "state": state,
        "text": text,
        "is_own": state.certificate.learner_id == request.user.pk,
        "qr": pdf.qr_path(text.url),
        "course": state.certificate.course,
        "section": "progress",
    }
    return render(request, "grading/certificate.html", context)


@login_required
@require_safe
def certificate_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """Return the owner's valid certificate as an A4 PDF."""
    state = certificate_by_code(code.upper())
    if state is None or not state.is_valid or state.certificate.learner_id != request.user.pk:
        raise Refusal("not_found")
    answer = HttpResponse(pdf.draw_certificate(certificate_text(request, state)), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="certificate-{state.certificate.code}.pdf"'
    return answer


def certificate_text(request: HttpRequest, state: CertificateState) -> "pdf.CertificateText":
    """Return the text of the certificate. The date is that of the issue, in UTC, so that every reader sees the same."""
    certificate = state.certificate
    path = reverse("certificate", args=[certificate.code])
    return pdf.CertificateText(
        name=name_in_course(certificate.learner_id, certificate.course_id),
        course=certificate.course.title,
        pass_percent=points_text(state.pass_percent),
        issued_on=state.issued_at.astimezone(timezone.get_default_timezone()).date(),
        code=certificate.code,
        url=f"{settings.PUBLIC_URL.rstrip('/')}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path),
    )


@require_POST
@login_required
def certificate_name(request: HttpRequest, slug: str) -> HttpResponse:
    """Edit the name on a course's certificate, until it is issued (D19)."""
    course, enrollment = course_for(request.user, slug)
    refuse_to_show(request.user, course)
    refuse_archived(course)
    name = request.POST.get("name", "").strip()[:200]
    if enrollment is None or not name:
        messages.error(request, _("Nothing was changed. Enter a full name for the certificate."))
        return redirect("settings")
    name_certificate(learner_id=request.user.pk, course_id=course.pk, name=name, now=request.now)
    messages.success(request, _("Saved. Your certificate will show this name."))
    return redirect("settings")
