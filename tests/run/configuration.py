"""Options from the environment and from a file."""

import json
import os
import pathlib
import unittest

from harness import ENVIRONMENT, RunTest

EXAMPLES = pathlib.Path(os.environ["EXAMPLES"])


class Configuration(RunTest):
    def haul_with(self, variables, *arguments):
        return self.haul("--json", "--check", *arguments, self.url("/bytes/10"), env={**ENVIRONMENT, **variables})

    def configure(self, name, **settings):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))
        return path

    def test_the_command_line_goes_before_the_environment_and_that_before_the_file(self):
        path = self.configure("settings.json", **{"jobs": 11, "jobs-per-host": 11})
        for variables, arguments, jobs in (({}, [], 11), ({"HAUL_JOBS": "12"}, [], 12),
                                           ({"HAUL_JOBS": "12"}, ["-j", "13"], 13),
                                           ({"HAUL_CONFIG": "not there"}, [], 11)):
            run = self.haul_with(variables, "--config", path, *arguments)
            self.assertEqual((run.code, run.lines[0]["jobs"], run.lines[0]["jobs_per_host"]), (0, jobs, 11), run.stderr)

    def test_the_file_in_the_home_folder_holds_unless_it_is_turned_down(self):
        home = {"HOME": str(self.folder)}
        self.configure(".config/haul/haul.json", jobs=11)
        self.configure("xdg/haul/haul.json", jobs=12)
        for variables, arguments, jobs in (({"XDG_CONFIG_HOME": ""}, [], 11),
                                           ({"XDG_CONFIG_HOME": str(self.folder / "xdg")}, [], 12),
                                           ({"XDG_CONFIG_HOME": ""}, ["--no-config"], 32),
                                           ({"XDG_CONFIG_HOME": "", "HAUL_NO_CONFIG": "1"}, [], 32)):
            run = self.haul_with({**home, **variables}, *arguments)
            self.assertEqual((run.code, run.lines[0]["jobs"]), (0, jobs), run.stderr)

    def test_what_is_not_known_stops_the_run_before_it_begins(self):
        path = self.configure("settings.json", parralel=1)
        for variables, arguments, sentence in (
                ({}, ["--config", path], f"unknown key 'parralel' in '{path}', did you mean 'parallel'?"),
                ({"HAUL_RETYR": "1"}, [], "unknown variable 'HAUL_RETYR' in the environment, "
                                          "did you mean 'HAUL_RETRY'?")):
            run = self.haul_with(variables, *arguments)
            self.assertEqual((run.code, run.stdout, run.stderr), (2, b"", f"haul: {sentence}\n"))

    def test_verbose_runs_tell_who_said_what(self):
        path = self.configure("settings.json", jobs=11, retry=2)
        run = self.haul_with({"HAUL_RETRY": "1"}, "--config", path, "-v")
        self.assertIn(f"haul: '--jobs' is as 'jobs' in '{path}' says\n", run.stderr)
        self.assertIn("haul: '--retry' is as HAUL_RETRY says\n", run.stderr)

    def test_the_example_is_one(self):
        run = self.haul_with({}, "--config", EXAMPLES / "haul.json")
        self.assertEqual((run.code, run.lines[0]["jobs"]), (0, 64), run.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
