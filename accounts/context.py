"""What every page knows about the instance (the vendor's identity) and about the reader's screen."""

from django.conf import settings
from django.http import HttpRequest

from accounts.preferences import THEMES, chosen_theme
from accounts.theme import fingerprint


def instance(request: HttpRequest) -> dict[str, object]:
    """Give templates the vendor's identity (settings of the instance) and the theme chosen."""
    return {
        "vendor": {
            "name": settings.VENDOR_NAME,
            "logo": settings.VENDOR_LOGO,
            "accent": settings.VENDOR_ACCENT,
            "theme_version": fingerprint(settings.VENDOR_ACCENT),
        },
        "languages": tuple(settings.LANGUAGES),
        "theme": chosen_theme(request),
        "themes": tuple(THEMES.items()),
    }
