"""page.py HEADER PROGRAM ALL_HEADERS... - the manual page of a header of the coroutine layer, for scdoc.

Everything in it stands in the header, except for the example, which is PROGRAM.
"""
import re
import sys
from pathlib import Path

import header as headers


def escape(text):
    return re.sub(r'([\\*_])', r'\\\1', text)


def fenced(code):
    code = code.replace('\\', '\\\\')
    return f'```\n{code}\n```\n'


def sentence(words):
    return words[0].upper() + words[1:] + ('' if words.endswith(('.', '?')) else '.')


class Page:
    def __init__(self, header, program, others):
        self.header = header
        self.program = program
        self.pages = {other.noun: other.page for other in others}
        self.functions = {name: other for other in others for name in other.functions}
        self.mentioned = set()

    def refer(self, noun):
        if noun != self.header.noun:
            self.mentioned.add(noun)
        return f'*{escape(self.pages[noun])}*(3)'

    def text(self, prose):
        """Words of a comment: functions in bold, headers as pages."""
        def mark(word):
            name = word.group()
            if name.endswith('.h'):
                return self.refer(name[:-2]) if name[:-2] in self.pages else escape(name)
            if name in self.functions:
                if self.functions[name].noun != self.header.noun:
                    self.mentioned.add(self.functions[name].noun)
                return f'*{escape(name)}*()'
            return escape(name)
        prose = re.sub(r'`([^`]*)`', r'\1', prose)
        prose = re.sub(r'[A-Za-z_]\w*(?:\.h\b)?|[\\*_]', mark, prose)
        return re.sub(r'^(?=[-#|[])', r'\\', ' '.join(prose.split()))

    def prose(self, comment):
        """Paragraphs; lines indented by four or more are code or a table."""
        blocks = []
        for block in filter(str.strip, re.split(r'\n\n', comment)):
            literal = block.startswith('    ')
            if literal and blocks and blocks[-1][0]:
                blocks[-1][1] += '\n\n' + block
            else:
                blocks.append([literal, block])
        return '\n'.join(fenced(self.outdent(text)) if literal else self.text(text) + '\n' for literal, text in blocks)

    @staticmethod
    def outdent(code):
        return '\n'.join(re.sub('^    ', '', line) for line in code.split('\n'))

    def synopsis(self):
        code = [f'#include <haul/co/{self.header.noun}.h>']
        for paragraph in self.header.paragraphs:
            shown = [d.code for d in paragraph.declarations if not d.forward]
            if shown:
                code += [''] + shown
        return fenced('\n'.join(code)) + '\nCompile and link with *$(pkg-config --cflags --libs haul-co)*.\n'

    def about(self, declaration):
        return f'*{escape(declaration.function)}*()' if declaration.function else f'*{escape(self.named(declaration))}*'

    @staticmethod
    def named(declaration):
        first = declaration.code.split('\n')[0]
        found = re.match(r'#define (\w+)|((?:struct|enum) \w+)|typedef .*?(\w+)\(', first)
        return next(filter(None, found.groups())) if found else first

    def entry(self, paragraph):
        shown = [d for d in paragraph.declarations if not d.forward]
        if not shown or not (paragraph.comment or any(d.remark for d in shown)):
            return ''
        entries = []
        if paragraph.comment:
            about = ', '.join(self.about(d) for d in shown if not d.remark) or ', '.join(self.about(d) for d in shown)
            entries.append(f'{about}\n\n{self.prose(paragraph.comment)}')
        entries += [f'{self.about(d)}\n\n{self.text(sentence(d.remark))}\n' for d in shown if d.remark]
        return '\n'.join(self.indented(entry) for entry in entries)

    @staticmethod
    def indented(entry):
        head, _, rest = entry.partition('\n\n')
        return head + '\n' + '\n'.join('\t' + line if line else line for line in rest.split('\n'))

    def write(self):
        header = self.header
        names = ', '.join(escape(name) for name in header.functions)
        print(f'{header.page}(3)\n\n# NAME\n\n{names} - {escape(header.title.rstrip("."))}\n')
        print(f'# SYNOPSIS\n\n{self.synopsis()}')
        description = self.prose(header.description)
        entries = '\n'.join(filter(None, map(self.entry, header.paragraphs)))
        print(f'# DESCRIPTION\n\n{self.text(sentence(header.title))}\n\n{description}')
        if entries:
            print(f'# FUNCTIONS AND TYPES\n\n{entries}')
        print(f'# EXAMPLE\n\n{fenced(Path(self.program).read_text(encoding="utf-8").strip())}')
        others = ['*co-tutorial*(7)'] + [self.refer(noun) for noun in sorted({'task', 'runtime'} | self.mentioned)
                                          if noun != header.noun]
        print(f'# SEE ALSO\n\n{", ".join(others)}')


if __name__ == '__main__':
    Page(headers.read(sys.argv[1]), sys.argv[2], [headers.read(path) for path in sys.argv[3:]]).write()
