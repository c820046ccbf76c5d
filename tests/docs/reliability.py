"""reliability.py PAGE - each row of the page names tests that are there, or says why there is none."""
import re
import sys
from pathlib import Path

page = Path(sys.argv[1])
folder = page.parent
complaints = []


def is_there(reference):
    module, is_test, name = reference.partition(': ')
    if not is_test:
        return (folder / reference).is_file()
    path = folder / 'run' / f'{module}.py'
    return path.is_file() and re.search(rf'^    def test_{re.escape(name)}\(', path.read_text(encoding='utf-8'), re.MULTILINE)


def references(text):
    return re.findall(r'`(\w+: \w+|[\w/]+\.(?:py|c|md))`', text)


rows = [line for line in page.read_text(encoding='utf-8').splitlines() if line.startswith('| ')]
for row in rows:
    cells = [cell.strip() for cell in row.strip('|').split(' | ')]
    if len(cells) != 3:
        complaints.append(f'three cells are wanted: {row}')
    elif cells[2] != 'shown by' and not references(cells[2]) and not cells[2].startswith('no test: '):
        complaints.append(f'no test and no reason: {row}')
text = re.sub('`faults: a_name`', '', page.read_text(encoding='utf-8'))
complaints += [f'there is no {reference}' for reference in references(text.replace('`run/faults.py`', ''))
               if not is_there(reference)]
print(*complaints, sep='\n')
sys.exit(bool(complaints) or len(rows) < 30)
