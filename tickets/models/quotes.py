"""Work that the contract does not cover: dated public price lists, and the quotes made from them (C-OUT-4)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Self

import pgtrigger
from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, User
from tickets.models.ticket import Ticket

CENT = Decimal("0.01")
LONGEST_VALIDITY = 365  # days
LONGEST_CONDITIONS = 20_000  # characters: they are printed on every quote


class PriceListQuerySet(models.QuerySet["PriceList"]):
    """Price lists, by who may read them and by the day on which they are in force."""

    def visible_to(self, user: User) -> Self:
        """Keep every list for the vendor's people, those published for everybody else: they are public."""
        if not user.is_active:
            return self.none()
        return self if user.is_vendor else self.published()

    def published(self) -> Self:
        """Keep the lists that are, were or will be in force: neither drafts, nor those withdrawn before their day."""
        return self.filter(published_at__isnull=False, withdrawn_at__isnull=True)

    def in_force_on(self, day: date) -> "PriceList | None":
        """Return the one list in force on a local date of the contract's time zone; None before the first (C-OUT-4)."""
        return self.published().filter(in_force_from__lte=day).order_by("-in_force_from").first()


class PriceList(models.Model):
    """A public price list: a draft until it is published, then the same for ever, in force from a date (C-OUT-4).

    One list follows the other: each is in force until the day before the next one's. Before its first day a list may
    be withdrawn: it stays as it was, and is as if no day had been given to it. Prices are in euros without tax.
    """

    title = models.CharField(_("title"), max_length=120)
    in_force_from = models.DateField(_("in force from"))
    validity_days = models.PositiveSmallIntegerField(
        _("validity of a quote, in days"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_VALIDITY)],
        help_text=_("Proposed for each quote, counted from the day of its issue."),
    )
    conditions = models.TextField(
        _("conditions of sale"),
        blank=True,
        max_length=LONGEST_CONDITIONS,
        validators=[MaxLengthValidator(LONGEST_CONDITIONS)],  # `max_length` alone binds forms only
        help_text=_("Printed on every quote: payment, travel, revision…"),
    )
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = PriceListQuerySet.as_manager()

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        ordering = ["-in_force_from", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["in_force_from"],
                name="one_price_list_a_day",
                condition=Q(published_at__isnull=False, withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="published_price_list_says_by_whom",
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
            ),
            models.CheckConstraint(
                name="withdrawn_price_list_says_by_whom",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(
                    published_at__isnull=False,
                    withdrawn_at__isnull=False,
                    withdrawn_at__gte=models.F("published_at"),
                    withdrawn_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="validity_of_a_quote_in_days",
                condition=Q(validity_days__gte=1, validity_days__lte=LONGEST_VALIDITY),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="published_price_list_is_fixed",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__published_at__isnull=False),
                func=pgtrigger.Func(
                    f"""
                    IF TG_OP = 'UPDATE' AND OLD.withdrawn_at IS NULL
                        AND (NEW.withdrawn_at AT TIME ZONE '{settings.TIME_ZONE}')::date < OLD.in_force_from
                        AND to_jsonb(NEW) - 'withdrawn_at' - 'withdrawn_by_id'
                            = to_jsonb(OLD) - 'withdrawn_at' - 'withdrawn_by_id'
                    THEN RETURN NEW; END IF;
                    RAISE EXCEPTION 'a published price list never changes, but for its withdrawal before its day';
                """
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_published(self) -> bool:
        """Tell whether it was published: it is fixed."""
        return self.published_at is not None

    @property
    def is_withdrawn(self) -> bool:
        """Tell whether it was withdrawn before its first day: it is never in force."""
        return self.withdrawn_at is not None


class PriceItem(models.Model):
    """One line of a price list: what is sold, by which unit, at which price in euros, under which rate of VAT."""

    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="items")
    code = models.SlugField(_("code"), max_length=20)
    label = models.CharField(_("service"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40)
    unit_price = models.DecimalField(
        _("unit price excl. VAT, in euros"),
        max_digits=10,
        decimal_places=2,
        validators=[MinValueValidator(CENT)],
        # In words: a number would be written with a point, in French too.
        error_messages={"min_value": _("A price is of at least one cent.")},
    )
    vat_rate = models.DecimalField(
        _("VAT, in percent"),
        max_digits=4,
        decimal_places=2,
        default=Decimal("20.00"),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(50))],
    )

    class Meta:
        verbose_name = _("line of a price list")
        verbose_name_plural = _("lines of a price list")
        ordering = ["price_list", "code"]
        constraints = [
            models.UniqueConstraint(
                "price_list",
                Upper("code"),
                name="code_once_a_price_list",
                violation_error_message=_("Another line of this list has this code."),
            ),
            models.CheckConstraint(
                name="price_and_rate_in_bounds",
                condition=Q(unit_price__gt=0, vat_rate__gte=0, vat_rate__lte=50),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="published_price_is_fixed",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                declare=[("published", "timestamptz")],
                func=pgtrigger.Func(
                    """
                    SELECT published_at INTO published FROM tickets_pricelist
                        WHERE id = COALESCE(OLD.price_list_id, NEW.price_list_id);
                    IF published IS NULL AND TG_OP = 'UPDATE' THEN
                        SELECT published_at INTO published FROM tickets_pricelist WHERE id = NEW.price_list_id;
                    END IF;
                    IF published IS NOT NULL THEN
                        RAISE EXCEPTION 'a line of a published price list never changes';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class QuoteQuerySet(models.QuerySet["Quote"]):
    """Quotes, by who may read them: whoever may read the ticket."""

    def visible_to(self, user: User, *, at: datetime) -> Self:
        """Keep the quotes of the tickets that `user` may read at `at`."""
        return self.filter(ticket__in=Ticket.objects.visible_to(user, at=at).values("pk"))


class Quote(models.Model):
    """A quote as it was issued: numbered, hashed, never changed; what becomes of it is in its ticket's ledger.

    `document` is the whole of it but its digest; the columns repeat what lists show. Amounts are in euros.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("client"))
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="quotes", verbose_name=_("ticket"))
    number = models.PositiveIntegerField(_("number"), help_text="Without a gap for each client.")
    price_list = models.ForeignKey(
        PriceList, models.PROTECT, related_name="quotes", verbose_name=_("price list")
    )
    requested_on = models.DateField(_("requested on"))
    issued_at = models.DateTimeField(_("issued on"))
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("issued by"))
    valid_until = models.DateField(_("valid until"), help_text="Included, in the contract's time zone.")
    net = models.DecimalField(_("total excl. VAT"), max_digits=12, decimal_places=2)
    gross = models.DecimalField(_("total incl. VAT"), max_digits=12, decimal_places=2)
    document = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the document, hexadecimal.")

    objects = QuoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["client", "id"], name="quote_of_client"),
            models.UniqueConstraint(fields=["client", "number"], name="quote_number_of_client"),
            models.CheckConstraint(
                name="quote_costs_something", condition=Q(net__gt=0, gross__gte=models.F("net"))
            ),
            models.CheckConstraint(
                name="requested_before_valid", condition=Q(valid_until__gte=models.F("requested_on"))
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="quote_is_fixed", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number by which both sides name it."""
        return reference_of(self.client_id, self.number)


def reference_of(client: int, number: int) -> str:
    """Return how the quote of this number of a client is named."""
    return f"DV-{client}-{number:03d}"
