from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from course.permissions import Anyone
from course.rules.refusals import Refusal
from course.selectors import name_in_course
from grading.selectors import certificate_by_code, shown
from portal.api.endpoint import Endpoint
from portal.serializers.learning import CertificateOut


@extend_schema(responses=CertificateOut)
class OneCertificate(Endpoint):
    """Public verification: whose, of what, when, and whether it holds."""

    permission_classes = [Anyone]
    is_conditional = True

    def get(self, request: Request, code: str) -> Response:
        state = certificate_by_code(code.upper())
        if state is None:
            raise Refusal("not_found")
        certificate = state.certificate
        body = {
            "code": certificate.code,
            "course": certificate.course.title,
            "name": name_in_course(certificate.learner_id, certificate.course_id),
            "issued_at": certificate.issued_at,
            "pass_percent": shown(certificate.pass_percent),
            "is_valid": state.is_valid,
            "revoked_at": state.revoked_at,
        }
        return Response(CertificateOut(body).data)
