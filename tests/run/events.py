"""--events-fd tells a program that watches what happens as it happens."""

import json
import os
import pathlib
import threading
import time
import unittest

from harness import RunTest

EXAMPLES = pathlib.Path(os.environ["EXAMPLES"])


class Events(RunTest):
    def watch(self, *arguments, read=None):
        """The run, and the lines that came; `read` is given the descriptor instead, and gives bytes."""
        ours, theirs = os.pipe()
        came = []

        def listen():
            came.append(read(ours) if read else open(ours, "rb", closefd=False).read())
        reader = threading.Thread(target=listen)
        reader.start()
        process = self.start("--json", "-P", "out", "--events-fd", theirs, *arguments, pass_fds=[theirs])
        os.close(theirs)
        run = self.finish(process)
        reader.join()
        os.close(ours)
        return run, [json.loads(line) for line in came[0].splitlines()]

    def test_attempts_retries_and_records_come_in_their_order(self):
        run, events = self.watch("--retry-delay", "10ms", self.url("/status/503/1"))
        self.assertEqual(run.code, 0, run.stderr)
        self.assertEqual([(event["type"], event.get("attempt")) for event in events],
                         [("run", None), ("begin", 1), ("retry", None), ("begin", 2), ("result", None), ("summary", None)])
        self.assertEqual((events[2]["class"], events[2]["message"]), ("http", "503 Service Unavailable"))
        self.assertEqual({event["id"] for event in events[1:5]}, {"1"})
        self.assertEqual(events[4], run.results[1])
        self.assertEqual(events[5], run.summary)

    def test_progress_is_told_of_what_takes_long(self):
        _, events = self.watch("--limit-rate", "100K", self.url("/bytes/300000"))
        progress = [event for event in events if event["type"] == "progress"]
        self.assertGreater(len(progress), 1)
        self.assertEqual([event["size"] for event in progress], [300000] * len(progress))
        came = [event["bytes"] for event in progress]
        self.assertEqual(came, sorted(came))
        self.assertLess(0, came[-1])

    def test_each_line_is_of_its_schema(self):
        try:
            import jsonschema
        except ImportError:
            self.skipTest("no jsonschema")
        with open(EXAMPLES / "event.schema.json", encoding="utf-8") as file:
            schema = jsonschema.Draft202012Validator(json.load(file))
        _, events = self.watch("--limit-rate", "100K", "--retry-delay", "10ms", "http://user:secret@127.0.0.1:1/",
                               self.url("/bytes/150000"), self.url("/status/503/1"))
        own = [event for event in events if event["schema"] == "haul.event/1"]
        self.assertEqual({event["type"] for event in own}, {"begin", "progress", "retry"})
        for event in own:
            schema.validate(event)
        self.assertNotIn("secret", json.dumps(events))

    def test_a_slow_reader_misses_nothing_but_progress(self):
        def read_slowly(descriptor):
            time.sleep(1)
            return open(descriptor, "rb", closefd=False).read()
        urls = [self.url(f"/bytes/1?{number}") for number in range(1000)]
        (self.folder / "list").write_text("\n".join(urls))
        run, events = self.watch("-i", "list", read=read_slowly)
        self.assertEqual(run.code, 0)
        for kind, count in (("begin", 1000), ("result", 1000), ("run", 1), ("summary", 1)):
            self.assertEqual(sum(event["type"] == kind for event in events), count, kind)

    def test_a_reader_that_leaves_does_not_end_the_run(self):
        ours, theirs = os.pipe()
        os.close(ours)
        run = self.haul("--check", "--events-fd", theirs, self.url("/bytes/1"), pass_fds=[theirs])
        os.close(theirs)
        self.assertEqual(run.code, 0)
        self.assertIn("haul: cannot write the events: ", run.stderr)

    def test_a_full_disk_does_not_end_it_either(self):
        with open("/dev/full", "wb") as full:
            run = self.haul("--check", "--events-fd", full.fileno(), self.url("/bytes/1"), pass_fds=[full.fileno()])
        self.assertEqual(run.code, 0)
        self.assertIn("no space left", run.stderr)

    def test_what_cannot_be_written_to_is_refused(self):
        with open("/dev/null", "rb") as null:
            for descriptor in (200, null.fileno()):
                run = self.haul("--events-fd", descriptor, self.url("/bytes/1"), pass_fds=[null.fileno()])
                self.assertEqual((run.code, run.stderr),
                                 (2, f"haul: '--events-fd {descriptor}' is not open for writing\n"))
        for arguments in (["--json"], ["-o", "-"], ["-w", "x"]):
            self.assertEqual(self.haul("--events-fd", 1, *arguments, self.url("/bytes/1")).code, 2)


if __name__ == "__main__":
    unittest.main()
