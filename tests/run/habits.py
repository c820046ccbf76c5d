"""What the fingers type: lines for curl, wget, aria2 and wget2 as scripts have them, each beside the line of haul that takes
its place, both against one nginx.  Both leave the same files, print the same, and agree on whether all is well.

A peer that is not installed is passed over.
"""

import hashlib
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from harness import ENVIRONMENT, FAST_FOLDER, HAUL, Nginx, TIME_LIMIT, free_port

SERVED = {"one.txt": b"1\n", "two.txt": b"2\n" * 50000, "three.bin": bytes(range(256)) * 300, "empty": b"",
          "folder/deep.txt": b"deep\n", "page-1": b"first\n", "page-2": b"second\n", "page-3": b"third\n"}
ECHOES = """
    server { listen 127.0.0.1:%d; default_type text/plain; gzip on; gzip_min_length 1; root %s;
             location /key { return 200 $http_x_key; }
             location /agent { return 200 $http_user_agent; }
             location /who { return 200 $http_authorization; }
             location /cookies { return 200 $http_cookie; }
             location /method { return 200 "$request_method $content_type $content_length"; }
             location /login { add_header Set-Cookie session=7; return 200 in; }
             location /moved { return 302 /one.txt; }
             location /broken { return 500; }
             location /suggested { add_header Content-Disposition 'attachment; filename="a name.txt"'; return 200 named; } }
"""
ONE = hashlib.sha256(SERVED["one.txt"]).hexdigest()

# What it is called, the line of the peer, the line of haul; in all of them $W is the server, and files are listed in
# `list`, names in `names`.
HABITS = [
    ("curl_saves_under_the_name_of_the_url", "curl -fsSL -O $W/one.txt", "haul -fsSL -O $W/one.txt"),
    ("curl_saves_under_another_name", "curl -fsSL $W/one.txt -o other", "haul -fsSL $W/one.txt -o other"),
    ("curl_makes_folders", "curl -sSf --create-dirs -o a/b/c $W/one.txt", "haul -sSf --create-dirs -o a/b/c $W/one.txt"),
    ("curl_saves_many_at_once", "curl -fsS -Z --no-progress-meter --remote-name-all $W/one.txt $W/two.txt $W/three.bin",
     "haul -fsS -Z --no-progress-meter --remote-name-all $W/one.txt $W/two.txt $W/three.bin"),
    ("curl_saves_into_a_folder", "curl -fs --create-dirs --output-dir out -O $W/two.txt -O $W/empty",
     "haul -fs --create-dirs --output-dir out -O $W/two.txt -O $W/empty"),
    ("curl_shows_a_bar", "curl -# -fO $W/two.txt", "haul -# -fO $W/two.txt"),
    ("curl_counts_pages", "curl -fsS -O \"$W/page-[1-3]\"", "haul -fsS -O \"$W/page-[1-3]\""),
    ("curl_takes_the_name_that_is_suggested", "curl -fsSLOJ $W/suggested", "haul -fsSLOJ $W/suggested"),
    ("curl_follows_to_the_end", "curl -fsSL -o got $W/moved", "haul -fsSL -o got $W/moved"),
    ("curl_may_go_on", "curl -fsSL -C - -O $W/two.txt", "haul -fsSL -C - -O $W/two.txt"),
    ("curl_may_compress", "curl -fsS --compressed -O $W/two.txt", "haul -fsS --compressed -O $W/two.txt"),
    ("curl_writes_to_a_pipe", "curl -fsS $W/two.txt | wc -l", "haul -fsS -o - $W/two.txt | wc -l"),
    ("curl_asks_for_the_status_alone", "curl -s -o /dev/null -w '%{http_code}\\n' $W/one.txt",
     "haul -s -o /dev/null -w '%{http_code}\\n' $W/one.txt"),
    ("curl_sends_a_header", "curl -fsS -H 'X-Key: 7' -o got $W/key", "haul -fsS -H 'X-Key: 7' -o got $W/key"),
    ("curl_is_somebody_else", "curl -fsS -A robot/1 -o got $W/agent", "haul -fsS -A robot/1 -o got $W/agent"),
    ("curl_is_nobody", "curl -fsS -A '' -o got $W/agent", "haul -fsS -A '' -o got $W/agent"),
    ("curl_is_who_the_header_says", "curl -fsS -A robot/1 -H 'User-Agent: robot/2' -o got $W/agent",
     "haul -fsS -A robot/1 -H 'User-Agent: robot/2' -o got $W/agent"),
    ("curl_takes_a_header_back", "curl -fsS -A robot/1 -H User-Agent: -o got $W/agent",
     "haul -fsS -A robot/1 -H User-Agent: -o got $W/agent"),
    ("curl_posts_a_form", "curl -fsS -d a=b -d c=d -o got $W/method", "haul -fsS -d a=b -d c=d -o got $W/method"),
    ("curl_says_who_it_is", "curl -fsS -u me:secret -o got $W/who", "haul -fsS -u me:secret -o got $W/who"),
    ("curl_sends_cookies", "curl -fsS -b 'a=1; b=2' -o got $W/cookies", "haul -fsS -b 'a=1; b=2' -o got $W/cookies"),
    ("curl_logs_in_first", "curl -fsS -c jar -o in $W/login && curl -fsS -b jar -o got $W/cookies && rm jar",
     "haul -fsS -c jar -o in $W/login && haul -fsS -b jar -o got $W/cookies && rm jar"),
    ("curl_fails_for_what_is_missing", "curl -fsS -O $W/missing", "haul -fsS -O $W/missing"),
    ("curl_tries_again_and_gives_up", "curl -fsS --retry 1 --retry-delay 1 --retry-connrefused -m 5 -O $NOBODY/one.txt",
     "haul -fsS --retry 1 --retry-delay 0 --retry-connrefused -m 5 -O $NOBODY/one.txt"),
    ("curl_in_a_loop", "while read -r n; do curl -fsSO $W/$n; done < names", "haul -s -i list"),
    ("curl_under_xargs", "xargs -P 4 -n 1 curl -fsSO < list", "haul -s -j 4 -i list"),
    ("curl_as_a_smoke_test", "for p in one.txt broken; do curl -fsS -o /dev/null $W/$p || exit 1; done",
     "haul --check -s --retry 0 $W/one.txt $W/broken"),
    ("wget_reads_a_list", "wget -q -i list -P out", "haul -q -i list -P out"),
    ("wget_leaves_what_is_there", "echo old > one.txt; wget -q -nc -i list",
     "echo old > one.txt; haul -q --if-exists skip -i list"),
    ("wget_keeps_the_folders", "wget -q -x -nH $W/folder/deep.txt", "haul -q -o '{path}' $W/folder/deep.txt"),
    ("aria2_reads_a_list", "aria2c -q -j 4 -x 4 -s 4 -d out -i list", "haul -q -j 4 -P out -i list"),
    ("aria2_verifies", f"aria2c -q --checksum=sha-256={ONE} $W/one.txt", f"haul -q --checksum=sha-256={ONE} $W/one.txt"),
    ("aria2_names_a_file_in_a_folder", "aria2c -q -d out -o other $W/one.txt", "haul -q -P out -o other $W/one.txt"),
    ("wget2_reads_a_list", "wget2 -q --max-threads=4 --input-file=list -P out", "haul -q --jobs=4 --input=list -P out"),
    ("wget2_has_little_patience", "wget2 -q --tries=2 --timeout=5 -N $W/two.txt",
     "haul -q --retry=1 --max-time=5 --remote-time $W/two.txt"),
]


