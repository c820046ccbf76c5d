"""page.py HEADER PROGRAM ALL_HEADERS... -- LENT_HEADERS... - the manual page of a header of the coroutine layer.

It is made for scdoc.  Everything in it stands in the header, except for the example, which is PROGRAM, and for what
the two use of the headers that another room lends.  Fails when the header says nothing of a function, or nothing of its
result.
"""
import re
import sys
from pathlib import Path

import header as headers


SPEAKS_OF_CANCELS = re.compile('-ECANCELED|cancelled or not|because of a cancel')


def escape(text):
    return re.sub(r'([\\*_])', r'\\\1', text)


def fenced(code):
    code = code.replace('\\', '\\\\')
    return f'```\n{code}\n```\n'


def sentence(words):
    """Names keep their first letter."""
    start = words[0].upper() if re.match(r'[a-z]+\b(?![(_])', words) else words[0]
    return start + words[1:] + ('' if words.endswith(('.', '?')) else '.')


class Page:
    def __init__(self, header, program, others, lent):
        self.header = header
        self.program = Path(program).read_text(encoding='utf-8').strip()
        self.lent = lent
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
            called = word.string.startswith('(', word.end())
            if name.endswith('.h'):
                return self.refer(name[:-2]) if name[:-2] in self.pages else escape(name)
            if name in self.functions:
                if self.functions[name].noun != self.header.noun:
                    self.mentioned.add(self.functions[name].noun)
                return f'*{escape(name)}*' + ('' if called else '()')
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
            shown = [d.code for d in paragraph.shown if not d.cleanup]
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
        shown = [d for d in paragraph.shown if not d.cleanup]
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
        """Lines that go on after a break belong to the line before."""
        head, _, rest = entry.partition('\n\n')
        return head + '\n' + re.sub(r'(?<!\+\+\n)^(?=.)', r'\t', rest, flags=re.MULTILINE)

    def list_item(self, functions, text):
        return self.indented(f'{", ".join(map(self.about, functions))}\n\n{text}\n')

    def results(self):
        """Of a function that may fail it is 0 unless the header tells more."""
        entries, zero, described = [], [], []
        for paragraph in self.header.paragraphs:
            giving = [d for d in paragraph.shown if d.gives_something]
            if paragraph.gives:
                entries.append(self.list_item(giving, self.text(sentence(paragraph.gives.removeprefix('Gives ')))))
            else:
                zero += [d for d in giving if d.can_fail]
                described += [d for d in giving if not d.can_fail]
        if zero:
            entries.insert(0, self.list_item(zero, '0.'))
        if described:
            entries.append(self.list_item(described, 'What is said above, under DESCRIPTION.'))
        if self.failing():
            entries.append(self.after_failure())
        return '\n'.join(entries) or 'None of these functions gives anything back.\n'

    def failing(self):
        return [d for p in self.header.paragraphs for d in p.shown if d.can_fail and p.fails]

    def after_failure(self):
        writes = any(re.search(r'\*ret_', d.code) for d in self.failing())
        return 'Less than 0 is a failure' + (r'; then nothing is written to *ret\_...*' if writes else '') + '.\n'

    def reason(self, words):
        """One of those that "Fails with" lists, its codes in bold."""
        codes, colon, why = words.partition(': ')
        if not re.match(r'-?[A-Z]', codes):
            return self.text(sentence(words))
        return re.sub(r'-?\b[A-Z][A-Z_]+', lambda code: f'*{escape(code.group())}*', codes) + colon + self.text(why)

    def failures(self):
        entries, cancelled = [], []
        for paragraph in (p for p in self.header.paragraphs if p.fails):
            failing = [d for d in paragraph.shown if d.can_fail]
            reasons = re.sub(r'^Fails (with )?|\.$', '', paragraph.fails).split('; ')
            if not SPEAKS_OF_CANCELS.search(paragraph.fails):
                cancelled += [d for d in failing if d.takes_self]
            if reasons != ['when cancelled']:
                entries.append((failing, list(map(self.reason, reasons))))
        if cancelled:
            self.add_cancels(entries, cancelled)
        texts = [self.list_item(failing, '++\n'.join(reasons)) for failing, reasons in entries]
        return '\n'.join(texts) or 'None of these functions fails.\n'

    def add_cancels(self, entries, cancelled):
        where = '' if self.header.noun == 'task' else f', {self.refer("task")}'
        reason = f'*-ECANCELED*: the caller is cancelled{where}'
        if entries and entries[-1][0] == cancelled:
            entries[-1][1].append(reason)
        else:
            entries.append((cancelled, [reason]))

    def cleanups(self):
        """Declarations of variables that close themselves."""
        for closer, kind in filter(None, (d.cleanup for p in self.header.paragraphs for d in p.shown)):
            noun = re.fullmatch(r'co_(\w+)_\w+', closer)[1]
            is_pointer = kind.endswith('*')
            yield f'CLEANUP({closer}) {kind}{noun} = NULL;' if is_pointer else f'CLEANUP({closer}) {kind} {noun};'

    def clean_up(self):
        lines = '\n'.join(self.cleanups())
        return lines and (f'{fenced(lines)}\nSuch a variable is closed when its block is left, on every road; '
                          'STEAL(_variable_) gives what is in a pointer to somebody else and leaves NULL. '
                          'Both are in haul/base/cleanup.h, which comes with this header.\n')

    def lent_declarations(self):
        """What the header and the program use of the headers of another room."""
        used = '\n'.join([self.program, self.header.description] +
                         [p.comment + d.code for p in self.header.paragraphs for d in p.shown])
        for lent in self.lent:
            code = [d.code for p in lent.paragraphs for d in p.shown
                    if re.search(rf'{re.escape(self.named(d))}\b', used)]
            if code:
                yield f'In haul/base/{escape(lent.noun)}.h, which comes with it:\n\n' + fenced('\n'.join(code))

    def complaints(self):
        for paragraph in self.header.paragraphs:
            for declaration in paragraph.shown:
                if declaration.function and not paragraph.has_entry(declaration):
                    yield f'{declaration.function}: nothing is said of it'
                if not paragraph.tells_result(declaration):
                    yield f'{declaration.function}: neither "Gives" nor "Fails"'
                elif declaration.takes_self and declaration.can_fail and not paragraph.fails:
                    yield f'{declaration.function}: takes self, and no "Fails"'

    def write(self):
        header = self.header
        names = ', '.join(escape(name) for name in header.functions)
        results, failures, clean_up = self.results(), self.failures(), self.clean_up()
        print(f'{header.page}(3)\n\n# NAME\n\n{names} - {escape(header.title.rstrip("."))}\n')
        print(f'# SYNOPSIS\n\n{self.synopsis()}')
        print(*self.lent_declarations(), sep='\n')
        description = self.prose(header.description)
        entries = '\n'.join(filter(None, map(self.entry, header.paragraphs)))
        print(f'# DESCRIPTION\n\n{description or self.text(sentence(header.title))}\n')
        if entries:
            print(f'## Functions and types\n\n{entries}')
        for title, text in ('RETURN VALUE', results), ('ERRORS', failures), ('CLEAN UP', clean_up):
            if text:
                print(f'# {title}\n\n{text}')
        print(f'# EXAMPLE\n\n{fenced(self.program)}')
        others = [self.refer(noun) for noun in sorted({'task', 'runtime'} | self.mentioned) if noun != header.noun]
        print(f'# SEE ALSO\n\n{", ".join(["*haul-co*(7)", "*co-tutorial*(7)", *others])}')


def main():
    end = sys.argv.index('--')
    others, lent = ([headers.read(path) for path in paths] for paths in (sys.argv[3:end], sys.argv[end + 1:]))
    page = Page(headers.read(sys.argv[1]), sys.argv[2], others, lent)
    complaints = '\n'.join(f'{sys.argv[1]}: {complaint}' for complaint in page.complaints())
    if complaints:
        sys.exit(complaints)
    page.write()


if __name__ == '__main__':
    main()
