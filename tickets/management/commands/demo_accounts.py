"""Say who can sign in to the demonstration, and how."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from tickets.demo.parties import DEMO_PASSWORD, PEOPLE, PersonPart

ORDER = (
    "administrator", "client_manager", "reader", "untrained", "other_client", "agent", "manager", "platform",
)  # fmt: skip


class Command(BaseCommand):
    """Print one account a role, with its password: the demonstration hides nothing."""

    help = "Prints the demonstration's accounts: role, name, address and password."

    @override("en")  # the command line speaks English, as the launcher does
    def handle(self, *args: Any, **options: Any) -> None:
        """Print a table of the accounts that exist."""
        shown = {part.shown_as: part for part in PEOPLE if part.shown_as}
        addresses = [part.email for part in shown.values()]
        there = set(User.objects.filter(email__in=addresses).values_list("email", flat=True))
        if not there:
            self.stdout.write(_("This instance holds no demonstration (make demo-reset writes one)."))
            return
        rows = [
            (
                self.part_played(shown[key]),
                f"{shown[key].first_name} {shown[key].last_name}",
                shown[key].email,
            )
            for key in ORDER
            if shown[key].email in there
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(2)]
        self.stdout.write(
            _("Demonstration accounts, all with the password %(password)s") % {"password": DEMO_PASSWORD}
        )
        for role, name, email in rows:
            self.stdout.write(f"  {role:<{widths[0]}}  {name:<{widths[1]}}  {email}")

    def part_played(self, part: PersonPart) -> str:
        """Say a person's role, and what is particular to this one."""
        role = str(part.role.label)
        particular = {
            "administrator": _("trained"),
            "untrained": _("not trained"),
            "other_client": _("of another client"),
        }.get(part.shown_as)
        return f"{role} ({particular})" if particular else role
