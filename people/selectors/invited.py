"""The invitation that brought somebody to the page where they create an account."""

from django.http import HttpRequest

from people.models import PersonalInvitation
from people.rules.inviting import token_in
from people.selectors.inviting import invitation_to_sign_up


def invitation_ahead(request: HttpRequest) -> PersonalInvitation | None:
    """Return the invitation to whose page the person goes after signing up, if it lets them create an account."""
    ahead = str(request.POST.get("next") or request.GET.get("next") or "")
    return invitation_to_sign_up(token_in(ahead), request.now)
