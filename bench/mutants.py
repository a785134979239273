"""Would the suite notice? Removes each permission and each filter in turn, and says which removals no test meets.

Run by `make mutants` (SAMPLE=40 for so many at random, MINUTES=30 for no longer, ONLY=tickets/desk for one place,
AGAIN=1 for those that survived last time). The tree that is tried is a copy in which every removal is present and
switched off (bench.removals); a warm process runs each test once, notes which removals it would meet, then runs the
nearest of those tests again with one removal made (bench.mutant_runs).
"""

import argparse
import hashlib
import json
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.equivalents import EQUIVALENT
from bench.mutant_runner import LEFT_OUT, ROOT, SUITE, Runner, Test, copied
from bench.removals import Removal, removals_of, switch_tree

KEPT, NOTES = ROOT / "var" / "mutants.json", ROOT / "var" / "mutants-notes.json"
# Tests that ask of filters, of refusals and of rights, whatever their place.
WHOSE = "tests/tickets/test_whose.py"
ASKING = (
    WHOSE, "tests/tickets/test_refusals", "tests/tickets/test_permissions.py", "tests/tickets/test_rules.py",
)  # fmt: skip
# At most so many runs for one removal, and as many seconds: a filter is looked at three times.
RUNS, RUNS_ALONE, RUNS_BEHIND = 30, 12, 4


@dataclass
class Trial:
    """What has been tried of one removal."""

    removal: Removal
    queue: list[Test] = field(default_factory=list)
    most: int = RUNS
    runs: int = 0
    seconds: float = 0.0
    late: int = 0
    by: str = ""
    why: str = ""
    alone: bool = False  # noticed with the second wall down, and not with both

    @property
    def told(self) -> str:
        """Say how far a removal that survives was tried."""
        words = f"{self.runs} runs" if self.runs else "no test meets it"
        if self.late:
            words += f", {self.late} too late"
        if self.queue and self.runs < self.most and self.seconds < self.most:
            words += ", time was up"
        return words

    def next_tests(self, count: int) -> list[Test]:
        """Take the next tests to run, within what one removal may cost."""
        taken: list[Test] = []
        while self.queue and len(taken) < count and self.runs < self.most and self.seconds < self.most:
            taken.append(self.queue.pop(0))
            self.runs += 1
            self.seconds += taken[-1].seconds
        return taken


def nearest_first(removal: Removal, tests: Iterable[Test]) -> list[Test]:
    """Order the tests that meet a removal: in turn, one of its own place, one of the access table, one of the rest.

    Of its own place the quickest first; of the others first those that meet few removals, which ask about this one.
    """
    place, near = Path("tests") / Path(removal.path).parent, ""
    while place != Path("tests") and not near:
        near = str(place) if (ROOT / place).is_dir() else ""
        place = place.parent
    word = f"test_{Path(removal.path).stem.removesuffix('s')}"
    own, table, rest = [], [], []
    for test in tests:
        is_near = near.count("/") > 1 and test.name.startswith(f"{near}/")
        if is_near or word in test.name.partition("::")[0] or test.name.startswith(ASKING):
            own.append(test)
        elif test.name.startswith(("tests/access/", "tests/wall/", "tests/test_access.py")):
            table.append(test)
        else:
            rest.append(test)
    first = WHOSE if removal.is_filter else ASKING
    own.sort(
        key=lambda test: (not test.name.startswith(first), test.seconds * (3 + len(test.reached)), test.name)
    )
    for others in (table, rest):
        others.sort(
            key=lambda test: ("each_cell" not in test.name, test.seconds > 10, len(test.reached), test.name)
        )
    lists, ordered = [table, own, rest] if removal.is_filter else [own, table, rest], []
    while any(lists):
        ordered += [each.pop(0) for each in lists if each]
    return ordered


def tried(runner: Runner, trials: dict[int, Trial], tests: dict[str, Test]) -> None:
    """Try removals in rounds: one test each, then two of the next for those still alive, then four…"""
    count, doubts = 1, Counter[int]()
    while time.monotonic() < runner.until:
        groups: dict[str, list[int]] = defaultdict(list)
        for number, trial in trials.items():
            for test in [] if trial.by else trial.next_tests(count):
                groups[test.name].append(number)
        if not groups:
            return
        judge(runner.try_groups(groups, tests), trials, tests, doubts if runner.walls == "up" else None)
        alive = sum(not trial.by and bool(trial.queue) for trial in trials.values())
        noticed = sum(bool(trial.by) for trial in trials.values())
        print(f"  {noticed} noticed, {alive} to try again with other tests", flush=True)
        count = min(2 * count, 32)


