"""The columns of a trace as migration operations: rows written before are of no known way, those after say theirs."""

from django.db import migrations, models

from accounts.traces import WAY_CHOICES, address_now, agent_now, name_now, through_now
from accounts.tracing import LONGEST_AGENT, LONGEST_NAME


def traced_columns(*models_traced: str) -> list[migrations.operations.base.Operation]:
    """Return what adds the four columns to these models, empty on the rows that are there."""
    operations: list[migrations.operations.base.Operation] = []
    for name in models_traced:
        for column, (former, present) in COLUMNS.items():
            operations += [
                migrations.AddField(name, column, former()),
                migrations.AlterField(name, column, present()),
            ]
    return operations


def _through(default: object) -> models.Field:
    return models.CharField(
        blank=True, choices=WAY_CHOICES, default=default, max_length=8, verbose_name="through"
    )


def _name(default: object) -> models.Field:
    return models.CharField(blank=True, default=default, max_length=LONGEST_NAME, verbose_name="way")


def _address(default: object) -> models.Field:
    return models.GenericIPAddressField(default=default, null=True, verbose_name="internet address")


def _agent(default: object) -> models.Field:
    return models.CharField(blank=True, default=default, max_length=LONGEST_AGENT, verbose_name="program")


COLUMNS = {
    "through": (lambda: _through(""), lambda: _through(through_now)),
    "through_name": (lambda: _name(""), lambda: _name(name_now)),
    "address": (lambda: _address(None), lambda: _address(address_now)),
    "agent": (lambda: _agent(""), lambda: _agent(agent_now)),
}
