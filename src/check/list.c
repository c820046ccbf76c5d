#include "check.h"

#include <haul/base/memory.h>
#include <haul/base/utf8.h>
#include <haul/job/checksum.h>
#include <haul/job/field.h>

#include <stdlib.h>
#include <string.h>

static const char *const relation_names[] = {
#define X(name, text) text,
    RELATIONS(X)
#undef X
};

static const char *const subject_names[] = {
#define X(name, text) text,
    SUBJECTS(X)
#undef X
};

#define R(name)   (1u << RELATION_##name)
#define OF_TEXT   (R(EQUALS) | R(CONTAINS) | R(MATCHES))
#define OF_NUMBER (R(EQUALS) | R(MIN) | R(MAX))

static const unsigned relations_of[] = {
    [SUBJECT_STATUS] = R(IN) | R(EQUALS),
    [SUBJECT_HEADER] = OF_TEXT | R(EXISTS),
    [SUBJECT_BODY] = OF_TEXT,
    [SUBJECT_JSON] = OF_TEXT | OF_NUMBER | R(EXISTS),
    [SUBJECT_SIZE] = OF_NUMBER,
    [SUBJECT_DIGEST] = R(EQUALS),
    [SUBJECT_TIME] = R(MIN) | R(MAX),
    [SUBJECT_TLS_DAYS] = R(MIN) | R(MAX),
    [SUBJECT_URL] = OF_TEXT,
    [SUBJECT_VERSION] = R(EQUALS),
};

struct reader {
    struct check_list *list;
    struct text *problem;
    struct check common; /* to all relations of an object */
    const char *name;
};

static bool refuse(struct reader *reader, const char *key, const char *why)
{
    if (reader->problem->length == 0)
        text_append_format(reader->problem, "'%.60s' of a check %s", key, why);
    return false;
}

static size_t find(const char *const *names, size_t count, struct slice name)
{
    size_t i = 0;

    while (i < count && !slice_equal(slice_of(names[i]), name))
        i++;
    return i;
}

static const char *copy_lower_case(struct arena *arena, struct slice name)
{
    char *copy = arena_copy(arena, name);

    for (char *byte = copy; *byte != '\0'; byte++)
        if (*byte >= 'A' && *byte <= 'Z')
            *byte += 'a' - 'A';
    return copy;
}

static bool read_argument(struct reader *reader, struct slice argument)
{
    struct check *check = &reader->common;

    switch (check->subject) {
    case SUBJECT_HEADER:
        check->argument = copy_lower_case(&reader->list->arena, slice_trim(argument));
        return field_is_token(slice_of(check->argument)) || refuse(reader, "check", "names no header");
    case SUBJECT_JSON:
        check->argument = arena_copy(&reader->list->arena, argument);
        return pointer_is_valid(check->argument) || refuse(reader, "check", "has no JSON Pointer behind 'json '");
    default:
        check->argument = "";
        return argument.length == 0 || refuse(reader, "check", "has something behind its subject");
    }
}

static bool refuse_subject(struct reader *reader, const char *key, const char *why)
{
    bool first = reader->problem->length == 0;

    refuse(reader, key, why);
    for (size_t i = 0; first && i < SUBJECT_COUNT; i++)
        text_append_format(reader->problem, "%s %s", i == 0 ? "; known are" : ",", subject_names[i]);
    return false;
}

static bool read_subject(struct reader *reader, const cJSON *object)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, "check");
    struct slice name, argument;
    size_t subject;

    if (!cJSON_IsString(item))
        return refuse_subject(reader, "check", "is missing, or not a string");
    slice_cut(slice_of(item->valuestring), ' ', &name, &argument);
    subject = find(subject_names, SUBJECT_COUNT, name);
    if (subject == SUBJECT_COUNT)
        return refuse_subject(reader, item->valuestring, "is nothing that can be checked");
    reader->common.subject = (enum subject)subject;
    return read_argument(reader, argument);
}

static bool read_digest(struct reader *reader, const cJSON *value)
{
    struct check_list *list = reader->list;
    struct checksum checksum;

    if (!cJSON_IsString(value) || !checksum_parse(slice_of(value->valuestring), &checksum))
        return refuse(reader, "equals", "is not of the form ALGO=HEX");
    if (list->algorithm || reader->common.negated)
        return refuse(reader, "digest", "is there twice, or negated");
    list->algorithm = arena_copy(&list->arena, checksum.algorithm);
    list->hex = arena_copy(&list->arena, checksum.hex);
    return true;
}

static bool read_pattern(struct reader *reader, struct check *check)
{
    CLEANUP(text_release) struct text why = {0};

    check->pattern = pattern_open(slice_of(check->value->valuestring), &why);
    return check->pattern || refuse(reader, "matches", why.bytes);
}

/* Numbers are compared with what is a number, all else with strings; of JSON anything can be said. */
static bool equals_the_right_kind(enum subject subject, const cJSON *value)
{
    if (subject == SUBJECT_JSON)
        return true;
    return relations_of[subject] & R(CONTAINS) || subject == SUBJECT_VERSION ? cJSON_IsString(value)
                                                                             : cJSON_IsNumber(value);
}

