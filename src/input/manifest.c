#include "manifest.h"
#include "reading.h"
#include "wishes.h"

#include <haul/base/text.h>
#include <haul/job/checksum.h>

#include <cjson/cJSON.h>
#include <string.h>

#define SIZE_MAXIMUM 9007199254740992.0 /* 2^53: every whole number up to it is a double */

static void take_url(struct reading *reading, const cJSON *item)
{
    reading_take_word(reading, item, &reading->parts.url);
}

static void take_output(struct reading *reading, const cJSON *item)
{
    reading_take_word(reading, item, &reading->parts.output);
}

static void take_id(struct reading *reading, const cJSON *item)
{
    reading_take_string(reading, item, &reading->parts.id);
}

static void take_tag(struct reading *reading, const cJSON *item)
{
    reading_take_string(reading, item, &reading->parts.tag);
}

static void take_size(struct reading *reading, const cJSON *item)
{
    double size = item->valuedouble;

    if (!cJSON_IsNumber(item) || size < 0 || size > SIZE_MAXIMUM || (double)(int64_t)size != size) {
        reading_refuse(reading, item->string, "is not a number of bytes");
        return;
    }
    reading->parts.has_size = true;
    reading->parts.size = (int64_t)size;
}

static void take_priority(struct reading *reading, const cJSON *item)
{
    double priority = item->valuedouble;

    if (!cJSON_IsNumber(item) || !(priority >= JOB_PRIORITY_MINIMUM && priority <= JOB_PRIORITY_MAXIMUM) ||
        (int)priority != priority) {
        reading_refuse(reading, item->string, "is not a whole number from -9 to 9");
        return;
    }
    reading->parts.priority = (int)priority;
}

/* As a record has it; one that expected nothing expects nothing here. */
static void take_checksum_object(struct reading *reading, const cJSON *item)
{
    const cJSON *algorithm = cJSON_GetObjectItemCaseSensitive(item, "algorithm");
    const cJSON *expected = cJSON_GetObjectItemCaseSensitive(item, "expected");

    if (cJSON_IsNull(expected))
        return;
    if (!cJSON_IsString(algorithm) || !cJSON_IsString(expected) || algorithm->valuestring[0] == '\0' ||
        !checksum_is_hex(slice_of(expected->valuestring))) {
        reading_refuse(reading, item->string, "has no algorithm and expected digest in it");
        return;
    }
    reading->parts.digest = slice_of(algorithm->valuestring);
    reading->parts.expected = slice_of(expected->valuestring);
}

static void take_checksum(struct reading *reading, const cJSON *item)
{
    struct checksum checksum;

    if (cJSON_IsObject(item)) {
        take_checksum_object(reading, item);
    } else if (cJSON_IsString(item) && checksum_parse(slice_of(item->valuestring), &checksum)) {
        reading->parts.digest = checksum.algorithm;
        reading->parts.expected = checksum.hex;
    } else {
        reading_refuse(reading, item->string, "is not of the form ALGO=HEX");
    }
}

/* Where a key is one of the job; what a result has besides is about the transfer. */
enum place {
    ON_A_LINE = 1,
    IN_A_RESULT = 2,
    JSON_IN_A_FIELD = 4, /* of a table; others are strings there */
};

static const struct {
    const char *name;
    void (*take)(struct reading *reading, const cJSON *item);
    unsigned places;
} keys[] = {
    {"url", take_url, ON_A_LINE | IN_A_RESULT},
    {"output", take_output, ON_A_LINE | IN_A_RESULT},
    {"id", take_id, ON_A_LINE | IN_A_RESULT},
    {"tag", take_tag, ON_A_LINE | IN_A_RESULT},
    {"checksum", take_checksum, ON_A_LINE | IN_A_RESULT},
    {"size", take_size, ON_A_LINE | IN_A_RESULT | JSON_IN_A_FIELD},
    {"headers", wishes_take_headers, ON_A_LINE | JSON_IN_A_FIELD},
    {"method", wishes_take_method, ON_A_LINE},
    {"data", wishes_take_data, ON_A_LINE},
    {"request", wishes_take_told, IN_A_RESULT},
    {"mirrors", wishes_take_mirrors, ON_A_LINE | IN_A_RESULT | JSON_IN_A_FIELD},
    {"accept", wishes_take_accept, ON_A_LINE},
    {"checks", wishes_take_checks, ON_A_LINE | JSON_IN_A_FIELD},
    {"priority", take_priority, ON_A_LINE | JSON_IN_A_FIELD},
};
#define KEYS (sizeof(keys) / sizeof(*keys))

