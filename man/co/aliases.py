"""aliases.py FOLDER HEADER... - pages that send the reader on, in man3 and man7 of FOLDER.

For each function there is one that leads to the page of its header, and libhaul-co(7) leads to haul-co(7).
"""
import os
import sys
from pathlib import Path

import header as headers

folder = Path(os.environ['MESON_INSTALL_DESTDIR_PREFIX']) / sys.argv[1]
for header in map(headers.read, sys.argv[2:]):
    for function in header.functions:
        if function != header.page:
            (folder / f'man3/{function}.3').write_text(f'.so man3/{header.page}.3\n', encoding='utf-8')
(folder / 'man7/libhaul-co.7').write_text('.so man7/haul-co.7\n', encoding='utf-8')