class Habits(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(dir=FAST_FOLDER)
        cls.addClassCleanup(folder.cleanup)
        for name, body in SERVED.items():
            path = pathlib.Path(folder.name, name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(body)
        pathlib.Path(folder.name).chmod(0o755)
        port = free_port()
        cls.nginx = Nginx(folder.name, servers=ECHOES % (port, folder.name))
        cls.addClassCleanup(cls.nginx.close)
        cls.address = f"http://127.0.0.1:{port}"

    def run_line(self, line):
        """What it leaves, what it prints, and whether it says that all is well."""
        with tempfile.TemporaryDirectory(dir=FAST_FOLDER) as folder:
            given = {"names": ["one.txt", "three.bin"], "list": [f"{self.address}/{n}" for n in ("one.txt", "three.bin")]}
            for name, lines in given.items():
                pathlib.Path(folder, name).write_text("".join(line + "\n" for line in lines))
            environment = {**ENVIRONMENT, "HOME": folder, "W": self.address, "NOBODY": f"http://127.0.0.1:{free_port()}"}
            line = f'haul() {{ "{HAUL}" "$@"; }}\n{line}'
            done = subprocess.run(["sh", "-c", line], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=TIME_LIMIT, check=False)
            files = {str(path.relative_to(folder)): path.read_bytes() for path in pathlib.Path(folder).rglob("*")
                     if path.is_file() and path.name not in given and not path.name.startswith(".")}
        return (files, done.stdout, done.returncode == 0), done.stderr.decode(errors="replace")


def habit(peer_line, haul_line):
    def test(self):
        wanted, complaint = self.run_line(peer_line)
        found, said = self.run_line(haul_line)
        self.assertEqual(found, wanted, f"{haul_line}\n{said}\n{peer_line}\n{complaint}")
        self.assertNotIn("Sanitizer", said)
    return test


for name, peer_line, haul_line in HABITS:
    missing = shutil.which(name.split("_")[0] if not name.startswith("aria2") else "aria2c") is None
    setattr(Habits, f"test_{name}", unittest.skipIf(missing, "not installed")(habit(peer_line, haul_line)))


if __name__ == "__main__":
    unittest.main()
