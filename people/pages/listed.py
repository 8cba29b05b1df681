"""Confirming the address that a class list gives to one's account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from people.refusals import Refusal
from people.selectors import is_listing_confirmed, listing_with_token
from people.services import confirm_listed_address


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def listed_address(request: HttpRequest, token: str) -> HttpResponse:
    """Ask the person of the account whether the address is theirs; a POST confirms it.

    Opening the page changes nothing, because programs that scan mail open every link.
    """
    listing = listing_with_token(token)
    if listing.user_id != request.user.pk:
        raise Refusal("address_of_another")
    if request.method == "POST":
        confirm_listed_address(user=request.user, token=token)
        messages.success(request, _("Your address is confirmed. Email of your courses goes there."))
        return redirect("settings")
    context = {"section": "settings", "listing": listing, "is_confirmed": is_listing_confirmed(listing)}
    return render(request, "people/listed.html", context)
