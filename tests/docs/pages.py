"""What a page shows: README.md in Markdown, a manual in scdoc.

Markdown:  ```sh        a script, which is to succeed
           ```sh setup  acts on the source tree and is not run; the files of the tree that it names are to be there
           ```console   a session: lines after "$ " are typed, the others printed
           ```json      a record
scdoc:     a literal block is a record when it begins with a brace, otherwise a script
"""

import dataclasses
import re

FENCE = re.compile(r"^```(.*)$")


@dataclasses.dataclass
class Block:
    kind: str
    text: str
    line: int


def fenced_blocks(text):
    block = None
    for number, line in enumerate(text.splitlines(), 1):
        fence = FENCE.match(line)
        if fence and block:
            yield block
            block = None
        elif fence:
            block = Block(fence[1].strip(), "", number)
        elif block:
            block.text += line + "\n"
    if block:
        raise ValueError(f"the block of line {block.line} has no end")


def manual_block(block):
    block.text = re.sub(r"\\(.)", r"\1", block.text)
    block.kind = "json" if block.text.startswith("{") else "sh"
    return block


def blocks_of(path):
    blocks = fenced_blocks(path.read_text())
    return list(map(manual_block, blocks)) if ".scd" in path.name else list(blocks)
