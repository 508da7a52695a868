"""What the sign-in library shows and sends, in our words, through our catalogues, on our pages."""

from typing import Any

from flask import Flask
from flask_security.babel import FsDomain

from auditkit.base.text import N_, _

PAGES = {
    "SECURITY_LOGIN_USER_TEMPLATE": "accounts/sign_in.html",
    "SECURITY_FORGOT_PASSWORD_TEMPLATE": "accounts/forgot.html",
    "SECURITY_RESET_PASSWORD_TEMPLATE": "accounts/reset.html",
    "SECURITY_CHANGE_PASSWORD_TEMPLATE": "accounts/change_password.html",
    "SECURITY_VERIFY_TEMPLATE": "accounts/verify.html",
    "SECURITY_EMAIL_TEMPLATE_PASSWORD_RESET": "accounts/mail/reset_instructions",
    "SECURITY_EMAIL_TEMPLATE_PASSWORD_RESET_NOTICE": "accounts/mail/reset_notice",
    "SECURITY_EMAIL_TEMPLATE_PASSWORD_CHANGE_NOTICE": "accounts/mail/change_notice",
    "SECURITY_EMAIL_SUBJECT_PASSWORD_RESET": N_("Choose a new password"),
    "SECURITY_EMAIL_SUBJECT_PASSWORD_NOTICE": N_("A new password was set"),
    "SECURITY_EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": N_("Your password was changed"),
}

# Everything the routes we switched on can say. The library's own catalogue has two of our seven languages.
MESSAGES = {
    "GENERIC_AUTHN_FAILED": N_("The e-mail address or the password is wrong. Check both, or ask for a new password"),
    "USER_DOES_NOT_EXIST": N_("The e-mail address or the password is wrong. Check both, or ask for a new password"),
    "DISABLED_ACCOUNT": N_("This account was closed. Ask the administrator of your organisation"),
    "EMAIL_NOT_PROVIDED": N_("Enter your e-mail address"),
    "INVALID_EMAIL_ADDRESS": N_("Enter an e-mail address such as name@example.org"),
    "PASSWORD_NOT_PROVIDED": N_("Enter a password"),
    "INVALID_PASSWORD": N_("The present password is wrong. Enter it again"),
    "PASSWORD_IS_THE_SAME": N_("Choose a password that differs from the present one"),
    "PASSWORD_INVALID_LENGTH": N_("Use at least %(length)s characters for the password"),
    "PASSWORD_TOO_SIMPLE": N_("This password is easy to guess. Use several words in a row"),
    "RETYPE_PASSWORD_MISMATCH": N_("The two passwords differ. Enter the same one twice"),
    "GENERIC_RECOVERY": N_("If this address has an account here, a mail with a link is on its way."),
    "PASSWORD_RESET_REQUEST": N_("If %(email)s has an account here, a mail with a link is on its way."),
    "PASSWORD_RESET_EXPIRED": N_("The link is older than %(within)s. Ask for a new one"),
    "INVALID_RESET_PASSWORD_TOKEN": N_("This link does not work, or was used. Ask for a new one"),
    "PASSWORD_RESET": N_("Your new password is set, and you are signed in."),
    "PASSWORD_RESET_NO_LOGIN": N_("Your new password is set. Sign in with it."),
    "PASSWORD_CHANGE": N_("Your password was changed."),
    "REAUTHENTICATION_REQUIRED": N_("Enter your password again for this"),
    "REAUTHENTICATION_SUCCESSFUL": N_("Thank you, go on."),
    "REFRESH": N_("Sign in again: this needs a fresh sign-in"),
    "UNAUTHENTICATED": N_("Sign in first"),
    "UNAUTHORIZED": N_("Your role does not allow this. Ask an administrator of your organisation"),
    "ANONYMOUS_USER_REQUIRED": N_("You are signed in already."),
    "INVALID_REDIRECT": N_("The address to go to next lies outside this installation"),
    "API_ERROR": N_("This request was not understood"),
}


class OurTexts(FsDomain):
    """Translates the library's texts by our catalogues."""

    def gettext(self, string: str, **variables: Any) -> str:
        """`string` in the language of the screens, its placeholders filled."""
        return _(str(string), **variables)


def configure(app: Flask) -> None:
    """Point the library at our pages, mails and texts; before it is initialised."""
    app.config.update(PAGES)
    good = {"PASSWORD_RESET", "PASSWORD_RESET_NO_LOGIN", "PASSWORD_CHANGE", "REAUTHENTICATION_SUCCESSFUL"}
    asking = {"REAUTHENTICATION_REQUIRED", "REFRESH"}
    quiet = {"GENERIC_RECOVERY", "PASSWORD_RESET_REQUEST", "ANONYMOUS_USER_REQUIRED", *asking}
    for name, message in MESSAGES.items():
        tone = "good" if name in good else "info" if name in quiet else "bad"
        app.config[f"SECURITY_MSG_{name}"] = (message, tone)
