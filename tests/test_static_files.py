"""Static files as they are served: named by their content, wherever another one names them."""

import re
import shutil
from pathlib import Path

from django.core.files.storage import FileSystemStorage

from helpdesk.static_files import ServedFilesStorage

SCRIPTS = Path(__file__).resolve().parent.parent / "static" / "js"
IMPORTED = re.compile(r'from\s*"\./([^"]+)"')


def test_a_module_imports_the_one_that_pages_load(tmp_path: Path) -> None:
    """Under another name, it would run twice: each of its listeners would answer twice, the last one to run winning."""
    shutil.copytree(SCRIPTS, tmp_path / "js")
    source = FileSystemStorage(location=SCRIPTS.parent)
    paths = {f"js/{path.name}": (source, f"js/{path.name}") for path in SCRIPTS.glob("*.js")}
    storage = ServedFilesStorage(location=tmp_path, base_url="/static/")
    served = [
        (name, Path(hashed).name) for name, hashed, _done in storage.post_process(paths) if hashed != name
    ]
    named = {
        name: hashed for name, hashed in served if hashed.endswith(".js")
    }  # compressed beside, some of them
    imported = 0
    for name, hashed in named.items():
        wanted = IMPORTED.findall((SCRIPTS / Path(name).name).read_text())
        assert IMPORTED.findall((tmp_path / "js" / hashed).read_text()) == [
            named[f"js/{each}"] for each in wanted
        ]
        imported += len(wanted)
    assert imported >= 3
