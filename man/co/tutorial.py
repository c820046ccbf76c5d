"""tutorial.py PAGE FOLDER - PAGE with a pair of programs, NAME.py and NAME.c of FOLDER, in the place of each @NAME@.

They stand side by side, without what is the same in each; @NAME whole@ shows them whole.
"""
import re
import sys
from itertools import zip_longest
from pathlib import Path


def python_lines(text, whole):
    if not whole:
        text = re.sub(r'^import asyncio\n|^asyncio\.run\(main\(\)\)\n', '', text, flags=re.MULTILINE)
    text = re.sub(r'\n{3,}', '\n\n', text).strip('\n')
    return [re.sub(r'^ +', lambda indent: ' ' * (len(indent.group()) // 2), line) for line in text.split('\n')]


def c_lines(text, whole):
    if not whole:
        text = re.sub(r'^#include .*\n', '', text[:text.index('int main(')], flags=re.MULTILINE)
    return text.strip('\n').split('\n')


def side_by_side(folder, name, whole):
    left = python_lines((folder / f'{name}.py').read_text(encoding='utf-8'), whole)
    right = c_lines((folder / f'{name}.c').read_text(encoding='utf-8'), whole)
    width = max(map(len, left))
    rows = [f'{a:{width}} | {b}'.rstrip() for a, b in zip_longest(left, right, fillvalue='')]
    return '```\n' + '\n'.join(rows).replace('\\', '\\\\') + '\n```'


def main():
    page, folder = map(Path, sys.argv[1:])
    print(re.sub(r'^@(\w+)( whole)?@$', lambda pair: side_by_side(folder, pair[1], pair[2]),
                 page.read_text(encoding='utf-8'), flags=re.MULTILINE), end='')


main()
