"""contents.py PAGE HEADER... - PAGE with a table of the pages of all headers in the place of @pages@."""
import sys
from pathlib import Path

import header as headers
from page import escape


def row(header):
    return f'|  *{escape(header.page)}*(3)\n:  {escape(header.title.rstrip("."))}'


def main():
    rows = '\n'.join(map(row, map(headers.read, sys.argv[2:])))
    table = '[[' + rows.removeprefix('| ').replace('\n:  ', '\n:< ', 1)
    print(Path(sys.argv[1]).read_text(encoding='utf-8').replace('@pages@', table), end='')


main()
