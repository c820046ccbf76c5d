#include <haul/http/netrc.h>

#include <haul/base/text.h>

#include <string.h>

struct entry {
    struct entry *next;
    struct slice machine; /* empty: any */
    const char *user, *password;
};

struct netrc {
    struct entry *first;
};

struct reader {
    struct arena *arena;
    struct slice rest;
    unsigned line;
    bool broken; /* in this line */
};

static bool is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static void skip_line(struct reader *reader)
{
    struct slice line;

    slice_cut(reader->rest, '\n', &line, &reader->rest);
    reader->line++;
}

static void skip_space(struct reader *reader)
{
    while (reader->rest.length > 0) {
        char byte = reader->rest.bytes[0];

        if (byte == '#') {
            skip_line(reader);
        } else if (is_space(byte)) {
            reader->line += byte == '\n';
            reader->rest = slice_from(reader->rest, 1);
        } else {
            return;
        }
    }
}

static char unescaped(char byte)
{
    return byte == 'n' ? '\n' : byte == 'r' ? '\r' : byte == 't' ? '\t' : byte;
}

/* Behind the quote that opens it. */
static bool take_quoted(struct reader *reader, struct slice *ret_word)
{
    CLEANUP(text_release) struct text word = {0};
    bool escaped = false;

    for (size_t i = 0; i < reader->rest.length && reader->rest.bytes[i] != '\n'; i++) {
        char byte = reader->rest.bytes[i];

        if (!escaped && byte == '"') {
            *ret_word = (struct slice){arena_copy(reader->arena, text_slice(&word)), word.length};
            reader->rest = slice_from(reader->rest, i + 1);
            return true;
        }
        if (!escaped && byte == '\\') {
            escaped = true;
            continue;
        }
        text_append_byte(&word, escaped ? unescaped(byte) : byte);
        escaped = false;
    }
    reader->broken = true;
    return false;
}

/* False at the end, or when the rest cannot be understood. */
static bool take_word(struct reader *reader, struct slice *ret_word)
{
    size_t length = 0;

    skip_space(reader);
    if (reader->broken || reader->rest.length == 0)
        return false;
    if (reader->rest.bytes[0] == '"') {
        reader->rest = slice_from(reader->rest, 1);
        return take_quoted(reader, ret_word);
    }
    while (length < reader->rest.length && !is_space(reader->rest.bytes[length]))
        length++;
    *ret_word = (struct slice){reader->rest.bytes, length};
    reader->rest = slice_from(reader->rest, length);
    return true;
}

static void skip_macro(struct reader *reader)
{
    skip_line(reader);
    while (reader->rest.length > 0 && reader->rest.bytes[0] != '\n' && reader->rest.bytes[0] != '\r')
        skip_line(reader);
}

static struct entry *add_entry(struct arena *arena, struct entry ***end, struct slice machine)
{
    struct entry *entry = arena_allocate(arena, sizeof *entry);

    entry->machine = machine;
    **end = entry;
    *end = &entry->next;
    return entry;
}

static bool is(struct slice word, struct slice keyword)
{
    return slice_equal_ignoring_case(word, keyword);
}

/* What follows that does not concern an entry is passed over, as are words that are not known. */
static void read_entries(struct reader *reader, struct netrc *netrc)
{
    struct entry **end = &netrc->first, *entry = NULL;
    struct slice word;

    while (take_word(reader, &word)) {
        const char **place = NULL;

        if (is(word, SLICE("macdef"))) {
            skip_macro(reader);
            entry = NULL;
        } else if (is(word, SLICE("default"))) {
            entry = add_entry(reader->arena, &end, SLICE(""));
        } else if (is(word, SLICE("machine"))) {
            entry = take_word(reader, &word) && word.length > 0 ? add_entry(reader->arena, &end, word) : NULL;
        } else if (is(word, SLICE("account"))) {
            take_word(reader, &word);
        } else if (entry) {
            place = is(word, SLICE("login")) ? &entry->user : is(word, SLICE("password")) ? &entry->password : NULL;
        }
        if (place && take_word(reader, &word) && !(entry->user && entry->password))
            *place = arena_copy(reader->arena, word);
    }
}

struct netrc *netrc_parse(struct arena *arena, struct slice text, const char **ret_problem)
{
    struct reader reader = {.arena = arena, .rest = text, .line = 1};
    struct netrc *netrc = arena_allocate(arena, sizeof *netrc);

    if (slice_contains_byte(text, '\0')) {
        *ret_problem = "it has a NUL in it";
        return NULL;
    }
    if (text.length > 0)
        reader.rest = (struct slice){arena_copy(arena, text), text.length};
    read_entries(&reader, netrc);
    if (!reader.broken)
        return netrc;
    *ret_problem = arena_format(arena, "a quote in line %u has no end", reader.line);
    return NULL;
}

static struct slice without_brackets(const char *host)
{
    struct slice slice = slice_of(host);

    return slice_starts_with(slice, SLICE("[")) ? (struct slice){slice.bytes + 1, slice.length - 2} : slice;
}

static bool is_for(const struct entry *entry, struct slice host, enum netrc_scope scope)
{
    return entry->machine.length > 0 ? slice_equal_ignoring_case(entry->machine, host) : scope == NETRC_MACHINES_OR_ANY;
}

static bool is_of_user(const struct entry *entry, const char *user)
{
    return !user || (entry->password && (!entry->user || strcmp(entry->user, user) == 0));
}

bool netrc_find(const struct netrc *netrc, const char *host, enum netrc_scope scope, const char *user,
                const char **ret_user, const char **ret_password)
{
    const struct entry *found = NULL;

    for (const struct entry *entry = netrc ? netrc->first : NULL; entry; entry = entry->next) {
        bool whole = entry->password && (entry->user || user);

        if (!is_for(entry, without_brackets(host), scope) || !is_of_user(entry, user))
            continue;
        if (entry->user || entry->password)
            found = found && !whole ? found : entry;
        if (whole)
            break;
    }
    if (!found)
        return false;
    *ret_user = user ? user : found->user ? found->user : "";
    *ret_password = found->password ? found->password : "";
    return true;
}
