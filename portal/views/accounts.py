"""One's own account, apart from what allauth does: name, zone, theme, API tokens."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from course import services
from course.selectors import course_for, enrollments_of, tokens_of
from portal.forms.settings import THEMES, PersonForm, TokenForm
from portal.services import name_certificate

YEAR = 365 * 24 * 60 * 60


@login_required
def settings(request: HttpRequest) -> HttpResponse:
    user = request.user
    form = PersonForm(request.POST or None, initial={"name": user.name, "timezone": user.timezone})
    if request.method == "POST" and form.is_valid():
        services.change_person(user=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("settings")
    context = {"section": "settings", "form": form, "enrollments": enrollments_of(user)}
    return render(request, "portal/settings.html", context)


@require_POST
@login_required
def certificate_name(request: HttpRequest, slug: str) -> HttpResponse:
    """The name on a course's certificate, until that is issued (D19)."""
    course, enrollment = course_for(request.user, slug)
    name = request.POST.get("name", "").strip()[:200]
    if enrollment is None or not name:
        messages.error(request, _("Nothing was changed: a certificate needs a full name."))
        return redirect("settings")
    name_certificate(learner_id=request.user.pk, course_id=course.pk, name=name)
    messages.success(request, _("Saved. The certificate will say this name."))
    return redirect("settings")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """For this browser, and for the account where somebody is signed in."""
    chosen = request.POST.get("theme", "")
    if chosen not in THEMES:
        return HttpResponseBadRequest()
    if request.user.is_authenticated:
        services.choose_theme(user=request.user, theme=chosen)
    response = redirect(safe_address(request, request.POST.get("next", "")))
    response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax")
    return response


def safe_address(request: HttpRequest, address: str) -> str:
    """An address of ours, else the first page."""
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if is_ours and address.startswith("/") else "/"  # a word alone would be a view's name to redirect()


@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """A new token is shown once, on the page that answers its form; only its digest is stored."""
    is_staff = request.user.is_staff
    form, fresh = TokenForm(request.POST or None, is_staff=is_staff), None
    if request.method == "POST" and form.is_valid():
        token, text = services.create_token(
            user=request.user,
            now=request.now,
            scopes=form.scopes(),
            life=form.life(),
            name=form.cleaned_data["name"],
            is_session=True,
        )
        fresh, form = {"token": token, "text": text}, TokenForm(is_staff=is_staff)
    context = {"section": "settings", "form": form, "fresh": fresh, "tokens": tokens_of(request.user)}
    return render(request, "portal/tokens.html", context)


@require_POST
@login_required
def revoke_token(request: HttpRequest, token_id: str) -> HttpResponse:
    services.revoke_token(user=request.user, token_id=token_id)
    messages.success(request, _("Revoked. A program that still uses the token is refused from now on."))
    return redirect("tokens")
