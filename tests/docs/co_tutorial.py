"""co_tutorial.py LIBRARY INCLUDE PAGE FOLDER -- COMPILER... - the two programs of each pair print the same.

PAGE, before the pairs are put in, names every pair of FOLDER.  A Python before 3.11 has no TaskGroup: then the C
programs only have to print something.
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

WARNINGS = ['-std=gnu17', '-Wall', '-Wextra', '-Wstrict-prototypes', '-Werror']


def output(command):
    run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=60, check=False)
    return run.stdout if run.returncode == 0 else b''


def c_output(source, program, library, include, compiler):
    build = [*compiler, *WARNINGS, f'-I{include}', '-o', program, source, f'-L{library.parent}', '-lhaul-co',
             f'-Wl,-rpath,{library.parent.absolute()}']
    return output([program]) if subprocess.run(build, check=False).returncode == 0 else b''


def main():
    end = sys.argv.index('--')
    library, include, page, folder = map(Path, sys.argv[1:end])
    shown = set(re.findall(r'^@(\w+)(?: whole)?@$', page.read_text(encoding='utf-8'), re.MULTILINE))
    there = {path.stem for path in folder.glob('*.c')} | {path.stem for path in folder.glob('*.py')}
    failed = [f'not in the page, or not in the folder: {shown ^ there}'] if shown != there else []
    with tempfile.TemporaryDirectory() as place:
        for name in sorted(shown & there):
            printed = c_output(folder / f'{name}.c', f'{place}/{name}', library, include, sys.argv[end + 1:])
            python = output([sys.executable, '-I', folder / f'{name}.py']) if sys.version_info >= (3, 11) else printed
            if not printed or printed != python:
                failed.append(f'{name}: Python prints {python}, C {printed}')
    print(*failed, sep='\n')
    sys.exit(bool(failed))


main()
