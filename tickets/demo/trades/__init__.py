"""What goes wrong in each solution of the demonstration, by the solution's code."""

from tickets.demo.trades import (
    citeliane_billing,
    citeliane_families,
    fabrilo_sales,
    fabrilo_workshop,
    rondelys_plannings,
    rondelys_time,
)
from tickets.demo.wording import Anomaly

TRADES: dict[str, tuple[Anomaly, ...]] = {
    "fabrilo": (*fabrilo_sales.ANOMALIES, *fabrilo_workshop.ANOMALIES),
    "rondelys": (*rondelys_plannings.ANOMALIES, *rondelys_time.ANOMALIES),
    "citeliane": (*citeliane_families.ANOMALIES, *citeliane_billing.ANOMALIES),
}
