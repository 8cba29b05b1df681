"""Account pages beyond allauth's: theme, API tokens, signing out everywhere."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings as site
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.adapters import has_used_factor, ways_to_use_factor
from accounts.forms import SignOutForm, TokenForm
from accounts.refusals import Refusal
from accounts.selectors import tokens_of, works_as_staff
from accounts.services import choose_theme, create_token, revoke_token
from foundation.frame.addresses import safe_address

THEMES = ("", "light", "dark")
YEAR = 365 * 24 * 60 * 60


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Set the theme for this browser, and for the account if somebody is signed in."""
    chosen = request.POST.get("theme", "")
    if chosen not in THEMES:
        return HttpResponseBadRequest()
    if request.user.is_authenticated:
        choose_theme(user=request.user, theme=chosen)
    response = redirect(safe_address(request, request.POST.get("next", "")))
    is_secure = site.SESSION_COOKIE_SECURE
    response.set_cookie(site.THEME_COOKIE_NAME, chosen, max_age=YEAR, secure=is_secure, httponly=True, samesite="Lax")
    return response


@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """Create a token and show it once, on the page that answers the form. Only its digest is stored.

    The password or passkey is asked for again first, because a token outlives the session that creates it.
    """
    is_staff = works_as_staff(request.user)
    may_teach = is_staff and has_used_factor(request)
    form, fresh = TokenForm(request.POST or None, may_teach=may_teach), None
    if request.method == "POST" and form.is_valid():
        raise_if_reauthentication_required(request, app="")
        try:
            token, text = create_token(
                user=request.user,
                now=request.now,
                scopes=form.scopes(),
                life=form.life(),
                name=form.cleaned_data["name"],
                has_used_factor=may_teach,
            )
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            fresh, form = {"token": token, "text": text}, TokenForm(may_teach=may_teach)
    context = {"section": "settings", "form": form, "fresh": fresh, "tokens": tokens_of(request.user)}
    if is_staff and not may_teach:
        context |= {"needs_factor": True, "ways": ways_to_use_factor(request.user)}
    return render(request, "accounts/tokens.html", context)


@require_POST
@login_required
def revoke_own_token(request: HttpRequest, token_id: str) -> HttpResponse:
    revoke_token(user=request.user, token_id=token_id)
    messages.success(request, _("Token revoked. Programs can no longer use it."))
    return redirect("tokens")


class Devices(ListUserSessionsView):
    """List the signed-in devices, and sign out everywhere else. The password or passkey is asked for again first."""

    form_class = SignOutForm

    def form_valid(self, form: SignOutForm) -> HttpResponse:
        raise_if_reauthentication_required(self.request, app="")
        return super().form_valid(form)
