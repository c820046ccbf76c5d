/* option_table.h - every option, once: what it is called, what it takes, where it goes, what to say about it. */
#pragma once

#include <haul/base/arena.h>
#include <haul/base/text.h>
#include <haul/cli/options.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OPTION_GROUPS(X)                                                                                               \
    X(INPUT, "input", "Input")                                                                                         \
    X(CONCURRENCY, "concurrency", "Concurrency")                                                                       \
    X(OUTPUT, "output", "Output")                                                                                      \
    X(INTEGRITY, "integrity", "Integrity")                                                                             \
    X(REQUEST, "requests", "Requests")                                                                                 \
    X(REDIRECT, "redirects", "Redirects")                                                                              \
    X(NETWORK, "network", "Network and TLS")                                                                           \
    X(TIME, "time", "Time")                                                                                            \
    X(RETRY, "retries", "Retries")                                                                                     \
    X(CHECK, "checks", "Checks")                                                                                       \
    X(RESULT, "results", "Results")                                                                                    \
    X(CONFIGURATION, "configuration", "Configuration")                                                                 \
    X(HELP, "help", "Help")

enum option_group {
#define X(name, word, title) GROUP_##name,
    OPTION_GROUPS(X)
#undef X
        GROUP_COUNT,
};

const char *option_group_title(enum option_group group);

/* The words of the groups, each in its place, and "all" behind them; NULL ends them. */
extern const char *const option_topics[];

/* How the argument is read, and what of struct options it is stored in. */
enum option_type {
    OPTION_IGNORED,  /* says what is so anyway */
    OPTION_SET,      /* bool, becomes true */
    OPTION_CLEAR,    /* bool, becomes false */
    OPTION_COUNT,    /* unsigned, one more */
    OPTION_CHOICE,   /* an enum, becomes `choice` */
    OPTION_STRING,   /* const char *, the last one given */
    OPTION_ONCE,     /* const char *, refused a second time */
    OPTION_WORD,     /* an enum, becomes the place of the argument among `words` */
    OPTION_LIST,     /* const char *const *, NULL-terminated, one more */
    OPTION_NUMBER,   /* unsigned, within the limits */
    OPTION_DURATION, /* int64_t, nanoseconds, within the limits */
    OPTION_CARRIED,  /* `carry` does it (request.h), when all that counts is known */
    OPTION_SIZE,     /* long, bytes, within the limits */
    OPTION_PARSED,   /* whatever `parse` makes of it */
};

struct option_entry {
    char letter;          /* '\0': none */
    const char *name;     /* without dashes */
    const char *argument; /* what help calls it; NULL: takes none */
    enum option_group group;
    enum option_type type;
    size_t offset; /* of its place in struct options */
    unsigned choice;
    const char *const *words; /* NULL-terminated; of an option without an argument: one of them may follow it */
    int64_t minimum, maximum;
    const char *initial; /* as a user would write it; NULL: none */
    /* Why a string will not do, as a sentence that follows "invalid argument 'x' for '--y': "; NULL: it will. */
    const char *(*problem)(struct arena *arena, const char *argument);
    /* Fills the place, or says why not as `problem` does. */
    const char *(*parse)(const char *argument, void *place);
    const char *(*carry)(struct options *options, const char *argument); /* as `problem`, and stores it */
    bool several;                                                        /* it is a list, though carried */
    bool daily;                                                          /* in the short help */
    bool secret;         /* the argument is not for other users of the machine to see */
    const char *help;    /* a line of --help */
    const char *details; /* what else haul(1) says, as scdoc(5); NULL: nothing */
};

/* An entry without a name ends it. */
extern const struct option_entry option_table[];

#define EACH_OPTION(entry) for (const struct option_entry *entry = option_table; entry->name; entry++)

/* The entry of that name, or NULL. */
const struct option_entry *option_find(struct slice name);
const struct option_entry *option_find_letter(char letter);

/* The one that may have been meant by a name that there is not, or NULL. */
const struct option_entry *option_nearest(struct slice name);

bool option_is_list(const struct option_entry *entry); /* each further one is one more */

/* "1 to 16384", "1ms to 1000h": as a user would write them. */
bool option_has_limits(const struct option_entry *entry);
void option_append_limits(struct text *text, const struct option_entry *entry);
