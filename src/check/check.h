/* check.h - one check as it was read. */
#pragma once

#include "pattern.h"

#include <haul/check/check.h>
#include <haul/job/status_set.h>

#include <cjson/cJSON.h>

#define RELATIONS(X)                                                                                                   \
    X(IN, "in")                                                                                                        \
    X(EQUALS, "equals")                                                                                                \
    X(CONTAINS, "contains")                                                                                            \
    X(MATCHES, "matches")                                                                                              \
    X(EXISTS, "exists")                                                                                                \
    X(MIN, "min")                                                                                                      \
    X(MAX, "max")

enum relation {
#define X(name, text) RELATION_##name,
    RELATIONS(X)
#undef X
        RELATION_COUNT,
};

/* What is looked at.  An argument stands behind the name and a space. */
#define SUBJECTS(X)                                                                                                    \
    X(STATUS, "status")                                                                                                \
    X(HEADER, "header") /* NAME */                                                                                     \
    X(BODY, "body")                                                                                                    \
    X(JSON, "json") /* POINTER */                                                                                      \
    X(SIZE, "size")                                                                                                    \
    X(DIGEST, "digest")                                                                                                \
    X(TIME, "time")                                                                                                    \
    X(TLS_DAYS, "tls-days")                                                                                            \
    X(URL, "url")                                                                                                      \
    X(VERSION, "version")

enum subject {
#define X(name, text) SUBJECT_##name,
    SUBJECTS(X)
#undef X
        SUBJECT_COUNT,
};

struct check {
    enum subject subject;
    const char *argument; /* the name of a header in lower case, or a pointer; "" */
    enum relation relation;
    bool negated;
    const cJSON *value; /* of the relation, owned by the list */
    struct pattern *pattern;
    struct status_set statuses;
    const char *name, *expected;
};

struct check_list {
    cJSON *notation;
    struct arena arena;
    struct check *checks;
    unsigned count;
    const char *algorithm, *hex; /* of a digest, or NULL */
};

/* In pointer.c: a JSON Pointer (RFC 6901), and what is there, or NULL. */
bool pointer_is_valid(const char *pointer);
const cJSON *pointer_find(const cJSON *document, const char *pointer);
