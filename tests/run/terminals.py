"""What people see on a real terminal, that of tmux: the bar, and lines that are printed meanwhile."""

import contextlib
import os
import pty
import re
import shlex
import shutil
import subprocess
import time
import unittest

from harness import ENVIRONMENT, HAUL, RunTest, wait_until

BAR = re.compile(r"\d+/\d+|\d+ done")


class Terminal:
    """A shell in a tmux of its own; what it shows, without colours."""

    def __init__(self, folder, columns, rows=24):
        self.socket = str(folder / f"tmux{columns}")
        self.folder = folder
        environment = {**ENVIRONMENT, "PS1": "$ ", "TERM": "screen"}
        environment.pop("CI", None)
        environment.pop("NO_COLOR", None)
        self.environment = environment
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), "-s", "s", "sh")
        self.tmux("set", "-g", "window-size", "manual")

    def tmux(self, *arguments):
        return subprocess.run(["tmux", "-S", self.socket, *arguments], cwd=self.folder, env=self.environment,
                              check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout.decode()

    def type(self, line):
        self.tmux("send-keys", "-t", "s", "-l", line)
        self.tmux("send-keys", "-t", "s", "Enter")

    def resize(self, columns, rows=24):
        self.tmux("resize-window", "-t", "s", "-x", str(columns), "-y", str(rows))

    def lines(self):
        """All there is, also above the window; lines that the terminal has wrapped are told as two."""
        return self.tmux("capture-pane", "-p", "-t", "s", "-S", "-1000").rstrip("\n").split("\n")

    def joined(self):
        """As `lines`, but lines that were wrapped are whole."""
        return self.tmux("capture-pane", "-p", "-J", "-t", "s", "-S", "-1000").rstrip("\n").split("\n")

    def close(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], check=False, capture_output=True)


@unittest.skipUnless(shutil.which("tmux"), "no tmux")
class Terminals(RunTest):
    def terminal(self, columns, rows=24):
        terminal = Terminal(self.folder, columns, rows)
        self.addCleanup(terminal.close)
        terminal.type("clear; echo rea''dy")
        wait_until(lambda: terminal.lines()[0] == "ready" and len(terminal.lines()) == 2)  # and the prompt
        return terminal

    def run_haul(self, terminal, *arguments):
        command = shlex.join([HAUL, *map(str, arguments)])
        (self.folder / "run.sh").write_text(f"{command}\necho code $? > ended.new; mv ended.new ended\n")
        terminal.type(". ./run.sh")

    def has_ended(self):
        return (self.folder / "ended").exists()

    def list_of(self, *paths):
        (self.folder / "list").write_text("".join(self.url(path) + "\n" for path in paths))
        return self.folder / "list"

    def see_bar(self, terminal):
        wait_until(lambda: any(BAR.search(line) for line in terminal.lines()))
        return terminal.lines()

    def slow(self):
        """Each takes some three seconds."""
        return [f"/drip/30/100?some-rather-long-name-that-has-to-be-cut-{number}" for number in range(8)]

    def begin(self, columns, *arguments, paths=()):
        terminal = self.terminal(columns)
        self.run_haul(terminal, "--check", "-i", self.list_of(*self.slow(), *paths), "--retry", "0", *arguments)
        return terminal

    def end(self, terminal):
        wait_until(self.has_ended)
        wait_until(lambda: any(" answers, " in line for line in terminal.joined()))
        return terminal.joined()

    def test_the_bar_is_never_wrapped_and_leaves_nothing_behind(self):
        for columns in (40, 80, 200):
            with self.subTest(columns):
                (self.folder / "ended").unlink(missing_ok=True)
                terminal = self.begin(columns, paths=["/status/404", "/status/500"])
                seen = self.see_bar(terminal)
                bar = next(index for index, line in enumerate(seen) if BAR.search(line))
                self.assertTrue(all(len(line) < columns for line in seen[bar:]), seen)
                ended = self.end(terminal)
                self.assertFalse(any(re.search(r"\d+%|\d+ done", line) for line in ended), ended)
                for status in ("404 Not Found", "500 Failed"):
                    self.assertEqual(sum(line.startswith("failed ") and line.endswith(status) for line in ended), 1, ended)
                terminal.close()

    def test_a_terminal_that_changes_its_size_is_followed(self):
        terminal = self.begin(80)
        self.see_bar(terminal)
        terminal.resize(50)
        wait_until(lambda: any(BAR.search(line) and len(line) < 50 for line in terminal.lines()))
        terminal.resize(120)
        wait_until(lambda: any(BAR.search(line) for line in terminal.lines()))
        self.assertIn("8 answers", " ".join(self.end(terminal)))

    def test_an_interrupt_leaves_the_terminal_as_it_was(self):
        terminal = self.begin(80)
        self.see_bar(terminal)
        terminal.tmux("send-keys", "-t", "s", "C-c")
        wait_until(lambda: "8 cancelled" in " ".join(terminal.joined()))
        self.assertFalse(any(re.search(r"\d+%", line) for line in terminal.lines()))
        self.assertEqual(terminal.tmux("display", "-p", "-t", "s", "#{cursor_flag}").strip(), "1")


class WithoutATerminal(RunTest):
    def run_on(self, *arguments, environment=None, terminal=False):
        """What comes out at standard error, which is a terminal or a pipe."""
        master, slave = pty.openpty() if terminal else os.pipe()
        process = self.start("--check", *arguments, stderr=slave, stdout=subprocess.DEVNULL,
                             env={**ENVIRONMENT, "TERM": "xterm", **(environment or {})})
        os.close(slave)
        said = b""
        with contextlib.suppress(OSError):
            while (piece := os.read(master, 65536)):
                said += piece
        os.close(master)
        self.assertEqual(process.wait(), 0)
        return said.decode()

    def test_escape_codes_go_to_terminals_that_know_them_and_nowhere_else(self):
        slow = self.url("/drip/10/100")
        self.assertIn("\x1b[", self.run_on(slow, terminal=True))
        self.assertNotIn("\x1b", self.run_on(slow))
        self.assertNotIn("\x1b", self.run_on(slow, "--progress", "bar"))
        self.assertNotIn("\x1b", self.run_on(slow, terminal=True, environment={"TERM": "dumb"}))
        self.assertNotIn("\x1b", self.run_on(slow, "--progress", "none", "--color", "never", terminal=True))

    def test_nothing_is_coloured_where_that_is_not_wanted(self):
        colour = re.compile(r"\x1b\[[0-9;]*m")
        slow = self.url("/drip/10/100")
        self.assertRegex(self.run_on(slow, terminal=True), colour)
        self.assertNotRegex(self.run_on(slow, terminal=True, environment={"NO_COLOR": "1"}), colour)

    def test_a_log_gets_a_sentence_now_and_then(self):
        self.assertRegex(self.run_on(self.url("/drip/62/100"), environment={"CI": "true"}), r"haul: 0 of 1 done, .*/s")

    def test_at_most_ten_times_a_second_is_redrawn(self):
        began = time.monotonic()
        said = self.run_on(self.url("/drip/20/100"), terminal=True)
        self.assertLessEqual(said.count("\x1b[J"), 10 * (time.monotonic() - began) + 2)
        self.assertNotIn("\x1b[?25l", said)


if __name__ == "__main__":
    unittest.main()
