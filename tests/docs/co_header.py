"""co_header.py PAGE_PY PROGRAM - a page is not made of a header that leaves something out."""
import subprocess
import sys
import tempfile
from pathlib import Path

HEADER = '''/* thing.h - a thing. */
#pragma once

CO_EXPORT_BEGIN

{declarations}
CO_EXPORT_END
'''

REFUSED = {
    'a function without a word': 'void co_thing_mark(struct co_thing *thing);\n',
    'a function without a word beside another that has one':
        'void co_thing_mark(struct co_thing *thing); /* marks it */\nvoid co_thing_rub(struct co_thing *thing);\n',
    'no word of the result': '/* Tries. */\nint co_thing_try(struct co_thing *thing);\n',
    'no word of failures': '/* Tries.\n *\n * Gives 1. */\nint co_thing_try(struct co_task *self);\n',
    'nothing but failures': '/* Fails when cancelled. */\nint co_thing_try(struct co_task *self);\n',
}
MADE = '/* Tries.\n *\n * Gives 1.\n *\n * Fails when cancelled. */\nint co_thing_try(struct co_task *self);\n'


def is_made(declarations, folder):
    header = Path(folder, 'thing.h')
    header.write_text(HEADER.format(declarations=declarations), encoding='utf-8')
    others = []
    for noun in 'task', 'runtime':
        others.append(Path(folder, f'{noun}.h'))
        others[-1].write_text(HEADER.format(declarations='').replace('thing', noun), encoding='utf-8')
    run = subprocess.run([sys.executable, sys.argv[1], header, sys.argv[2], header, *others, '--'],
                         capture_output=True, text=True, check=False)
    if 'Traceback' in run.stderr:
        sys.exit(run.stderr)
    return run.returncode == 0 and bool(run.stdout)


def main():
    with tempfile.TemporaryDirectory() as folder:
        wrong = [f'made: {what}' for what, declarations in REFUSED.items() if is_made(declarations, folder)]
        if not is_made(MADE, folder):
            wrong.append('not made, but nothing is missing')
    print(*wrong, sep='\n')
    sys.exit(bool(wrong))


main()
