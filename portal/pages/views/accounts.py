"""Account pages beyond allauth's: name, zone, theme, API tokens, signing out everywhere."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings as site
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.adapters import has_used_factor, ways_to_use_factor
from accounts.selectors import tokens_of
from accounts.services import choose_theme, create_token, revoke_token
from mail.selectors import address_for, mail_wanted
from people.access import enrollments_seen, refuse_archived, refuse_to_show
from people.selectors import course_for
from portal.calendars.selectors import calendar_of
from portal.goals.services import change_person
from portal.pages.forms.settings import THEMES, PersonForm, SignOutForm, TokenForm
from portal.pages.services import courses_with_fixed_name, name_certificate
from portal.refusals import Refusal

YEAR = 365 * 24 * 60 * 60


@login_required
def settings(request: HttpRequest) -> HttpResponse:
    user = request.user
    form = PersonForm(request.POST or None, initial={"name": user.name, "timezone": user.timezone})
    if request.method == "POST" and form.is_valid():
        change_person(user=user, **form.cleaned_data, now=request.now)
        messages.success(request, _("Saved."))
        return redirect("settings")
    feed = calendar_of(user)
    address = request.build_absolute_uri(reverse("calendar", args=[feed.token])) if feed else ""
    enrollments = enrollments_seen(user)
    context = {"section": "settings", "form": form, "enrollments": enrollments, "calendar": address}
    context |= {"mail": mail_wanted(user), "mail_address": address_for(user)}
    context["fixed_names"] = courses_with_fixed_name(user.pk, [each.course_id for each in enrollments], now=request.now)
    return render(request, "portal/settings.html", context)


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


def safe_address(request: HttpRequest, address: str) -> str:
    """Return an address of this site, or the home page for any other."""
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    # redirect() would take a single word for a view's name
    return address if is_ours and address.startswith("/") else "/"


@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """Create a token and show it once, on the page that answers the form. Only its digest is stored.

    The password or passkey is asked for again first, because a token outlives the session that creates it.
    """
    may_teach = request.user.is_staff and has_used_factor(request)
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
    if request.user.is_staff and not may_teach:
        context |= {"needs_factor": True, "ways": ways_to_use_factor(request.user)}
    return render(request, "portal/tokens.html", context)


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
