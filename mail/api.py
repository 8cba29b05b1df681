"""Which mail a person wants."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.frame.endpoint import Endpoint
from foundation.refusals import refuses
from mail import serializers as shapes
from mail.selectors import mail_wanted
from mail.services import set_mail_wanted


@refuses()
class OwnMail(Endpoint):
    """Which mail you want. Mail goes to your confirmed address or, if the site allows it, to the one on a class list."""

    @extend_schema(responses=shapes.MailWanted)
    def get(self, request: Request) -> Response:
        return Response(mail_wanted(self.person))

    @extend_schema(request=shapes.MailWantedIn, responses=shapes.MailWanted)
    def put(self, request: Request) -> Response:
        set_mail_wanted(user=self.person, wanted=self.read(shapes.MailWantedIn))
        return Response(mail_wanted(self.person))
