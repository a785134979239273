"""The vendor's accent colour, made into tokens that stay legible in light and in dark."""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
INK: Colour = (20, 25, 26)
# The grounds on which text in the accent colour must be read (tokens.css: paper and surface, light and dark).
LIGHT_GROUNDS: tuple[Colour, ...] = ((241, 239, 233), WHITE)
DARK_GROUNDS: tuple[Colour, ...] = ((20, 25, 26), (37, 45, 46))
LEGIBLE = 4.8  # above WCAG's 4.5 for text, so that rounding never falls short
HEXADECIMAL = re.compile(r"#[0-9a-fA-F]{6}")
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Accent:
    """The accent on one kind of ground: as text or fill, what is written on it, pressed, and as a tint."""

    fill: Colour
    on_fill: Colour
    pressed: Colour
    tint: Colour

    def declarations(self) -> str:
        """Return the tokens as CSS declarations."""
        values = {
            "--hd-accent": self.fill, "--hd-on-accent": self.on_fill,
            "--hd-accent-pressed": self.pressed, "--hd-accent-tint": self.tint,
        }  # fmt: skip
        return "".join(f"{name}:{to_hex(colour)};" for name, colour in values.items())


def from_hex(text: str) -> Colour:
    """Read “#0b5d66”; ImproperlyConfigured for anything else, so that no other text reaches a stylesheet."""
    if not HEXADECIMAL.fullmatch(text):
        raise ImproperlyConfigured(f"VENDOR_ACCENT is not a colour like #0b5d66: {text!r}")
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def to_hex(colour: Colour) -> str:
    """Write a colour as “#0b5d66”."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def mix(first: Colour, second: Colour, part: float) -> Colour:
    """Return `first` with `part` (0 to 1) of `second` in it."""
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(first, second, strict=True))
    return red, green, blue


def luminance(colour: Colour) -> float:
    """Return the relative luminance, 0 for black to 1 for white (WCAG 2)."""
    parts = (value / 255 for value in colour)
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: Colour, second: Colour) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2)."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def legible(colour: Colour, grounds: tuple[Colour, ...], towards: Colour) -> Colour:
    """Return `colour`, moved towards another by as little as makes it legible on every ground."""
    for step in range(101):
        tried = mix(colour, towards, step / 100)
        if min(contrast(tried, ground) for ground in grounds) >= LEGIBLE:
            return tried
    return towards


def accent_on(base: Colour, grounds: tuple[Colour, ...], towards: Colour) -> Accent:
    """Derive the accent for the grounds of one theme; it is legible on its own tint too."""
    tint = mix(grounds[-1], base, 0.1)
    fill = legible(base, (*grounds, tint), towards)
    on_fill = max((WHITE, INK), key=lambda ink: contrast(fill, ink))
    return Accent(fill, on_fill, mix(fill, towards, 0.18), tint)


@lru_cache(maxsize=8)
def stylesheet(accent: str) -> str:
    """Return the stylesheet of an accent colour."""
    base = from_hex(accent)
    light = accent_on(base, LIGHT_GROUNDS, (0, 0, 0)).declarations()
    dark = accent_on(base, DARK_GROUNDS, WHITE).declarations()
    return f":root,[data-bs-theme=light]{{{light}}}\n[data-bs-theme=dark]{{{dark}}}\n"


@lru_cache(maxsize=8)
def fingerprint(accent: str) -> str:
    """Return what the stylesheet's address carries, so that browsers keep it until it changes."""
    return hashlib.sha256(stylesheet(accent).encode()).hexdigest()[:12]


@require_safe
def theme(request: HttpRequest) -> HttpResponse:
    """Serve the vendor's accent as tokens; only an address that carries their fingerprint is kept for long."""
    response = HttpResponse(stylesheet(settings.VENDOR_ACCENT), content_type="text/css; charset=utf-8")
    if request.META["QUERY_STRING"] == fingerprint(settings.VENDOR_ACCENT):
        patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    else:
        patch_cache_control(response, public=True, max_age=5 * 60)
    return response
