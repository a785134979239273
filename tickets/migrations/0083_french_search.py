"""Teach PostgreSQL how the product reads words: in French, accents apart; and plainly, for the beginnings of words."""

from django.db import migrations

FOR_LETTERS = "ALTER MAPPING FOR asciiword, word, asciihword, hword, hword_asciipart, hword_part"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0082_what_the_desk_keeps"), ("sla", "0001_extensions")]
    operations = [
        migrations.RunSQL(
            [
                "CREATE TEXT SEARCH CONFIGURATION helpdesk_french (COPY = pg_catalog.french)",
                f"ALTER TEXT SEARCH CONFIGURATION helpdesk_french {FOR_LETTERS} WITH unaccent, french_stem",
            ],
            "DROP TEXT SEARCH CONFIGURATION helpdesk_french",
        ),
        migrations.RunSQL(
            [
                "CREATE TEXT SEARCH CONFIGURATION helpdesk_plain (COPY = pg_catalog.simple)",
                f"ALTER TEXT SEARCH CONFIGURATION helpdesk_plain {FOR_LETTERS} WITH unaccent, simple",
            ],
            "DROP TEXT SEARCH CONFIGURATION helpdesk_plain",
        ),
    ]
