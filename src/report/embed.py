"""embed.py STYLE SCRIPT - both as macros for C, without indentation, and the script's digest for a Content-Security-Policy."""
import base64
import hashlib
import json
import pathlib
import sys

style, script = (''.join(line.strip() + '\n' for line in pathlib.Path(name).read_text(encoding='ascii').splitlines())
                 for name in sys.argv[1:3])
digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
for name, text in ('STYLE', style), ('SCRIPT', script), ('SCRIPT_DIGEST', 'sha256-' + digest):
    lines = [json.dumps(line) for line in text.splitlines(True)]
    print(f'#define HTML_{name}', *lines, sep=' \\\n    ')
