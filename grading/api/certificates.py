from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.frame.endpoint import Endpoint
from foundation.permissions import Anyone
from foundation.refusals import refuses
from grading.refusals import Refusal
from grading.rules.course_grade import policy_percent
from grading.selectors import certificate_by_code
from grading.serializers import CertificateOut
from people.selectors import name_in_course


@extend_schema(responses=CertificateOut)
@refuses()
class OneCertificate(Endpoint):
    """Public verification: whose certificate, for what, since when, and whether it is valid."""

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
            "issued_at": state.issued_at,
            "pass_percent": policy_percent(state.pass_percent),
            "is_valid": state.is_valid,
            "revoked_at": state.revoked_at,
        }
        return Response(CertificateOut(body).data)
