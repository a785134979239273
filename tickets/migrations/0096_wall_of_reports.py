"""Row-level security on what reports count and say, and on the files of lists.

A client reads its issued reports and the findings that its own figures set apart (K-11), and writes neither; the sums
over everybody are the vendor's alone.
"""

from django.db import migrations

from accounts.wall import NONE, OWN, wall


class Migration(migrations.Migration):
    dependencies = [("tickets", "0095_reports_same_client")]
    operations = [
        wall("tickets_outcome"),
        wall("tickets_dayfigures", NONE),
        wall("tickets_breachfinding", NONE, reads=OWN),
        wall("tickets_monthlyreport", NONE, reads=f"{OWN} AND state = 'issued'"),
        wall("tickets_exportschedule"),
        wall("tickets_exportrecipient"),
        wall("tickets_listexport"),
    ]