static size_t find_key(const char *name, enum place place)
{
    size_t i = 0;

    while (i < KEYS && (!(keys[i].places & place) || strcmp(keys[i].name, name) != 0))
        i++;
    return i;
}

static void take(struct reading *reading, const cJSON *item, bool is_result)
{
    size_t i = find_key(item->string, is_result ? IN_A_RESULT : ON_A_LINE);

    if (is_result && i == KEYS)
        return;
    if (i == KEYS) {
        reading_refuse(reading, item->string, "is no key of a job");
        return;
    }
    if (reading->seen & 1u << i)
        reading_refuse(reading, item->string, "is given twice");
    reading->seen |= 1u << i;
    if (!cJSON_IsNull(item))
        keys[i].take(reading, item);
}

static const char *type_of(const cJSON *object)
{
    const cJSON *schema = cJSON_GetObjectItemCaseSensitive(object, "schema");
    const cJSON *type = cJSON_GetObjectItemCaseSensitive(object, "type");

    if (!cJSON_IsString(schema) || strncmp(schema->valuestring, "haul.", strlen("haul.")) != 0)
        return NULL;
    return cJSON_IsString(type) ? type->valuestring : NULL;
}

/* cJSON goes down by calling itself, and our stacks are small. */
static bool is_too_deep(struct slice line)
{
    bool in_string = false;
    int depth = 0;

    for (size_t i = 0; i < line.length; i++) {
        char byte = line.bytes[i];

        if (in_string && byte == '\\')
            i++;
        else if (byte == '"')
            in_string = !in_string;
        else if (!in_string && (byte == '{' || byte == '['))
            depth++;
        else if (!in_string && (byte == '}' || byte == ']'))
            depth--;
        if (depth > MANIFEST_DEPTH_MAXIMUM)
            return true;
    }
    return false;
}

/* A backslash that is one itself takes the meaning of the one behind it away. */
static bool is_escape(struct slice line, size_t backslash)
{
    size_t before = backslash;

    while (before > 0 && line.bytes[before - 1] == '\\')
        before--;
    return (backslash - before) % 2 == 0;
}

/* A string would end there. */
static bool has_nul(struct slice line)
{
    struct slice rest = line;
    const char *found;

    if (slice_contains_byte(line, '\0'))
        return true;
    while ((found = slice_find(rest, SLICE("\\u0000")))) {
        if (is_escape(line, (size_t)(found - line.bytes)))
            return true;
        rest = slice_from(line, (size_t)(found - line.bytes) + 1);
    }
    return false;
}

static const char *parse(struct slice line, cJSON **ret_object)
{
    const char *end = NULL;

    if (line.length > MANIFEST_LINE_MAXIMUM)
        return "the line is too long";
    if (is_too_deep(line))
        return "the line has too many brackets in one another";
    if (has_nul(line))
        return "the line has a NUL in it";
    *ret_object = cJSON_ParseWithLengthOpts(line.bytes, line.length, &end, false);
    if (!*ret_object || slice_trim(slice_from(line, (size_t)(end - line.bytes))).length > 0)
        return "the line is not JSON";
    return cJSON_IsObject(*ret_object) ? NULL : "the line is not a JSON object";
}

bool manifest_has_key(const char *name)
{
    return find_key(name, ON_A_LINE) < KEYS;
}

/* What is not JSON stays a string, and is refused as such. */
void manifest_add_field(cJSON *object, const char *name, const struct text *field)
{
    bool is_json = keys[find_key(name, ON_A_LINE)].places & JSON_IN_A_FIELD;
    bool is_plain = !is_json || is_too_deep(text_slice(field)) || has_nul(text_slice(field));
    cJSON *value = is_plain ? NULL : cJSON_ParseWithOpts(field->bytes, NULL, true);

    cJSON_AddItemToObject(object, name, value ? value : cJSON_CreateString(field->bytes));
}

