"""The catalogues: complete and exact, or refused in gettext's words."""

import pytest

from launcher.catalogues import REPORTED, complaints_of


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ('msgid "Draft"\nmsgstr "Brouillon"\n', None),
        ('msgid "Draft"\nmsgstr ""\n', "untranslated"),
        ('#, fuzzy\nmsgid "Draft"\nmsgstr "Courant d’air"\n', "needs to be reviewed"),
        ('msgid "Sketch"\nmsgstr "Esquisse"\n', "not defined"),
        ('msgid "Draft"\nmsgstr "Brouillon"\n\nmsgid "Old"\nmsgstr "Vieux"\n', "not used"),
    ],
    ids=["complete", "untranslated", "fuzzy", "missing", "left over"],
)
def test_a_catalogue_that_is_not_complete_and_exact_is_refused(tmp_path, entry, complaint):
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    ours, code = tmp_path / "fr.po", tmp_path / "django.pot"
    ours.write_text(header + entry)
    code.write_text(header + 'msgid "Draft"\nmsgstr ""\n')

    lines = complaints_of(["msgcmp", str(ours), str(code)], REPORTED)

    assert any(complaint in line for line in lines) if complaint else not lines
