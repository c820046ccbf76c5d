"""references.py CONTENTS TUTORIAL PAGE... - the pages name each other.

Each co_name(3) in one of them is a page of the last, or a function in one of their names; CONTENTS names each page, and
TUTORIAL each page or one of its functions.
"""
import re
import sys
from pathlib import Path

PAGES = {path: path.read_text(encoding='utf-8') for path in map(Path, sys.argv[1:])}
CONTENTS, TUTORIAL = list(PAGES)[:2]


def plain(text):
    return re.sub(r'\\f.|\\&', '', text).replace('\\', '')


def names(text):
    """As whatis(1) has them: the words before the dash in the section NAME."""
    return re.findall(r'[\w-]+', re.search(r'^\.SH NAME\n(?:\.P\n)?(.*?) - ', plain(text), re.DOTALL | re.MULTILINE)[1])


def referred(text):
    return set(re.findall(r'\b(co[_-][\w-]+)\([37]\)', plain(text)))


known = {path.stem for path in PAGES} | {name for text in PAGES.values() for name in names(text)}
complaints = [f'{path.name}: there is no {name}' for path, text in PAGES.items() for name in referred(text) - known]
for path in list(PAGES)[2:]:
    if path.stem not in referred(PAGES[CONTENTS]):
        complaints.append(f'{CONTENTS.name}: does not name {path.stem}')
    if not {path.stem, *names(PAGES[path])} & referred(PAGES[TUTORIAL]):
        complaints.append(f'{TUTORIAL.name}: names nothing of {path.stem}')
print(*sorted(complaints), sep='\n')
sys.exit(bool(complaints) or len(known) <= len(PAGES))