def judge(
    lines: list[dict[str, Any]], trials: dict[int, Trial], tests: dict[str, Test], doubts: Counter[int] | None
) -> None:
    """Believe a failure unless the test failed as it is soon after: then it is asked again, three times at most."""
    doubtful = {(number, line["by"]) for line in lines if "doubtful" in line for number in line["doubtful"]}
    for line in lines:
        if "tried" not in line:
            continue
        trial, number = trials[line["tried"]], line["tried"]
        trial.late += line["late"]
        if not line["failed"] or line["late"] or trial.by:
            continue
        if (number, line["by"]) not in doubtful:
            trial.by, trial.why = line["by"], line["why"]
        elif doubts is not None and doubts[number] < 3:
            doubts[number] += 1
            trial.queue.insert(0, tests[line["by"]])


def noted(runner: Runner, removals: list[Removal], *, again: bool) -> tuple[list[Test], set[int], list[str]]:
    """Return every test with the removals that it meets, those asked for at import, and what fails as it is.

    What was noted last time is taken for the tests whose file has not changed since, where `again` says so.
    """
    numbers = {each.key: each.number for each in removals}
    keys = {each.number: each.key for each in removals}
    digests = {
        str(file.relative_to(ROOT)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted((ROOT / "tests").rglob("test_*.py"))
    }
    kept: dict[str, Any] = (
        json.loads(NOTES.read_text()) if again else {"files": {}, "tests": [], "at_import": []}
    )
    same = {name for name, digest in digests.items() if kept["files"].get(name) == digest}
    old = [each for each in kept["tests"] if each["test"].partition("::")[0] in same]
    changed = [
        name for name in digests if name not in same and "browser" not in name and name not in LEFT_OUT
    ]
    wanted = [name for name in changed if any(name.startswith(each) for each in SUITE)]
    lines = runner.note(wanted if again else SUITE) if wanted else []
    new = [
        {
            "test": line["test"],
            "seconds": line["seconds"],
            "reached": [keys[each] for each in line["reached"]],
        }
        for line in lines
        if line.get("passed")
    ]
    at_import = {keys[number] for line in lines for number in line.get("at_import", ())} | set(
        kept["at_import"]
    )
    NOTES.parent.mkdir(exist_ok=True)
    NOTES.write_text(json.dumps({"files": digests, "tests": old + new, "at_import": sorted(at_import)}))
    failing = [f"{line['test']}: {line['why'][-200:]}" for line in lines if line.get("passed") is False]
    tests = [
        Test(each["test"], each["seconds"], [numbers[key] for key in each["reached"] if key in numbers])
        for each in old + new
    ]
    return tests, {numbers[key] for key in at_import if key in numbers}, failing


def apart(runner: Runner, trial: Trial, tests: dict[str, Test]) -> None:
    """Try a removal that is asked once and for all, when its module is read."""
    for line in runner.apart(trial.removal.path, trial.removal.number, WHOSE):
        trial.runs += "test" in line
        if line.get("passed") is False and line["test"] in tests and not trial.by:
            trial.by, trial.why = line["test"], line["why"]


def both_up(
    filters: dict[int, Trial], tests: dict[str, Test], meeting: dict[int, list[Test]]
) -> dict[int, tuple[str, str]]:
    """Prepare filters to be tried with both walls up; return what noticed them with one: that is asked first."""
    noticed = {number: (trial.by, trial.why) for number, trial in filters.items() if trial.by}
    for number, trial in filters.items():
        trial.by, trial.runs, trial.seconds, trial.most = "", 0, 0.0, RUNS_BEHIND
        # One that nothing noticed alone may still be met by a test of the second wall.
        trial.queue = [tests[noticed[number][0]]] if number in noticed else meeting[number][:]
        trial.queue = nearest_first(trial.removal, trial.queue)
    return noticed


def asked() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=0, help="so many at random (0: all)")
    parser.add_argument("--minutes", type=float, default=120, help="stop after so long")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="the beginning of a path")
    parser.add_argument("--again", default="", help="those that survived last time")
    parser.add_argument("--list", action="store_true", help="say them, run nothing")
    return parser.parse_args()


