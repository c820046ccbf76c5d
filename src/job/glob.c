#include <haul/job/glob.h>

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#define NUMBER_MAXIMUM (INT64_MAX / 2)

struct alternative {
    struct alternative *next;
    struct slice text;
};

/* A piece of text, or a glob: a range of numbers or letters, or alternatives. */
struct glob_piece {
    struct glob_piece *next;
    enum { PIECE_TEXT, PIECE_NUMBERS, PIECE_LETTERS, PIECE_ALTERNATIVES } kind;
    struct slice text;
    uint64_t first, step;
    int width;
    struct slice *alternatives;
    uint64_t count; /* of what it stands for */
    uint64_t turns; /* URLs for each of them: of the globs behind it */
};

struct reader {
    struct glob *glob;
    struct slice all;
    size_t next; /* the first byte that is not read */
    struct glob_piece **end;
    unsigned globs;
};

static bool refuse(struct reader *reader, size_t at, const char *problem)
{
    reader->glob->problem = problem;
    reader->glob->column = at + 1;
    return false;
}

static struct glob_piece *add_piece(struct reader *reader)
{
    struct glob_piece *piece = arena_allocate(&reader->glob->arena, sizeof *piece);

    piece->count = 1;
    *reader->end = piece;
    reader->end = &piece->next;
    return piece;
}

static struct slice rest_of(const struct reader *reader)
{
    return slice_from(reader->all, reader->next);
}

static bool is_at_end(const struct reader *reader)
{
    return reader->next == reader->all.length;
}

static bool next_is(const struct reader *reader, char byte)
{
    return !is_at_end(reader) && reader->all.bytes[reader->next] == byte;
}

static bool take(struct reader *reader, char byte)
{
    bool there = next_is(reader, byte);

    reader->next += there;
    return there;
}

static bool take_number(struct reader *reader, uint64_t *ret_number, int *ret_digits)
{
    struct slice digits = {reader->all.bytes + reader->next, 0};
    unsigned long long number;

    while (!is_at_end(reader) && reader->all.bytes[reader->next] >= '0' && reader->all.bytes[reader->next] <= '9') {
        reader->next++;
        digits.length++;
    }
    if (!slice_to_unsigned(digits, NUMBER_MAXIMUM, &number))
        return false;
    *ret_number = number;
    *ret_digits = (int)digits.length;
    return true;
}

