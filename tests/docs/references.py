"""references.py PAGE... - each co_name(3) in one of the pages is one of them, or a function in one of their names."""
import re
import sys
from pathlib import Path

PAGES = {path: path.read_text(encoding='utf-8') for path in map(Path, sys.argv[1:])}


def plain(text):
    return re.sub(r'\\f.|\\&', '', text).replace('\\', '')


def names(text):
    """As whatis(1) has them: the words before the dash in the section NAME."""
    return re.findall(r'[\w-]+', re.search(r'^\.SH NAME\n(?:\.P\n)?(.*?) - ', plain(text), re.DOTALL | re.MULTILINE)[1])


known = {path.stem for path in PAGES} | {name for text in PAGES.values() for name in names(text)}
missing = {(path.name, name) for path, text in PAGES.items()
           for name in re.findall(r'\b(co[_-][\w-]+)\([37]\)', plain(text)) if name not in known}
for page, name in sorted(missing):
    print(f'{page}: there is no {name}')
sys.exit(bool(missing) or len(known) <= len(PAGES))