static void read_object(struct reading *reading, const cJSON *object, bool is_result)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, object) take(reading, item, is_result);
    if (reading->checks_have_digest && reading->parts.digest.length > 0)
        reading_refuse(reading, "checks", "have a digest, which 'checksum' has given already");
    if (reading->parts.url.length == 0 && reading->problem.length == 0)
        text_append_string(&reading->problem, "there is no 'url'");
}

bool manifest_is_line(struct slice line)
{
    return slice_starts_with(slice_trim(line), SLICE("{"));
}

struct job *manifest_job_of(const cJSON *object, uint64_t index, struct slice source)
{
    struct reading reading = {.parts = {.index = index, .source = source}};
    struct job *job;

    read_object(&reading, object, false);
    reading.parts.problem = text_slice(&reading.problem);
    job = job_open(&reading.parts);
    reading_release(&reading);
    return job;
}

struct job *manifest_job(struct slice line, uint64_t index, struct slice source)
{
    struct reading reading = {.parts = {.index = index, .source = source}};
    struct slice content = slice_trim(line);
    struct job *job = NULL;
    cJSON *object = NULL;
    const char *problem, *type = NULL;

    if (content.length == 0 || slice_starts_with(content, SLICE("#")))
        return NULL;
    problem = parse(content, &object);
    if (problem)
        text_append_string(&reading.problem, problem);
    else
        type = type_of(object);
    if (!problem && (!type || strcmp(type, "result") == 0))
        read_object(&reading, object, type != NULL);
    reading.parts.problem = text_slice(&reading.problem);
    if (problem || !type || strcmp(type, "result") == 0)
        job = job_open(&reading.parts);
    cJSON_Delete(object);
    reading_release(&reading);
    return job;
}

static const char *string_of(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

    return cJSON_IsString(item) ? item->valuestring : "";
}

/* FNV-1a, the NUL at the end included: it keeps one string from running into the next. */
static uint64_t hash_on(uint64_t hash, const char *string)
{
    do
        hash = (hash ^ (unsigned char)*string) * UINT64_C(0x100000001b3);
    while (*string++ != '\0');
    return hash;
}

struct cJSON *manifest_parse_ours(struct slice line, const char **ret_type)
{
    cJSON *object = NULL;

    if (!parse(slice_trim(line), &object))
        *ret_type = type_of(object);
    else
        *ret_type = NULL;
    if (*ret_type)
        return object;
    cJSON_Delete(object);
    return NULL;
}

bool manifest_is_ours(struct slice line)
{
    const char *type;
    cJSON *object = manifest_parse_ours(line, &type);

    cJSON_Delete(object);
    return object != NULL;
}

uint64_t manifest_key(const char *id, const char *url, const char *output)
{
    uint64_t key = UINT64_C(0xcbf29ce484222325);

    key = hash_on(key, id);
    key = hash_on(key, url);
    return hash_on(key, output);
}

/* What was skipped is done where a file is there, and not where the run ended before its turn or was a dry one. */
bool manifest_is_done(const struct cJSON *result)
{
    const char *status = string_of(result, "status");
    const cJSON *file = cJSON_GetObjectItemCaseSensitive(result, "file");

    if (strcmp(status, "skipped") == 0)
        return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(file, "published"));
    return strcmp(status, "ok") == 0 || strcmp(status, "cached") == 0;
}

bool manifest_read_result(struct slice line, struct manifest_result *ret_result)
{
    const char *type;
    cJSON *object = manifest_parse_ours(line, &type);
    bool is_result = object && strcmp(type, "result") == 0;

    if (is_result) {
        ret_result->key = manifest_key(string_of(object, "id"), string_of(object, "url"), string_of(object, "output"));
        ret_result->done = manifest_is_done(object);
    }
    cJSON_Delete(object);
    return is_result;
}
