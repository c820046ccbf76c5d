"""aliases.py FOLDER HEADER... - for each function a page that sends the reader to the page of its header."""
import os
import sys
from pathlib import Path

import header as headers

folder = Path(os.environ['MESON_INSTALL_DESTDIR_PREFIX']) / sys.argv[1]
for header in map(headers.read, sys.argv[2:]):
    for function in header.functions:
        if function != header.page:
            (folder / f'{function}.3').write_text(f'.so man3/{header.page}.3\n', encoding='utf-8')
