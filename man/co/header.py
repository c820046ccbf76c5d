"""header.py - a header as its manual reads it.

A header is: a comment that begins with "thing.h - what it is", then between CO_EXPORT_BEGIN and CO_EXPORT_END, or to
the end of a header without these, paragraphs, divided by empty lines.  A paragraph is a comment and the declarations it
is about; a declaration may have a comment of its own behind it.  In a comment, what begins with "Gives" is about the
result and what begins with "Fails" about failures:

    Gives how many bytes; 0 at the end.

    Fails with -EINVAL: no such port; -ECONNRESET and the like: what read(2) says; -ENOMEM.

    Fails when cancelled.

The last means for nothing else.  Whatever takes `self` and may fail does so too when it is cancelled, without saying
so, unless what it says names -ECANCELED itself, or ends with "cancelled or not" or "never because of a cancel".

header.py HEADER... prints the names of the functions.
"""
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

COMMENT = re.compile(r'/\*.*?\*/', re.DOTALL)
PRIVATE = re.compile(r'^    /\* private: \*/\n.*?(?=^\})', re.DOTALL | re.MULTILINE)


@dataclass
class Declaration:
    code: str  # as it stands, without the comment behind it; what is private has been left out
    remark: str = ''

    @property
    def function(self):
        if re.match(r'(typedef|struct \w+;|#|static|CLEANUP)', self.code) or '{' in self.code:
            return None
        found = re.match(r'[^()]*?(\w+)\(', self.code)
        return found and found.group(1)

    @property
    def forward(self):
        return bool(re.fullmatch(r'struct \w+;', self.code))

    @property
    def can_fail(self):
        """Those that give a pointer or a bool have no more than one way, and say it in passing."""
        return bool(self.function and re.match(r'(int|ssize_t) ', self.code))

    @property
    def gives_something(self):
        return bool(self.function and not self.code.startswith('void '))

    @property
    def takes_self(self):
        return 'struct co_task *self' in self.code

    @property
    def cleanup(self):
        """The closer, and the type of what it closes."""
        found = re.match(r'CLEANUP_\w+\((\w+), (.*)\)', self.code)
        return found and found.groups()


@dataclass
class Paragraph:
    comment: str = ''  # without what begins with "Gives" and "Fails"
    gives: str = ''
    fails: str = ''
    declarations: list = field(default_factory=list)

    @property
    def shown(self):
        return [d for d in self.declarations if not d.forward]

    def has_entry(self, declaration):
        return bool(self.comment or declaration.remark)

    def tells_result(self, declaration):
        return bool(not declaration.can_fail or self.gives or self.fails)


@dataclass
class Header:
    noun: str
    title: str
    description: str
    paragraphs: list

    @property
    def page(self):
        return f'co_{self.noun}'

    @property
    def functions(self):
        return [d.function for p in self.paragraphs for d in p.declarations if d.function]


def comment_text(comment):
    """What a comment says, its lines kept: they may be code or a table."""
    text = comment[2:-2]
    return '\n'.join(re.sub(r'^ ?\*( |$)', '', line) for line in text.split('\n')).strip()


def take_declaration(text):
    """One declaration or macro from the beginning, what is behind it on its line, and the rest."""
    if text.startswith(('#', 'CLEANUP')):
        end = re.search(r'(?<!\\)\n|$', text).start()
        line, rest = text[:end], text[end:]
        code = COMMENT.sub('', line).rstrip()
        return Declaration(code, ' '.join(comment_text(c) for c in COMMENT.findall(line))), rest
    depth = 0
    for at, byte in enumerate(COMMENT.sub(lambda c: ' ' * len(c.group()), text)):
        depth += (byte == '{') - (byte == '}')
        if (byte == ';' and depth == 0) or (byte == '}' and depth == 0 and text.startswith('static')):
            break
    code, rest = text[:at + 1], text[at + 1:]
    remark = re.match(r'[ ]*(/\*.*?\*/)', rest, re.DOTALL)
    if remark:
        rest = rest[remark.end():]
    code = PRIVATE.sub('    /* private members */\n', code)
    return Declaration(code, comment_text(remark.group(1)) if remark else ''), rest


def take_block(comment, word):
    """A comment without its block that begins with this word, and that."""
    blocks = comment.split('\n\n')
    taken = [block for block in blocks if re.match(rf'{word}\s', block)]
    return '\n\n'.join(block for block in blocks if block not in taken), ' '.join(' '.join(taken).split())


def read_paragraph(text):
    paragraph = Paragraph()
    if text.startswith('/*'):
        end = text.index('*/') + 2
        comment = comment_text(text[:end])
        comment, paragraph.gives = take_block(comment, 'Gives')
        paragraph.comment, paragraph.fails = take_block(comment, 'Fails')
        text = text[end:].lstrip('\n')
    while text.strip():
        declaration, text = take_declaration(text.lstrip('\n'))
        paragraph.declarations.append(declaration)
    return paragraph


def divide(body):
    """At empty lines, those inside braces and comments excepted."""
    blocks, depth, inside = [''], 0, False
    for line in body.split('\n'):
        if not line and depth == 0 and not inside:
            blocks.append('')
            continue
        inside = line.rfind('/*') > line.rfind('*/') or (inside and '*/' not in line)
        bare = COMMENT.sub('', line)
        depth += bare.count('{') - bare.count('}')
        blocks[-1] += line + '\n'
    return [block for block in blocks if block]


def read(path):
    text = Path(path).read_text(encoding='utf-8')
    head = comment_text(COMMENT.match(text).group())
    title, _, description = head.partition('\n\n')
    noun, _, title = ' '.join(title.split()).partition('.h - ')
    body = (re.search(r'^CO_EXPORT_BEGIN\n(.*)^CO_EXPORT_END', text, re.DOTALL | re.MULTILINE) or
            re.search(r'^#include <std[^\n]*\n\n(.*)', text, re.DOTALL | re.MULTILINE))
    blocks = divide(body.group(1)) if body else []
    return Header(noun, title, description, [read_paragraph(block) for block in blocks])


if __name__ == '__main__':
    for path in sys.argv[1:]:
        print(*read(path).functions, sep='\n')
