"""Forms for the people of a class: a list of them, one person to invite, groups, and a new account."""

from collections.abc import Collection

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.core import context as allauth_context
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.forms import AdvisedPassword
from foundation.frame.forms import OpeningForm, ReasonForm, reason_field
from people.rules.student_numbers import LONGEST_NUMBER
from people.selectors.invited import invitation_ahead
from people.selectors.listed import only_listed


def separated_names(text: str) -> list[str]:
    """Return the names in a text that separates them by commas. Spaces within a name become one, as in a class list."""
    return [name for part in text.split(",") if (name := " ".join(part.split()))]


class RosterForm(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("CSV with a header, at most 1,000 people. Excel’s CSV works too."), required=False
    )
    text = forms.CharField(
        label=_("Or paste the list here"),
        help_text=_("With the header, for example copied from a spreadsheet."),
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
    )
    invites = forms.ChoiceField(
        label=_("People who are not in the class yet"),
        choices=[
            ("no", _("are enrolled at once; you pass on links for new accounts")),
            ("yes", _("get an invitation by email")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )


class InviteeForm(forms.Form):
    """A person to invite by email."""

    email = forms.EmailField(label=_("Email"), max_length=254)
    name = forms.CharField(label=_("Full name"), max_length=200, required=False)
    groups = forms.CharField(
        label=_("Groups"), help_text=_("Separate several names by commas."), max_length=1000, required=False
    )

    student_number = forms.CharField(
        label=_("Student number"),
        help_text=_("Only staff of the course see it."),
        max_length=LONGEST_NUMBER,
        required=False,
    )

    def clean_groups(self) -> list[str]:
        return separated_names(self.cleaned_data["groups"])


class StudentNumberForm(forms.Form):
    number = forms.CharField(
        label=_("Student number"),
        help_text=_("Only staff of the course see it. Leave it empty for none."),
        max_length=LONGEST_NUMBER,
        required=False,
    )


class GroupsForm(forms.Form):
    groups = forms.CharField(
        label=_("Groups"),
        help_text=_("Separate several names by commas. A new name makes a new group."),
        max_length=1000,
        required=False,
    )

    def clean_groups(self) -> list[str]:
        return separated_names(self.cleaned_data["groups"])


ROLE_NAMES = {
    "instructor": _("Instructor"),
    "assistant": _("Assistant"),
    "author": _("Author"),
    "observer": _("Observer"),
}

FIRST_ROLE = "assistant"  # what a form proposes: nobody becomes an instructor by forgetting to choose


class LimitingForm(OpeningForm):
    """A role and, if the course has groups, those to which it is limited, or that it is for the whole class on purpose."""

    WHOLE_CLASS_HELP = _("Ends a limit to groups. A person without a limit sees the whole class without this, too.")

    def __init__(
        self, *args: object, known_groups: Collection[str] = (), has_limits: bool = False, **kwargs: object
    ) -> None:
        """With `has_limits`, a role is limited already, maybe to groups that have ended."""
        super().__init__(*args, **kwargs)
        if known_groups:
            self.fields["groups"] = forms.MultipleChoiceField(
                label=_("Only these groups"),
                help_text=_("For assistants and observers, who then see no other learners."),
                choices=[(name, name) for name in known_groups],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        if known_groups or has_limits:
            self.fields["whole_class"] = forms.BooleanField(
                label=_("The whole class"),
                help_text=self.WHOLE_CLASS_HELP,
                required=False,
            )
        self.order_fields(None)

    def clean(self) -> dict[str, object]:
        """Return the values; `groups` is None if none was chosen."""
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        return {"whole_class": False, **cleaned, "groups": cleaned.get("groups") or None}


class AccountForm(LimitingForm):
    """An account and, to appoint it, its role in the course."""

    username = forms.CharField(label=_("Username"), max_length=150)
    role = forms.ChoiceField(
        label=_("Role"), choices=ROLE_NAMES, initial=FIRST_ROLE, help_text=_("Used only to appoint someone.")
    )


class StaffInviteeForm(LimitingForm):
    """A person to invite by email to work in the course."""

    WHOLE_CLASS_HELP = _(
        "Ends the limit of an invitation that was sent before. A limit of the person themselves stays."
    )
    email = forms.EmailField(label=_("Email"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=ROLE_NAMES, initial=FIRST_ROLE)


class RemovalForm(ReasonForm):
    """Why a learner is removed, which the audit keeps."""

    reason = reason_field(_("Reason"), _("The audit keeps this reason."))


class SignupForm(AdvisedPassword, allauth.SignupForm):
    """A new account; an invitation by email has confirmed its address."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Username")
        self.fields["username"].help_text = _("Letters, digits and @ . + - _. Only you and your instructors see it.")
        self.fields["email"].label = _("Email")
        self.fields["email"].help_text = _("We use it to confirm your account and to reset your password.")
        self.invitation = invitation_ahead(allauth_context.request)
        if self.invitation is not None:
            self.initial["email"] = self.invitation.email
            self.fields["email"].widget.attrs["readonly"] = True
            self.fields["email"].help_text = _("Your invitation is for this address and has confirmed it.")

    def clean_email(self) -> str:
        """Return the address; with an invitation, its address, because the invitation is for no other."""
        if self.invitation is not None:
            self.cleaned_data["email"] = self.invitation.email
        email: str = super().clean_email()
        return email


class ResetPasswordForm(allauth.ResetPasswordForm):
    """Ask for a new password. An address that an account has from a class list alone resets nothing.

    Its reader gets a message about that instead of the link, and the page says the same as ever.
    """

    def clean_email(self) -> str:
        email: str = super().clean_email()
        listed = only_listed([user.pk for user in self.users], email)
        self.users = [user for user in self.users if user.pk not in listed]
        self.has_listed = bool(listed)
        return email

    def save(self, request: HttpRequest, **options: object) -> str:
        email: str = self.cleaned_data["email"]
        if self.users or not self.has_listed:
            return str(super().save(request, **options))
        get_adapter().send_mail("account/email/listed_account", email, {"request": request})
        return email
