"""Checking a report as its reader does: by the command, from its JSON alone."""

import io
import json
from pathlib import Path

from django.core.management import call_command


def verify(document: object, tmp_path: Path) -> str:
    """Return what `report_verify` says of a document; `CommandError` if it does not confirm it."""
    path, out = tmp_path / "report.json", io.StringIO()
    path.write_text(json.dumps(document, ensure_ascii=False, default=str), encoding="utf-8")
    call_command("report_verify", str(path), stdout=out)
    return out.getvalue()