static bool take_letter(struct reader *reader, uint64_t *ret_letter)
{
    char byte = is_at_end(reader) ? '\0' : reader->all.bytes[reader->next];

    if (!((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z')))
        return false;
    reader->next++;
    *ret_letter = (unsigned char)byte;
    return true;
}

static bool take_bound(struct reader *reader, struct glob_piece *piece, uint64_t *ret_bound, int *ret_digits)
{
    *ret_digits = 1;
    return piece->kind == PIECE_LETTERS ? take_letter(reader, ret_bound) : take_number(reader, ret_bound, ret_digits);
}

static bool is_of_one_case(uint64_t first, uint64_t last)
{
    return (first >= 'a') == (last >= 'a');
}

/* Behind the opening bracket. */
static bool read_range(struct reader *reader, struct glob_piece *piece)
{
    size_t at = reader->next - 1;
    uint64_t last = 0;
    int digits;

    piece->kind = take_letter(reader, &piece->first) ? PIECE_LETTERS : PIECE_NUMBERS;
    if (piece->kind == PIECE_NUMBERS && !take_number(reader, &piece->first, &piece->width))
        return refuse(reader, at, "the range begins with no number and no letter");
    if (piece->kind == PIECE_NUMBERS && reader->all.bytes[at + 1] != '0')
        piece->width = 1;
    if (!take(reader, '-') || !take_bound(reader, piece, &last, &digits))
        return refuse(reader, at, "the range is not of the form [1-9], [01-20], [a-z] or [1-9:2]");
    piece->step = 1;
    if (take(reader, ':') && !take_number(reader, &piece->step, &digits))
        return refuse(reader, at, "the step of the range is no number");
    if (!take(reader, ']'))
        return refuse(reader, at, "the range does not end with ']'");
    if (last < piece->first || (piece->kind == PIECE_LETTERS && !is_of_one_case(piece->first, last)))
        return refuse(reader, at, "the range ends before it begins");
    if (piece->step == 0 || piece->step > (last > piece->first ? last - piece->first : 1))
        return refuse(reader, at, "the step of the range does not fit into it");
    piece->count = (last - piece->first) / piece->step + 1;
    return true;
}

/* Up to a comma or the closing brace. */
static bool read_alternative(struct reader *reader, struct text *text, size_t at)
{
    while (!is_at_end(reader) && !next_is(reader, ',') && !next_is(reader, '}')) {
        if (next_is(reader, '{') || next_is(reader, '['))
            return refuse(reader, reader->next, "there is a bracket or a brace within braces");
        if (next_is(reader, ']'))
            return refuse(reader, reader->next, "there is no '[' to this ']'");
        if (next_is(reader, '\\') && rest_of(reader).length > 1)
            reader->next++;
        text_append_byte(text, reader->all.bytes[reader->next++]);
    }
    return !is_at_end(reader) || refuse(reader, at, "there is no '}' to this '{'");
}

static void keep_alternatives(struct reader *reader, struct glob_piece *piece, const struct alternative *first)
{
    uint64_t count = 0;

    piece->alternatives = arena_allocate(&reader->glob->arena, piece->count * sizeof *piece->alternatives);
    for (; first; first = first->next)
        piece->alternatives[count++] = first->text;
}

/* Behind the opening brace. */
static bool read_alternatives(struct reader *reader, struct glob_piece *piece)
{
    size_t at = reader->next - 1;
    struct arena *arena = &reader->glob->arena;
    struct alternative *first = NULL, **end = &first;

    piece->kind = PIECE_ALTERNATIVES;
    if (next_is(reader, '}'))
        return refuse(reader, at, "there is nothing between the braces");
    for (piece->count = 0; piece->count == 0 || take(reader, ','); piece->count++) {
        CLEANUP(text_release) struct text text = {0};

        if (piece->count == GLOB_ALTERNATIVES_MAXIMUM)
            return refuse(reader, at, "there are more than 10000 alternatives between the braces");
        if (!read_alternative(reader, &text, at))
            return false;
        *end = arena_allocate(arena, sizeof **end);
        (*end)->text = (struct slice){arena_copy(arena, text_slice(&text)), text.length};
        end = &(*end)->next;
    }
    take(reader, '}');
    keep_alternatives(reader, piece, first);
    return true;
}

/* The length of an IPv6 address with its brackets and zone, or of "[]"; 0: it is a glob. */
static size_t literal_length(struct slice rest)
{
    struct slice inside, behind, zone;
    unsigned char address[sizeof(struct in6_addr)];
    char copy[INET6_ADDRSTRLEN] = "";
    size_t length;

    if (!slice_cut(slice_from(rest, 1), ']', &inside, &behind))
        return 0;
    length = inside.length + 2;
    slice_cut(inside, '%', &inside, &zone);
    if (inside.length >= sizeof copy || slice_contains_byte(inside, '\0'))
        return 0;
    if (inside.length > 0)
        memcpy(copy, inside.bytes, inside.length);
    return length == 2 || inet_pton(AF_INET6, copy, address) == 1 ? length : 0;
}

static bool is_escape(struct slice rest)
{
    return rest.length > 1 && rest.bytes[0] == '\\' && rest.bytes[1] != '\0' && strchr("[]{}", rest.bytes[1]);
}

/* Up to the next glob. */
static bool read_text(struct reader *reader, struct text *text)
{
    while (!is_at_end(reader) && !next_is(reader, '{')) {
        size_t length = next_is(reader, '[') ? literal_length(rest_of(reader)) : 1;

        if (length == 0)
            break;
        if (next_is(reader, '}') || next_is(reader, ']'))
            return refuse(reader, reader->next,
                          next_is(reader, '}') ? "there is no '{' to this '}'" : "there is no '[' to this ']'");
        reader->next += is_escape(rest_of(reader));
        text_append(text, (struct slice){reader->all.bytes + reader->next, length});
        reader->next += length;
    }
    return true;
}

static bool read_glob(struct reader *reader)
{
    size_t at = reader->next;
    struct glob_piece *piece = add_piece(reader);
    bool read;

    if (reader->globs++ == GLOB_GLOBS_MAXIMUM)
        return refuse(reader, at, "there are more than 50 globs");
    read = take(reader, '{') ? read_alternatives(reader, piece) : take(reader, '[') && read_range(reader, piece);
    if (!read)
        return false;
    if (piece->count > GLOB_URLS_MAXIMUM / reader->glob->count)
        return refuse(reader, at, "that makes more than 1000000000000 URLs");
    reader->glob->count *= piece->count;
    return true;
}

static bool read_piece(struct reader *reader)
{
    CLEANUP(text_release) struct text text = {0};
    struct glob_piece *piece;

    if (!read_text(reader, &text))
        return false;
    if (text.length > 0) {
        piece = add_piece(reader);
        piece->text = (struct slice){arena_copy(&reader->glob->arena, text_slice(&text)), text.length};
    }
    return is_at_end(reader) || read_glob(reader);
}

bool glob_read(struct glob *glob, struct slice pattern)
{
    struct reader reader = {.glob = glob, .end = &glob->first};
    uint64_t turns;

    reader.all.bytes = arena_copy(&glob->arena, pattern);
    reader.all.length = pattern.length;
    glob->count = 1;
    while (!is_at_end(&reader))
        if (!read_piece(&reader))
            return false;
    turns = glob->count;
    for (struct glob_piece *piece = glob->first; piece; piece = piece->next)
        piece->turns = turns /= piece->count;
    return true;
}

void glob_release(struct glob *glob)
{
    arena_release(&glob->arena);
    *glob = (struct glob){.count = 0};
}

static void append_piece(const struct glob_piece *piece, uint64_t turn, struct text *text)
{
    switch (piece->kind) {
    case PIECE_TEXT:
        text_append(text, piece->text);
        break;
    case PIECE_NUMBERS:
        text_append_format(text, "%0*" PRIu64, piece->width, piece->first + turn * piece->step);
        break;
    case PIECE_LETTERS:
        text_append_byte(text, (char)(piece->first + turn * piece->step));
        break;
    case PIECE_ALTERNATIVES:
        text_append(text, piece->alternatives[turn]);
        break;
    }
}

void glob_write(const struct glob *glob, uint64_t place, struct text *url, struct text *matches)
{
    for (const struct glob_piece *piece = glob->first; piece; piece = piece->next) {
        size_t start = url->length;

        append_piece(piece, place / piece->turns % piece->count, url);
        if (piece->kind == PIECE_TEXT)
            continue;
        text_append_byte(matches, '\n');
        text_append(matches, slice_from(text_slice(url), start));
    }
}
