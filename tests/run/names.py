"""Which names bodies get, and that nothing is overwritten, followed or written elsewhere."""

import errno
import fcntl
import hashlib
import itertools
import json
import os
import shutil
import time
import unittest

from harness import RunTest, pattern
from resume import Server, whole


def low_bits_of_hash(name):
    """Of the 64-bit FNV-1a by which haul remembers names, folded."""
    value = 0xcbf29ce484222325
    for byte in name.encode():
        value = (value ^ byte) * 0x100000001b3 % 2**64
    return (value ^ value >> 32) % 4096


class Names(RunTest):
    def save(self, *lines, expect=0, arguments=()):
        run = self.haul("--json", "-P", "out", "-i", "-", "--retry", "0", *arguments, stdin=list(lines))
        self.assertEqual(run.code, expect, run.stderr)
        self.assert_one_record_each(run, len(lines))
        return run

    def test_two_urls_with_one_base_name_become_two_whole_files(self):
        run = self.save(self.url("/bytes/5000"), self.url("/delay/100/bytes/5000"), self.url("/chunked/5000"))
        self.assert_files(dict.fromkeys(["5000", "5000.1", "5000.2"], pattern(5000)))
        told = sorted(result["filename_effective"] for result in run.results.values())
        self.assertEqual(told, ["out/5000", "out/5000.1", "out/5000.2"])

    def test_a_thousand_urls_with_one_base_name_become_a_thousand_files(self):
        self.save(*[self.url(f"/delay/{i % 7}/bytes/100") for i in range(1000)], arguments=["--jobs-per-host", "32"])
        self.assert_files(dict.fromkeys(["100"] + [f"100.{i}" for i in range(1, 1000)], pattern(100)))

    def test_names_of_like_hashes_that_many_urls_want_at_once_all_get_their_numbers(self):
        names = list(itertools.islice((name for name in map(str, itertools.count()) if low_bits_of_hash(name) == 0), 20))
        lines = [self.url(f"/delay/100/status/200/{name}?{i}") for i in range(40) for name in names]
        run = self.haul("--json", "-P", "out", "-j", "200", "--jobs-per-host", "200", "-i", "-", stdin=lines, limit=30)
        self.assertEqual(run.code, 0)
        self.assertEqual(sorted(os.listdir(self.out)),
                         sorted(name + (f".{number}" if number else "") for name in names for number in range(40)))

    def test_a_numbered_name_that_another_url_has_by_itself_is_shared_with_nobody(self):
        self.save(self.url("/bytes/10\tname.1"), self.url("/bytes/11\tname"), *[self.url("/redirect/0")] * 2,
                  self.url("/status/200/0.1"), self.url("/status/200/name.1"))
        names = set(os.listdir(self.out))
        self.assertTrue({"name", "name.1", "0", "0.1"} <= names)
        self.assertEqual(len(names), 6)

    def test_a_name_given_twice_is_an_error_and_the_first_stays(self):
        run = self.save(self.url("/bytes/10\tname"), self.url("/delay/200/bytes/20\tname"), expect=1)
        self.assertEqual(run.results[2]["error"]["class"], "input")
        self.assert_files({"name": pattern(10)})

    def test_what_was_there_before_is_never_overwritten(self):
        self.out.mkdir()
        for name in ("10", "11", "mine"):
            (self.out / name).write_text(name)
        (self.out / "12").symlink_to("nowhere")
        run = self.save(self.url("/bytes/10"), self.url("/bytes/300000\t11"), self.url("/bytes/12"),
                        self.url("/bytes/13\tmine"), expect=5)
        for result in run.results.values():
            self.assertEqual(result["error"]["class"], "disk")
            self.assertIn("exists", result["error"]["message"])
        self.assertTrue((self.out / "12").is_symlink())
        (self.out / "12").unlink()
        self.assert_files({"10": b"10", "11": b"11", "mine": b"mine"})

    def put_earlier(self, **files):
        self.out.mkdir(exist_ok=True)
        for name, contents in files.items():
            (self.out / name).write_text(contents)
        time.sleep(0.05)

    def test_a_file_that_exists_is_skipped_when_asked_and_nothing_is_asked_of_the_server(self):
        self.put_earlier(name="mine")
        before = self.origin.stats()["requests"]
        run = self.save(self.url("/bytes/10\tname"), arguments=["--if-exists", "skip"])
        self.assertEqual(self.origin.stats()["requests"], before + 1)  # the question for the count itself
        result = run.results[1]
        self.assertEqual((result["status"], result["reason"], result["error"]), ("skipped", "exists", None))
        self.assertEqual(result["file"], {"path": "out/name", "bytes": 4, "published": True})
        self.assertEqual(result["attempts"], [])
        self.assertEqual(run.summary["skipped"], 1)
        self.assert_files({"name": b"mine"})

    def test_skipping_does_not_mistake_a_folder_or_a_link_for_the_file(self):
        self.put_earlier(target="mine")
        (self.out / "10").mkdir()
        (self.out / "11").symlink_to("target")
        run = self.save(self.url("/bytes/10"), self.url("/bytes/11"), expect=5, arguments=["--if-exists", "skip"])
        self.assertEqual({result["error"]["class"] for result in run.results.values()}, {"disk"})

    def test_two_jobs_with_one_name_are_both_fetched_when_files_of_before_are_skipped(self):
        self.save(self.url("/bytes/10"), self.url("/delay/50/bytes/10"), arguments=["--if-exists", "skip"])
        self.assert_files({"10": pattern(10), "10.1": pattern(10)})

    def test_a_new_file_gets_a_number_beside_one_that_exists_also_when_its_name_was_given(self):
        self.put_earlier(**{"10": "mine", "name": "mine", "name.1": "mine"})
        self.save(self.url("/bytes/10"), self.url("/bytes/11\tname"), arguments=["--if-exists", "rename"])
        self.assert_files({"10": b"mine", "10.1": pattern(10), "name": b"mine", "name.1": b"mine",
                           "name.2": pattern(11)})

    def test_a_file_that_exists_is_overwritten_when_asked_but_never_one_of_this_run(self):
        self.put_earlier(**{"10": "mine", "300000": "mine"})
        (self.folder / "target").write_text("theirs")
        (self.out / "12").symlink_to(self.folder / "target")
        self.save(self.url("/bytes/10"), self.url("/bytes/300000"), self.url("/delay/300/bytes/10"),
                  self.url("/bytes/12"), arguments=["--if-exists", "overwrite"])
        self.assertFalse((self.out / "12").is_symlink())
        self.assertEqual((self.folder / "target").read_text(), "theirs")
        self.assert_files({"10": pattern(10), "10.1": pattern(10), "12": pattern(12), "300000": pattern(300_000)})

    def test_what_is_to_be_overwritten_stays_when_the_transfer_fails(self):
        self.put_earlier(**{"400000": "mine", "404": "mine"})
        (self.out / "12").mkdir()
        run = self.save(self.url("/cut/300000/400000"), self.url("/status/404"), self.url("/bytes/12"), expect=5,
                        arguments=["--if-exists", "overwrite"])
        self.assertEqual(run.results[3]["error"]["class"], "disk")
        self.assert_files({"400000": b"mine", "404": b"mine"})

    def fetch_while_another_run_publishes(self, body, theirs, *arguments, expect=0, **demands):
        """Its result, and what there is in `out`."""
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir()

        def answer(headers):
            (self.out / "another's").write_bytes(theirs)
            (self.out / "another's").rename(self.out / "file")
            return whole(body)(headers)

        server = Server(answer)
        self.addCleanup(server.close)
        run = self.haul("--json", "-P", "out", "-i", "-", *arguments, stdin=[json.dumps({"url": server.url, **demands})])
        self.assertEqual(run.code, expect, run.stderr)
        self.assert_one_record_each(run, 1)
        return run.results[1], {path.name: path.read_bytes() for path in self.out.iterdir()}

    def test_a_file_that_another_run_has_made_meanwhile_is_treated_as_one_that_exists(self):
        theirs = b"theirs"
        for body, demands in itertools.product([b"ours", pattern(700_000)], [{}, {"output": "file"}]):
            for answer in ([], ["--if-exists", "fail"], ["--if-exists", "verify"]):
                result, files = self.fetch_while_another_run_publishes(body, theirs, *answer, expect=5, **demands)
                self.assertEqual((result["status"], result["error"]["class"], result["error"]["code"]),
                                 ("failed", "disk", errno.EEXIST))
                self.assertIn("'out/file' exists", result["errormsg"])
                self.assertEqual(files, {"file": theirs})
            result, files = self.fetch_while_another_run_publishes(body, theirs, "--if-exists", "skip", **demands)
            self.assertEqual((result["status"], result["reason"]), ("skipped", "exists"))
            self.assertEqual(files, {"file": theirs})
            result, files = self.fetch_while_another_run_publishes(body, theirs, "--if-exists", "rename", **demands)
            self.assertEqual((result["status"], result["filename_effective"]), ("ok", "out/file.1"))
            self.assertEqual(files, {"file": theirs, "file.1": body})
            result, files = self.fetch_while_another_run_publishes(body, theirs, "--if-exists", "overwrite", **demands)
            self.assertEqual((result["status"], result["filename_effective"]), ("ok", "out/file"))
            self.assertEqual(files, {"file": body})

    def test_a_file_that_another_run_has_made_meanwhile_will_do_if_it_is_what_is_demanded(self):
        for body in (b"ours", pattern(700_000)):
            result, files = self.fetch_while_another_run_publishes(body, body, checksum="sha256=" + hashlib.sha256(body).hexdigest())
            self.assertEqual((result["status"], result["reason"]), ("skipped", "exists-verified"))
            self.assertEqual(files, {"file": body})

    def test_hostile_paths_become_one_safe_name_each(self):
        paths = {
            "/status/200/%2e%2e%2f%2e%2e%2fpasswd": None, "/status/200/..%2f..%2fx": None, "/status/200//": None,
            "/status/200/...": None, "/status/200/name.": None, "/status/200/.bashrc": None, "/status/200/-rf": None,
            "/status/200/%00": None, "/status/200/a%0ab": None, "/status/200/a%5cb": None, "/status/200/%2e": None,
            "/status/200/" + "x" * 400: None, "/status/200/%ff%fe": None, "/status/200/%e2%80%aefdp.exe": None,
            "/status/200/con.part": None, "/status/200/%7e": None, "/status/200/a:b*?c": None,
        }
        run = self.save(*[self.url(path) for path in paths])
        names = os.listdir(self.out)
        self.assertEqual(len(names), len(paths))
        self.assertEqual(os.listdir(self.folder), ["out"])
        for name in names:
            self.assertNotIn(name[0], ".-", name)
            self.assertTrue(name.isprintable(), name)
            self.assertLessEqual(len(name.encode()), 250)
            self.assertTrue((self.out / name).is_file())
        self.assertEqual({result["file"]["published"] for result in run.results.values()}, {True})

    def test_names_in_a_list_never_leave_the_folder(self):
        bad = ["../x", "/tmp/haul-x", "a/../../x", "..", "a//b", "a/", "a/.", "./../x", "x" * 300]
        run = self.save(*[self.url(f"/bytes/{i}\t{name}") for i, name in enumerate(bad, 1)], expect=1)
        for result in run.results.values():
            self.assertEqual(result["error"]["class"], "input", result["error"])
        self.assertFalse(os.path.exists("/tmp/haul-x"))
        self.assert_files({})
        self.assertEqual(os.listdir(self.folder), ["out"])

    def test_a_symbolic_link_below_the_folder_is_not_followed(self):
        outside = self.folder / "outside"
        outside.mkdir()
        (outside / "target").write_text("mine")
        self.out.mkdir()
        (self.out / "folder").symlink_to(outside)
        (self.out / "10.part").symlink_to(outside / "target")
        (self.out / "11.part").symlink_to(outside / "new")
        run = self.save(self.url("/bytes/10"), self.url("/bytes/11"), self.url("/bytes/12\tfolder/new"),
                        self.url("/bytes/300000\tfolder/large"), expect=5)
        for result in run.results.values():
            self.assertEqual(result["error"]["class"], "disk")
        self.assertEqual(os.listdir(outside), ["target"])
        self.assertEqual((outside / "target").read_text(), "mine")
        self.assertEqual(sorted(os.listdir(self.out)), ["10.part", "11.part", "folder"])

    def test_a_part_file_that_a_dead_run_left_is_taken_over(self):
        self.out.mkdir()
        (self.out / "300000.part").write_bytes(b"x" * 900_000)
        (self.out / "10.part").write_bytes(b"x" * 900)
        time.sleep(0.05)
        self.save(self.url("/bytes/300000"), self.url("/bytes/10"))
        self.assert_files({"300000": pattern(300_000), "10": pattern(10)})

    def test_a_part_file_of_another_run_is_left_alone(self):
        self.out.mkdir()
        with open(self.out / "10.part", "wb") as part:
            part.write(b"theirs")
            part.flush()
            fcntl.flock(part, fcntl.LOCK_EX)
            run = self.save(self.url("/bytes/10"), expect=5)
        self.assertIn("another run", run.results[1]["error"]["message"])
        self.assert_files({"10.part": b"theirs"})

    def test_a_part_file_with_a_second_name_is_not_written_to(self):
        self.out.mkdir()
        (self.folder / "precious").write_text("mine")
        os.link(self.folder / "precious", self.out / "10.part")
        time.sleep(0.05)
        self.save(self.url("/bytes/10"))
        self.assertEqual((self.folder / "precious").read_text(), "mine")
        self.assert_files({"10": pattern(10)})

    def test_a_pipe_in_the_way_does_not_stop_the_run(self):
        self.out.mkdir()
        os.mkfifo(self.out / "10.part")
        os.mkfifo(self.out / "11")
        run = self.haul("--json", "-P", "out", self.url("/bytes/10"), self.url("/bytes/11"), limit=10)
        self.assertEqual(run.code, 5)
        self.assert_one_record_each(run, 2)

    def test_two_runs_in_one_folder_leave_whole_files(self):
        urls = [self.url(f"/bytes/{i}") for i in range(100_000, 100_300)]
        (self.folder / "list").write_text("\n".join(urls))
        runs = [self.start("--json", "-P", "out", "-i", "list", "-j", "32", "--jobs-per-host", "32") for _ in range(2)]
        ended = [self.finish(run) for run in runs]
        for run in ended:
            self.assertIn(run.code, [0, 5])
            self.assert_one_record_each(run, 300)
        names = os.listdir(self.out)
        self.assertTrue({str(i) for i in range(100_000, 100_300)} <= set(names))
        self.assert_files({name: pattern(int(name.split(".")[0])) for name in names})

    def test_a_template_makes_folders_below_the_output_folder_only(self):
        self.save(self.url("/bytes/5"), self.url("/status/200/..%2f..%2fx"), self.url("/status/200/%2e%2e/%2e%2e/y"),
                  arguments=["-o", "{host}/{index}/{path}"])
        self.assertEqual(os.listdir(self.folder), ["out"])
        self.assertEqual(os.listdir(self.out), ["127.0.0.1"])
        self.assertEqual((self.out / "127.0.0.1/1/bytes/5").read_bytes(), pattern(5))

    def test_a_template_that_leaves_the_folder_is_a_usage_error(self):
        for template in ("../{name}", "/tmp/{name}", "{name}/../../x", "{unknown}", "{name"):
            run = self.haul("-P", "out", "-o", template, self.url("/bytes/5"))
            self.assertEqual(run.code, 2, template)
            self.assertFalse(self.out.exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
