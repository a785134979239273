"""The parties of the support contract: clients, solutions, people with one role each, trainings."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.access_log import AccessRecord
from accounts.organisation_sign_in.models import IdentityDomain, IdentityProvider
from accounts.scope import scope_named_after, scoped
from accounts.traces import Traced
from accounts.viewing_as.models import Consultation, ConsultationEnd
from accounts.zones import validate_time_zone

__all__ = [
    "CLIENT_ROLES", "VENDOR_ROLES", "AccessRecord", "Client", "Consultation", "ConsultationEnd",
    "IdentityDomain", "IdentityProvider",
    "Role", "Solution", "Training", "TrainingQuerySet", "User", "UserManager",
]  # fmt: skip


class Solution(models.Model):
    """A product that the vendor sells and supports."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    code = models.SlugField(_("code"), max_length=40, unique=True)
    description = models.TextField(_("description"), blank=True)
    training_contact = models.TextField(
        _("how to get trained"),
        blank=True,
        help_text=_(
            "Shown to a person who may not file yet (C-WHO-2): whom to write to, which session to join."
        ),
    )
    training_lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("training contact at the vendor"),
        help_text=_("Told of trainings about to expire; without one, the support managers are."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    history = HistoricalRecords(bases=[Traced])

    class Meta:
        verbose_name = _("solution")
        verbose_name_plural = _("solutions")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Client(models.Model):
    """An organisation under contract: a tenant, of which nothing is ever visible to another."""

    name = models.CharField(_("name"), max_length=160, unique=True)
    code = models.SlugField(_("code"), max_length=40, unique=True)
    readers_allowed = models.BooleanField(
        _("readers may read the organisation's tickets"),
        default=False,
        help_text=_(
            "Readers, and administrators without a valid training, read only if this is on (C-WHO-2)."
        ),
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    history = HistoricalRecords(bases=[Traced])

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a person is to the contract; the first three belong to a client, the others to the vendor."""

    ADMINISTRATOR = "administrator", _("Authorised administrator")
    READER = "reader", _("Reader")
    CLIENT_MANAGER = "client_manager", _("Client manager")
    AGENT = "agent", _("Support agent")
    MANAGER = "manager", _("Support manager")
    PLATFORM_ADMINISTRATOR = "platform_administrator", _("Platform administrator")


CLIENT_ROLES = frozenset({Role.ADMINISTRATOR, Role.READER, Role.CLIENT_MANAGER})
VENDOR_ROLES = frozenset({Role.AGENT, Role.MANAGER, Role.PLATFORM_ADMINISTRATOR})
WORKING_ROLES = frozenset({Role.AGENT, Role.MANAGER})


class UserManager(BaseUserManager["User"]):
    """Creates people; addresses are kept in lower case so that one person has one account."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Create a person; without a password none will do until the person chooses one."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Create a platform administrator (what Django's command line calls a superuser)."""
        return self.create_user(email, password, **{**fields, "role": Role.PLATFORM_ADMINISTRATOR})

    def workers(self) -> models.QuerySet["User"]:
        """Return whoever works on tickets, or did before leaving: who may own one, who answers clients."""
        return self.filter(role__in=WORKING_ROLES)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a person by e-mail, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person with one role; client roles belong to exactly one client, vendor roles to none."""

    email = models.EmailField(_("e-mail"), unique=True)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    role = models.CharField(_("role"), max_length=24, choices=Role)
    client = models.ForeignKey(
        Client, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("client")
    )
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="fr")
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Europe/Paris", validators=[validate_time_zone]
    )
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined at"), auto_now_add=True)
    # Counts how often all access was ended: sessions and links of an earlier count open nothing.
    access_epoch = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()
    history = HistoricalRecords(bases=[Traced], excluded_fields=["password", "last_login", "access_epoch"])

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["last_name", "first_name", "id"]
        constraints = [
            models.CheckConstraint(name="address_in_lower_case", condition=models.Q(email=Lower("email"))),
            models.UniqueConstraint(fields=["client", "id"], name="person_of_client"),
            models.CheckConstraint(
                name="client_roles_have_a_client",
                condition=models.Q(role__in=sorted(CLIENT_ROLES), client__isnull=False)
                | models.Q(role__in=sorted(VENDOR_ROLES), client__isnull=True),
                violation_error_message=_("A client's role needs a client; a vendor's role has none."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def clean(self) -> None:
        """Keep the address in lower case, so that one person has one account."""
        super().clean()
        self.email = self.email.lower()

    def check_password(self, raw_password: str | None) -> bool:
        """Tell whether this is the password; one hashed anew is written in the person's own scope."""
        with scoped(scope_named_after(self)):
            return super().check_password(raw_password)

    def get_full_name(self) -> str:
        """Return first and last name, or the address of a person who has neither."""
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Called by Django for the present and for each former SECRET_KEY; a session carries the answer.
        known = f"{self.password}:{self.access_epoch}"
        return salted_hmac("accounts.sessions", known, secret=secret, algorithm="sha256").hexdigest()

    @property
    def is_vendor(self) -> bool:
        """Tell whether the person works for the vendor."""
        return self.role in VENDOR_ROLES

    @property
    def works_on_tickets(self) -> bool:
        """Tell whether the person owns tickets and answers clients, now."""
        return self.is_active and self.role in WORKING_ROLES

    @property
    def is_staff(self) -> bool:
        """Tell whether the back office (Django's admin) opens for this person."""
        return self.is_active and self.role == Role.PLATFORM_ADMINISTRATOR

    @property
    def is_superuser(self) -> bool:
        """Tell whether every back-office permission is granted: it goes with the role, it is no flag."""
        return self.is_staff

    def has_perm(self, perm: str, obj: object | None = None) -> bool:
        """Answer Django's back-office question; the product's own rules are in tickets.permissions."""
        return self.is_staff

    def has_perms(self, perm_list: Iterable[str], obj: object | None = None) -> bool:
        """Answer Django's back-office question for several permissions."""
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        """Answer Django's back-office question for a whole app."""
        return self.is_staff


class TrainingQuerySet(models.QuerySet["Training"]):
    """Trainings, by the questions that the contract asks."""

    def valid_on(self, day: date) -> Self:
        """Keep those held on or before `day` (a local date), neither expired nor ended early then (C-WHO-1)."""
        return self.filter(
            models.Q(expires_on__isnull=True) | models.Q(expires_on__gte=day),
            models.Q(ended_on__isnull=True) | models.Q(ended_on__gt=day),
            trained_on__lte=day,
            person__is_active=True,
        )

    def allowing(self, person: User, solution: Solution, day: date) -> Self:
        """Keep those that let `person` use the support of `solution` on `day`."""
        return self.valid_on(day).filter(person=person, solution=solution)


class Training(models.Model):
    """One person was trained by the vendor to administer one solution (C-WHO-1)."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="trainings", verbose_name=_("client"))
    person = models.ForeignKey(User, models.PROTECT, related_name="trainings", verbose_name=_("person"))
    solution = models.ForeignKey(
        Solution, models.PROTECT, related_name="trainings", verbose_name=_("solution")
    )
    trained_on = models.DateField(_("trained on"))
    trainer = models.CharField(_("trainer"), max_length=160)
    expires_on = models.DateField(
        _("expires on"), null=True, blank=True, help_text=_("Last day of validity.")
    )
    ended_on = models.DateField(
        _("ended on"), null=True, blank=True, help_text=_("First day on which it counts no more.")
    )
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    end_motive = models.TextField(_("motive of the end"), blank=True)

    objects = TrainingQuerySet.as_manager()
    history = HistoricalRecords(bases=[Traced])

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        ordering = ["person", "solution", "-trained_on"]
        constraints = [
            models.UniqueConstraint(fields=["person", "solution", "trained_on"], name="one_training_a_day"),
            models.UniqueConstraint(fields=["client", "id"], name="training_of_client"),
            models.CheckConstraint(
                name="training_expires_after_it_was_held",
                condition=models.Q(expires_on__isnull=True)
                | models.Q(expires_on__gte=models.F("trained_on")),
                violation_error_message=_("A training cannot expire before it was held."),
            ),
            models.CheckConstraint(
                name="training_ended_early_has_a_motive",
                condition=models.Q(ended_on__isnull=True, end_motive="")
                | models.Q(ended_on__isnull=False) & ~models.Q(end_motive=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.solution} · {self.trained_on:%d/%m/%Y}"


class DeputationQuerySet(models.QuerySet["Deputation"]):
    """Deputies, by the day on which they stand in."""

    def running_on(self, day: date) -> Self:
        """Keep those that run on `day` (a local date), not ended before, whose deputy is still there."""
        return self.covering(day).filter(deputy__is_active=True)

    def covering(self, day: date) -> Self:
        """Keep those named for `day` (a local date), not ended before; their deputy may be there no more."""
        return self.filter(first_day__lte=day, last_day__gte=day, ended_at__isnull=True)

    def serving(self, solution: Solution | int, day: date) -> Self:
        """Keep those whose deputy may act on `solution` that day, by a training of their own (C-WHO-1)."""
        own = Training.objects.valid_on(day).filter(solution=solution)
        return self.running_on(day).filter(deputy__role=Role.ADMINISTRATOR, deputy__in=own.values("person"))


class Deputation(models.Model):
    """For some days a colleague, trained as well, receives what an administrator would and is named beside them."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="deputations", verbose_name=_("client"))
    person = models.ForeignKey(
        User, models.PROTECT, related_name="deputations", verbose_name=_("person away")
    )
    deputy = models.ForeignKey(
        User, models.PROTECT, related_name="deputations_held", verbose_name=_("deputy")
    )
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("to"), help_text=_("Last day, included."))
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = DeputationQuerySet.as_manager()

    class Meta:
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(
                name="deputation_ends_after_it_starts",
                condition=models.Q(last_day__gte=models.F("first_day")),
            ),
            models.CheckConstraint(
                name="nobody_is_their_own_deputy", condition=~models.Q(person=models.F("deputy"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} → {self.person}"
