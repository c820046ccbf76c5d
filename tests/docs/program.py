"""program.py SOURCE PROGRAM [ARGUMENT]... - runs PROGRAM, which must print what the last comment of SOURCE says.

The comment begins with "It prints:", with one line there or several below; "..." stands for anything within a line.
"""
import re
import subprocess
import sys
from pathlib import Path

PRINTS = re.compile(r'/\* It prints:(?: (.*)|\n(.*?)) \*/\s*$', re.DOTALL)


def expected_output(source):
    found = PRINTS.search(source)
    if not found:
        sys.exit('there is no comment "It prints:" at the end of the source')
    if found.group(1):
        return found.group(1) + '\n'
    return ''.join(re.sub(r'^ \* {5}|^ \*$', '', line) + '\n' for line in found.group(2).splitlines())


def prints_as_expected(source, command):
    expected = expected_output(source)
    run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=60, check=False)
    printed = run.stdout.decode()
    pattern = re.escape(expected).replace(re.escape('...'), '.*')
    if run.returncode == 0 and re.fullmatch(pattern, printed):
        return True
    print(f'{command}: status {run.returncode}; expected:\n{expected}printed:\n{printed}')
    return False


if __name__ == '__main__':
    sys.exit(not prints_as_expected(Path(sys.argv[1]).read_text(encoding='utf-8'), sys.argv[2:]))
