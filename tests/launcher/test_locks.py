"""What is locked: exact versions with their digests, and no address of where they came from."""

import json
import re

import pytest

from launcher.places import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_python_package_has_a_version_a_digest_and_no_address(lock):
    text = lock.read_text()
    entries = re.split(
        r"\n(?=[a-z])", "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    )

    assert entries
    assert all(re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==\S+", entry.strip()) for entry in entries)
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert "-index" not in text


def test_every_front_end_package_has_a_version_a_digest_and_no_address():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    installed = {name: package for name, package in packages.items() if name}

    assert len(installed) >= 3
    assert all(package["version"] and package["integrity"] for package in installed.values())
    assert not any("resolved" in package for package in installed.values())
