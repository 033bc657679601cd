"""A browser test that fails is run once more, alone, after all others.

One late frame on a busy machine must not turn a whole run red, and must not be hidden either: a test that passes
the second time is told as *flaky*, with its first failure, so that its cause can be mended. Tests of other folders
are never run twice, nor is anything when so many fail that it is no chance.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

import pytest

FOLDER = "tests/browser/"
MOST = 8  # failures that may be chance
FLAKY = "flaky"
NO_PASS = ("failure", "error", "skipped")
ALONE = "GT_TESTS_ALONE"  # set in the second run, which has no third


def register(config: pytest.Config) -> None:
    """Watch a run of tests; not the workers of one, whose failures reach their controller."""
    if not hasattr(config, "workerinput") and not os.environ.get(ALONE):
        config.pluginmanager.register(Again(config), "run-again")


class Again:
    """What failed in this run, and what became of it the second time."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.failed: dict[str, list[pytest.TestReport]] = {}
        self.passed_then: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember what failed: in its set-up, itself, or behind it."""
        if report.failed:
            self.failed.setdefault(report.nodeid, []).append(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Run the browser tests among them again; the session passes if nothing else is left."""
        again = [test for test in self.failed if test.startswith(FOLDER)]
        if session.exitstatus != pytest.ExitCode.TESTS_FAILED or not 0 < len(again) <= MOST:
            return
        self.passed_then = passing_alone(again, Path(str(self.config.rootpath)))
        self._tell_apart()
        session.testsfailed -= len(self.passed_then)
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        if not reporter.stats.get("failed") and not reporter.stats.get("error"):
            session.exitstatus = pytest.ExitCode.OK

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print each flaky test with its first failure."""
        if self.passed_then:
            terminalreporter.section("flaky: failed, and passed alone")
        for test in self.passed_then:
            terminalreporter.write_line(f"flaky: {test}", yellow=True)
            for report in self.failed[test]:
                terminalreporter.write_line(f"{report.when}: {report.longreprtext}")

    def _tell_apart(self) -> None:
        """Count what passed alone as flaky, no more as failed or as an error."""
        stats = self.config.pluginmanager.get_plugin("terminalreporter").stats
        flaky = set(self.passed_then)
        for kind in ("failed", "error"):
            left = [one for one in stats.get(kind, []) if getattr(one, "nodeid", "") not in flaky]
            stats[kind] = left
        stats[FLAKY] = [self.failed[test][0] for test in self.passed_then]


def passing_alone(tests: list[str], root: Path) -> list[str]:
    """Those of some tests that pass, one after the other in a run of their own.

    Args:
        tests: Their node ids.
        root: The folder that these are of.
    """
    environment = {**os.environ, ALONE: "1"}
    environment.pop("PYTEST_ADDOPTS", None)  # side by side, and reports of the whole run
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", *tests, "-q", f"--junitxml={report}"]
        subprocess.run([*command, "-o", "junit_family=xunit1"], cwd=root, env=environment)
        return passed_in(report, tests) if report.exists() else []


def passed_in(report: Path, tests: list[str]) -> list[str]:
    """Those of some tests that a report in JUnit's format says passed; not those that it says were skipped."""
    good: set[str] = set()
    bad: set[str] = set()
    for case in xml.parse(report).iter("testcase"):
        test = f"{case.get('file')}::{case.get('name')}"
        (bad if any(said.tag in NO_PASS for said in case) else good).add(test)
    return [test for test in tests if test in good - bad]
