"""co_pages.py LIBRARY INCLUDE PAGE... -- COMPILER... - the manual's pages keep what they promise.

Each has all sections in their order.  Every function that LIBRARY gives is in the synopsis of one page and has an entry
in its description, the synopsis agrees with the headers, and the example, as it stands in the page, compiles without a
warning and prints what it says.
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from program import prints_as_expected

PROTOTYPE = re.compile(r'^(?!typedef)\w[\w *]*?\b(co_\w+)\([^{}]*?\);', re.MULTILINE)
LITERAL = re.compile(r'^\.nf\n\.RS \d+\n(.*?)^\.fi\n', re.DOTALL | re.MULTILINE)
SECTIONS = ['NAME', 'SYNOPSIS', 'DESCRIPTION', 'RETURN VALUE', 'ERRORS', 'EXAMPLE', 'SEE ALSO']
WARNINGS = ['-std=gnu17', '-Wall', '-Wextra', '-Wshadow', '-Wstrict-prototypes', '-Werror']


def literals(page):
    """What stands between .nf and .fi, as man shows it."""
    text = page.read_text(encoding='utf-8')
    return [re.sub(r'\\(.)', lambda e: '' if e.group(1) == '&' else e.group(1), block)
            for block in LITERAL.findall(text)]


def sections(page):
    """Title and text, in their order."""
    text = page.read_text(encoding='utf-8').replace('\\&', '')
    return dict(re.findall(r'^\.SH (.*?)\n(.*?)(?=^\.SH |\Z)', text, re.DOTALL | re.MULTILINE))


def exported(library):
    lines = subprocess.run(['nm', '-D', '--defined-only', library], capture_output=True, text=True, check=True).stdout
    return {name for _, kind, name in map(str.split, lines.splitlines()) if kind in 'TDBR'}


class Manual:
    def __init__(self, library, include, pages, compiler):
        self.built = Path(library)
        self.compile = compiler + [f'-I{include}'] + WARNINGS
        self.pages = {page.stem: literals(page) for page in map(Path, pages)}
        self.sections = {page.stem: sections(page) for page in map(Path, pages)}
        self.failures = []

    def check(self, good, complaint):
        if not good:
            self.failures.append(complaint)

    def check_functions(self):
        places = {}
        for page, (synopsis, *_) in self.pages.items():
            for name in PROTOTYPE.findall(synopsis):
                places.setdefault(name, []).append(page)
        self.check(set(places) == exported(self.built), f'not the same: {set(places) ^ exported(self.built)}')
        for name, pages in places.items():
            self.check(len(pages) == 1, f'{name} is in {pages}')

    def check_sections(self, page, synopsis):
        titles = [title for title in self.sections[page] if title != 'CLEAN UP']
        entries = re.findall(r'\\fB(co_\w+)\\fR\(\)', self.sections[page].get('DESCRIPTION', ''))
        silent = set(PROTOTYPE.findall(synopsis)) - set(entries)
        self.check(titles == SECTIONS, f'{page}: has the sections {titles}')
        self.check(not silent, f'{page}: no entry for {silent}')

    def check_synopsis(self, page, synopsis):
        """Declared again, a function must have the type it has in the header."""
        prototypes = [found.group() for found in PROTOTYPE.finditer(synopsis)]
        source = '\n'.join(re.findall(r'^#include.*', synopsis, re.MULTILINE) + prototypes + [''])
        self.check(prototypes, f'{page}: no prototypes in its synopsis')
        self.check(self.compiles(source, ['-fsyntax-only']), f'{page}: its synopsis is not that of the header')

    def compiles(self, source, arguments):
        return subprocess.run([*self.compile, '-x', 'c', '-', '-x', 'none', *arguments], input=source, text=True,
                              check=False).returncode == 0

    def check_example(self, page, folder):
        programs = [block for block in self.pages[page] if 'int main(' in block]
        self.check(len(programs) == 1, f'{page}: {len(programs)} programs')
        for source in programs:
            program = f'{folder}/{page}'
            link = ['-o', program, f'-L{self.built.parent}', '-lhaul-co', f'-Wl,-rpath,{self.built.parent}']
            good = self.compiles(source, link) and prints_as_expected(source, [program])
            self.check(good, f'{page}: its example')


def main():
    end = sys.argv.index('--')
    manual = Manual(sys.argv[1], sys.argv[2], sys.argv[3:end], sys.argv[end + 1:])
    manual.check_functions()
    with tempfile.TemporaryDirectory() as folder:
        for page, (synopsis, *_) in manual.pages.items():
            manual.check_sections(page, synopsis)
            manual.check_synopsis(page, synopsis)
            manual.check_example(page, folder)
    print(*manual.failures, sep='\n')
    sys.exit(bool(manual.failures))


main()
