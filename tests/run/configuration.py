"""Options from the environment and from a file."""

import json
import os
import pathlib
import shutil
import subprocess
import unittest

from harness import ENVIRONMENT, RunTest

VALIDATE = """
import json, sys
try:
    import jsonschema
    schema, value = (json.load(open(path)) for path in sys.argv[1:])
    jsonschema.Draft202012Validator.check_schema(schema)
    valid = jsonschema.Draft202012Validator(schema).is_valid(value)
except Exception as problem:
    print(problem, file=sys.stderr)
    sys.exit(3)
sys.exit(not valid)
"""
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

    def validate(self, path):
        """0 when `path` is what the schema describes, 1 when it is not."""
        done = subprocess.run(["python3", "-c", VALIDATE, "schema", path], cwd=self.folder, check=False,
                              capture_output=True, text=True)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return done.returncode

    def test_the_schema_takes_what_haul_takes(self):
        (self.folder / "schema").write_bytes(self.haul("--generate", "schema").stdout)
        self.assertEqual(self.validate(EXAMPLES / "haul.json"), 0)
        for wrong in ({"jbos": 1}, {"jobs": 0}, {"json": "yes"}, {"if-exists": "burn"}, {"help": True}):
            path = self.configure("a.json", **wrong)
            self.assertEqual(self.haul("--config", path, "u").code, 2, wrong)
            self.assertEqual(self.validate(path), 1, wrong)

    @unittest.skipUnless(shutil.which("fish"), "no fish")
    def test_fish_completes_options_and_their_words(self):
        (self.folder / "haul.fish").write_bytes(self.haul("--generate", "fish").stdout)
        for line, wanted in (("haul --jobs-p", ["--jobs-per-host"]), ("haul --if-exists ren", ["rename"]),
                             ("haul --config haul.f", ["haul.fish"]), ("haul -j ", []), ("haul --help ret", ["retries"])):
            done = subprocess.run(["fish", "--no-config", "-c", f"source haul.fish; complete -C '{line}'"],
                                  cwd=self.folder, capture_output=True, check=True,
                                  env={**ENVIRONMENT, "HOME": str(self.folder)})
            self.assertEqual([offer.split("\t")[0] for offer in done.stdout.decode().splitlines()], wanted, line)

    @unittest.skipUnless(shutil.which("zsh"), "no zsh")
    def test_zsh_is_told_of_every_option(self):
        (self.folder / "_haul").write_bytes(self.haul("--generate", "zsh").stdout)
        done = subprocess.run(["zsh", "-fc", '_arguments() { print -rl -- "$@" }; source ./_haul'], cwd=self.folder,
                              capture_output=True, check=True)
        specs = done.stdout.decode().splitlines()
        self.assertEqual(done.stderr, b"")
        for spec in ("*-i+[read URLs from FILE; '-' is standard input]:FILE:_files",
                     "(-j --jobs)--jobs=[the most transfers at once]:N: ",
                     "(-P --output-dir)-P+[save below DIR, made when missing]:DIR:_files -/",
                     "--fsync[sync each file and its folders to disk]", "*:URL:_urls"):
            self.assertIn(spec, specs)

    def test_bash_completes_options_and_their_words(self):
        (self.folder / "haul.bash").write_bytes(self.haul("--generate", "bash").stdout)
        for words, wanted in ((["--jobs-p"], ["--jobs-per-host"]), (["--if-exists", "o"], ["overwrite"]),
                              (["--jobs", ""], []), (["--config", "haul.b"], ["haul.bash"]),
                              (["-h", "red"], ["redirects"])):
            script = 'source ./haul.bash; COMP_WORDS=(haul "$@"); COMP_CWORD=$#; _haul; printf "%s\\n" "${COMPREPLY[@]}"'
            done = subprocess.run(["bash", "-ec", script, "bash", *words], cwd=self.folder, capture_output=True,
                                  text=True, check=True)
            self.assertEqual(done.stdout.split(), wanted, words)

    def test_the_example_is_one(self):
        run = self.haul_with({}, "--config", EXAMPLES / "haul.json")
        self.assertEqual((run.code, run.lines[0]["jobs"]), (0, 64), run.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