def chosen(found: list[Removal], options: argparse.Namespace) -> list[Removal]:
    """Choose which to try."""
    found = [each for each in found if each.path.startswith(options.only)]
    if options.again:
        former = set(json.loads(KEPT.read_text())["survivors"])
        found = [each for each in found if each.key in former]
    if options.sample:
        found = random.Random(options.seed).sample(found, min(options.sample, len(found)))
    return found


def said(trials: list[Trial], *, again: bool) -> int:
    """Say how it went, keep it, and return 0 when 95 % of those that change something were noticed.

    With `again`, what was noticed last time is counted as well: it was not tried anew.
    """
    former = json.loads(KEPT.read_text())["noticed"] if again else {}
    noticed = former | {
        trial.removal.key: {"by": trial.by, "alone": trial.alone, "why": trial.why}
        for trial in trials
        if trial.by
    }
    left = {trial.removal.key: trial for trial in trials if not trial.by}
    same = [trial for key, trial in left.items() if key in EQUIVALENT]
    survivors = {key: trial for key, trial in left.items() if key not in EQUIVALENT}
    KEPT.parent.mkdir(exist_ok=True)
    kept = {"noticed": noticed, "survivors": {key: trial.told for key, trial in survivors.items()}}
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False))
    alone = sum(each["alone"] for each in noticed.values())
    changing = len(noticed) + len(survivors)
    print(
        f"\n{len(noticed)} of {changing} removals noticed; {alone} of them once row-level security is down."
    )
    print(f"{len(same)} more change nothing:")
    for trial in same:
        print(f"  equal     {trial.removal}\n            {EQUIVALENT[trial.removal.key]}")
    for trial in survivors.values():
        print(f"  SURVIVES  {trial.removal}  ({trial.told})")
    share = len(noticed) / max(1, changing)
    print(f"{share:.1%} of those that change something.")
    return 0 if share >= 0.95 else 1


def main() -> int:
    """Try the removals."""
    options = asked()
    begun = time.monotonic()
    removals = removals_of(ROOT)
    found = chosen(removals, options)
    print(f"{len(found)} permissions and filters found.", flush=True)
    if options.list:
        print("\n".join(map(str, found)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        copy = copied(folder)
        list(switch_tree(copy))
        runner = Runner(copy, begun + 60 * options.minutes)
        every, at_import, failing = noted(runner, removals, again=bool(options.again))
        tests = {test.name: test for test in every}
        print(
            f"{len(tests)} tests noted in {time.monotonic() - begun:.0f} s; {len(failing)} fail as they are:"
        )
        print("".join(f"  {each}\n" for each in failing), flush=True)
        trials = {each.number: Trial(each) for each in found}
        meeting: dict[int, list[Test]] = defaultdict(list)
        for test in tests.values():
            for number in test.reached:
                meeting[number].append(test)
        at_import |= {each.number for each in removals if each.where.endswith(".ready")}
        for number, trial in trials.items():
            trial.queue = nearest_first(trial.removal, meeting[number])
        print(f"{sum(not trial.queue for trial in trials.values())} are met by no test.", flush=True)
        filters = {number: trial for number, trial in trials.items() if trial.removal.is_filter}
        print("Refusals and sign-ins:", flush=True)
        tried(runner, {number: trial for number, trial in trials.items() if number not in filters}, tests)
        print("Filters, with row-level security down:", flush=True)
        runner.walls = "down"
        for trial in filters.values():
            trial.most = RUNS_ALONE
        tried(runner, filters, tests)
        alone = both_up(filters, tests, meeting)
        print("The same, with row-level security up:", flush=True)
        runner.walls = "up"
        tried(runner, filters, tests)
        for number, (by, why) in alone.items():
            trial = trials[number]
            if not trial.by:
                trial.by, trial.why, trial.alone = by, why, True
        for number in [each for each in at_import & set(trials) if not trials[each].by]:
            apart(runner, trials[number], tests)
        print(f"{time.monotonic() - begun:.0f} s in all.")
        return said(list(trials.values()), again=bool(options.again))


if __name__ == "__main__":
    sys.exit(main())
