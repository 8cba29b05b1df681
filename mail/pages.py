"""Which mail a person wants, and how to stop it without signing in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from mail.rules.delivery import KINDS
from mail.services import end_subscription, set_mail_wanted, subscription_of


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop mail without signing in: of one kind, or of one course to the address on its class list.

    Opening the page changes nothing, because mail scanners open links.

    A mail program posts here at once (RFC 8058), so there is no CSRF token: the address contains what nobody can guess.
    """
    subscription = subscription_of(token)
    if request.method == "POST":
        end_subscription(subscription=subscription, now=request.now)
    context = {"kind": subscription.kind, "listing": subscription.listing, "is_done": request.method == "POST"}
    return render(request, "mail/unsubscribe.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def mail_settings(request: HttpRequest) -> HttpResponse:
    """Store which kinds of mail the person wants. A GET comes from a bookmark, or from signing in to send the form."""
    if request.method == "POST":
        set_mail_wanted(user=request.user, wanted={kind: kind in request.POST for kind in KINDS})
        messages.success(request, _("Saved."))
    return redirect("settings")
