"""run.py CORPUS make|replay PROGRAM... - gives each target the bytes of its corpus, and with "make" others like them.

FUZZ_SECONDS is the time for all of them together; FUZZ_SEED repeats what a run before has made up; FUZZ_KEEP is a
folder in which found inputs are kept and from which the next run goes on.
"""
import os
import pathlib
import random
import subprocess
import sys
import tempfile

SECONDS = float(os.environ.get("FUZZ_SECONDS", "60"))
SEED = int(os.environ.get("FUZZ_SEED", "0")) or random.SystemRandom().randrange(1, 2**31)
KEEP = os.environ.get("FUZZ_KEEP")
LENGTH_MAXIMUM = 4096
ENVIRONMENT = {**os.environ, "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1"}


def name_of(program):
    return pathlib.Path(program).name.removeprefix("fuzz_")


def replay(program, corpus):
    return subprocess.run([program, *sorted(corpus.iterdir())], env=ENVIRONMENT, check=False).returncode


def make(program, corpus, seconds, folder):
    found = folder / name_of(program)
    found.mkdir(parents=True, exist_ok=True)
    culprits = pathlib.Path.cwd() / f"found-{name_of(program)}-"
    return subprocess.run(
        [program, f"-max_total_time={max(1, round(seconds))}", f"-seed={SEED}", f"-max_len={LENGTH_MAXIMUM}",
         "-timeout=20", "-rss_limit_mb=1024", "-verbosity=0", "-print_final_stats=1", f"-artifact_prefix={culprits}",
         found, corpus], env=ENVIRONMENT, check=False).returncode


def main(corpus, mode, *programs):
    failed = []
    print(f"seed {SEED}: once more with FUZZ_SEED={SEED}", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        for program in programs:
            print(f"== {name_of(program)}", flush=True)
            own = pathlib.Path(corpus) / name_of(program)
            code = replay(program, own) if mode == "replay" else make(program, own, SECONDS / len(programs),
                                                                      pathlib.Path(KEEP or temporary))
            if code != 0:
                failed.append(name_of(program))
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
