#include "shown.h"

#include <haul/base/utf8.h>

#include <locale.h>
#include <pthread.h>
#include <wchar.h>

#define MARKS_MAXIMUM 4 /* that combine with one character */
#define ELLIPSIS      SLICE("...")

static bool turns_direction(uint32_t character)
{
    return character == 0x061c || character == 0x200e || character == 0x200f ||
           (character >= 0x202a && character <= 0x202e) || (character >= 0x2066 && character <= 0x2069);
}

static bool is_control(uint32_t character)
{
    return character < 0x20 || (character >= 0x7f && character < 0xa0) || character == 0x2028 || character == 0x2029;
}

bool shown_as_it_is(uint32_t character)
{
    return !is_control(character) && !turns_direction(character);
}

struct character {
    size_t length; /* bytes; 1 when they are no character */
    uint32_t code;
    bool fit; /* to be shown as it is */
};

static struct character next_character(struct slice rest)
{
    struct character character = {.length = 0};

    character.length = utf8_decode(rest, &character.code);
    character.fit = character.length > 0 && shown_as_it_is(character.code);
    if (character.length == 0)
        character.length = 1;
    return character;
}

static void append_character(struct text *text, struct slice rest, const struct character *character)
{
    if (character->fit)
        text_append(text, (struct slice){rest.bytes, character->length});
    for (size_t i = 0; !character->fit && i < character->length; i++)
        text_append_format(text, "\\x%02X", (unsigned char)rest.bytes[i]);
}

void shown_append(struct text *text, struct slice words)
{
    while (words.length > 0) {
        struct character character = next_character(words);

        append_character(text, words, &character);
        words = slice_from(words, character.length);
    }
}

static locale_t widths;

static void open_widths(void)
{
    widths = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

/* The widths of the C library, whatever the locale of the user is. */
static unsigned width_of(uint32_t code)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    locale_t before;
    int width;

    if (code < 0x7f)
        return 1;
    pthread_once(&once, open_widths);
    before = widths ? uselocale(widths) : (locale_t)0;
    width = wcwidth((wchar_t)code);
    if (before)
        uselocale(before);
    return width < 0 ? 2 : (unsigned)width; /* unknown: what does not wrap in any terminal */
}

static unsigned columns_of(const struct character *character)
{
    return character->fit ? width_of(character->code) : (unsigned)(4 * character->length); /* "\xNN" */
}

unsigned shown_columns(struct slice words)
{
    unsigned columns = 0;

    while (words.length > 0) {
        struct character character = next_character(words);

        columns += columns_of(&character);
        words = slice_from(words, character.length);
    }
    return columns;
}

/* As many characters as fit; gives the columns. */
static unsigned append_beginning(struct text *text, struct slice words, unsigned room)
{
    unsigned columns = 0, marks = 0;

    while (words.length > 0) {
        struct character character = next_character(words);
        unsigned width = columns_of(&character);

        if (columns + width > room)
            break;
        marks = width > 0 ? 0 : marks + 1;
        if (marks <= MARKS_MAXIMUM)
            append_character(text, words, &character);
        columns += width;
        words = slice_from(words, character.length);
    }
    return columns;
}

/* What is left when as few characters as possible are dropped for the rest to fit. */
static struct slice end_within(struct slice words, unsigned columns, unsigned room)
{
    while (words.length > 0) {
        struct character character = next_character(words);
        unsigned width = columns_of(&character);

        if (columns <= room && width > 0) /* not between a character and its marks */
            break;
        columns -= width;
        words = slice_from(words, character.length);
    }
    return words;
}

unsigned shown_append_cut(struct text *text, struct slice words, unsigned room)
{
    unsigned columns = shown_columns(words), head;

    if (columns <= room || room <= ELLIPSIS.length)
        return append_beginning(text, words, room);
    room -= (unsigned)ELLIPSIS.length;
    head = append_beginning(text, words, room / 2);
    text_append(text, ELLIPSIS);
    words = end_within(words, columns, room - head);
    return head + (unsigned)ELLIPSIS.length + append_beginning(text, words, room - head);
}

static size_t escape_length(struct slice rest)
{
    size_t length = 2;

    if (!slice_starts_with(rest, SLICE("\x1b[")))
        return 0;
    while (length < rest.length && rest.bytes[length] != 'm')
        length++;
    return length + 1;
}

unsigned shown_columns_of_line(struct slice line)
{
    unsigned columns = 0;

    while (line.length > 0) {
        size_t length = escape_length(line);
        struct character character = next_character(line);

        columns += length > 0 ? 0 : columns_of(&character);
        line = slice_from(line, length > 0 ? length : character.length);
    }
    return columns;
}