static bool read_value(struct reader *reader, struct check *check)
{
    const char *relation = relation_names[check->relation];
    const cJSON *value = check->value;

    switch (check->relation) {
    case RELATION_IN:
        return (cJSON_IsString(value) && status_set_parse(slice_of(value->valuestring), &check->statuses)) ||
               refuse(reader, relation, "is not statuses as in '200..299,404'");
    case RELATION_EQUALS:
        if (check->subject == SUBJECT_DIGEST)
            return read_digest(reader, value);
        return equals_the_right_kind(check->subject, value) || refuse(reader, relation, "is of another kind");
    case RELATION_EXISTS:
        return cJSON_IsBool(value) || refuse(reader, relation, "is neither true nor false");
    case RELATION_MIN:
    case RELATION_MAX:
        return cJSON_IsNumber(value) || refuse(reader, relation, "is not a number");
    default:
        if (!cJSON_IsString(value))
            return refuse(reader, relation, "is not a string");
        return check->relation != RELATION_MATCHES || read_pattern(reader, check);
    }
}

static void describe(struct reader *reader, struct check *check)
{
    struct arena *arena = &reader->list->arena;
    char *value = cJSON_PrintUnformatted(check->value);

    check->expected = arena_format(arena, "%s%s %s", check->negated ? "not " : "", relation_names[check->relation],
                                   value ? value : "");
    cJSON_free(value);
    check->name = reader->name ? reader->name
                               : arena_format(arena, "%s%s%s %s", subject_names[check->subject],
                                              check->argument[0] ? " " : "", check->argument, check->expected);
}

static bool read_relation(struct reader *reader, const cJSON *item)
{
    size_t relation = find(relation_names, RELATION_COUNT, slice_of(item->string));
    struct check_list *list = reader->list;
    struct check *check;

    if (relation == RELATION_COUNT)
        return refuse(reader, item->string, "is unknown");
    if (!(relations_of[reader->common.subject] & 1u << relation))
        return refuse(reader, item->string, "is no relation for its subject");
    if (list->count == CHECK_COUNT_MAXIMUM)
        return refuse(reader, item->string, "is one too many");
    check = &list->checks[list->count++];
    *check = reader->common;
    check->relation = (enum relation)relation;
    check->value = item;
    if (!read_value(reader, check))
        return false;
    describe(reader, check);
    return true;
}

static bool is_common(const char *key)
{
    return strcmp(key, "check") == 0 || strcmp(key, "name") == 0 || strcmp(key, "not") == 0;
}

static bool read_common(struct reader *reader, const cJSON *object)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(object, "name");
    const cJSON *negated = cJSON_GetObjectItemCaseSensitive(object, "not");

    reader->common = (struct check){.negated = cJSON_IsTrue(negated)};
    if (negated && !cJSON_IsBool(negated))
        return refuse(reader, "not", "is neither true nor false");
    if (name && (!cJSON_IsString(name) || name->valuestring[0] == '\0'))
        return refuse(reader, "name", "is not a string");
    reader->name = name ? name->valuestring : NULL;
    return read_subject(reader, object);
}

static bool read_object(struct reader *reader, const cJSON *object)
{
    unsigned before = reader->list->count;
    const cJSON *item;

    if (!cJSON_IsObject(object))
        return refuse(reader, "checks", "is not an object");
    if (!read_common(reader, object))
        return false;
    cJSON_ArrayForEach(item, object)
    {
        if (!is_common(item->string) && !read_relation(reader, item))
            return false;
    }
    return reader->list->count > before || refuse(reader, "check", "has no relation, such as equals");
}

static bool read_all(struct reader *reader, struct slice notation)
{
    struct check_list *list = reader->list;
    const cJSON *object;

    if (notation.length > CHECK_TEXT_MAXIMUM || !utf8_is_valid(notation)) {
        text_append_string(reader->problem, "'checks' is more than 32 KiB, or not UTF-8");
        return false;
    }
    list->notation = cJSON_ParseWithLength(notation.bytes, notation.length);
    if (!cJSON_IsArray(list->notation)) {
        text_append_string(reader->problem, "'checks' is not an array");
        return false;
    }
    cJSON_ArrayForEach(object, list->notation)
    {
        if (!read_object(reader, object))
            return false;
    }
    return true;
}

struct check_list *check_list_open(struct slice notation, struct text *problem)
{
    CLEANUP(check_list_close) struct check_list *list = memory_allocate(sizeof *list);
    struct reader reader = {.list = list, .problem = problem};

    list->checks = memory_allocate(CHECK_COUNT_MAXIMUM * sizeof *list->checks);
    return read_all(&reader, notation) ? STEAL(list) : NULL;
}

void check_list_close(struct check_list *list)
{
    if (!list)
        return;
    for (unsigned i = 0; i < list->count; i++)
        pattern_close(list->checks[i].pattern);
    free(list->checks);
    cJSON_Delete(list->notation);
    arena_release(&list->arena);
    free(list);
}

static bool has_subject(const struct check_list *list, enum subject subject)
{
    for (unsigned i = 0; i < list->count; i++)
        if (list->checks[i].subject == subject)
            return true;
    return false;
}

bool check_list_wants_status(const struct check_list *list)
{
    return has_subject(list, SUBJECT_STATUS);
}

bool check_list_wants_body(const struct check_list *list)
{
    return has_subject(list, SUBJECT_BODY) || has_subject(list, SUBJECT_JSON);
}

bool check_list_digest(const struct check_list *list, const char **ret_algorithm, const char **ret_hex)
{
    *ret_algorithm = list->algorithm;
    *ret_hex = list->hex;
    return list->algorithm != NULL;
}

struct check_outcome *check_list_outcomes(const struct check_list *list, struct arena *arena, unsigned *ret_count)
{
    struct check_outcome *outcomes = arena_allocate(arena, list->count * sizeof *outcomes);

    for (unsigned i = 0; i < list->count; i++) {
        outcomes[i].name = arena_copy_string(arena, list->checks[i].name);
        outcomes[i].expected = arena_copy_string(arena, list->checks[i].expected);
    }
    *ret_count = list->count;
    return outcomes;
}
