#include "wishes.h"

#include <haul/check/check.h>
#include <haul/job/field.h>
#include <haul/job/status_set.h>

#define NUMBER_MAXIMUM                                                                                                 \
    999999999999999.0 /* of 15 digits: those beyond cJSON may write in another way than it read them */

void wishes_take_method(struct reading *reading, const cJSON *item)
{
    struct slice method = {.length = 0};

    reading_take_string(reading, item, &method);
    if (cJSON_IsString(item) && (!field_is_token(method) || slice_equal_ignoring_case(method, SLICE("CONNECT"))))
        reading_refuse(reading, item->string, "is not a method such as GET or POST");
    else
        reading->parts.method = method;
}

/* As curl writes them: "Name;" is one without a value. */
static void add_header(struct reading *reading, struct slice name, const cJSON *value)
{
    struct slice trimmed;

    if (!cJSON_IsString(value)) {
        reading_refuse(reading, name.bytes, "is a header whose value is neither a string nor a list of them");
        return;
    }
    trimmed = slice_trim(slice_of(value->valuestring));
    if (!field_is_value(slice_of(value->valuestring))) {
        reading_refuse(reading, name.bytes, "is a header with a line break or another control character in its value");
        return;
    }
    text_append(&reading->headers, name);
    text_append(&reading->headers, trimmed.length > 0 ? SLICE(": ") : SLICE(";"));
    text_append(&reading->headers, trimmed);
    text_append_byte(&reading->headers, '\0');
}

static void take_header(struct reading *reading, const cJSON *item)
{
    struct slice name = slice_of(item->string);
    const cJSON *value;

    if (!field_is_token(name)) {
        reading_refuse(reading, "headers", "has what is no name of a header");
    } else if (field_is_reserved(name)) {
        reading_refuse(reading, item->string, "is a header that is not for a list to set");
    } else if (!cJSON_IsArray(item)) {
        add_header(reading, name, item);
    } else {
        cJSON_ArrayForEach(value, item) add_header(reading, name, value);
    }
}

void wishes_take_headers(struct reading *reading, const cJSON *item)
{
    const cJSON *header;

    if (!cJSON_IsObject(item)) {
        reading_refuse(reading, item->string, "is not an object of headers");
        return;
    }
    cJSON_ArrayForEach(header, item) take_header(reading, header);
    if (reading->headers.length > JOB_HEADERS_MAXIMUM)
        reading_refuse(reading, item->string, "is more than 32 KiB");
    else
        reading->parts.headers = text_slice(&reading->headers);
}

/* Down to the depth that the line may have. */
static bool has_inexact_number(const cJSON *item)
{
    const cJSON *child;

    if (cJSON_IsNumber(item))
        return !(item->valuedouble <= NUMBER_MAXIMUM && item->valuedouble >= -NUMBER_MAXIMUM);
    cJSON_ArrayForEach(child, item) if (has_inexact_number(child)) return true;
    return false;
}

static void take_json(struct reading *reading, const cJSON *item)
{
    char *written = cJSON_PrintUnformatted(item);

    text_append_string(&reading->data, written ? written : "");
    cJSON_free(written);
    if (has_inexact_number(item))
        reading_refuse(reading, item->string, "has a number that is too large for JSON here: give it as a string");
    reading->parts.data_is_json = true;
}

void wishes_take_data(struct reading *reading, const cJSON *item)
{
    if (cJSON_IsString(item))
        text_append_string(&reading->data, item->valuestring);
    else if (cJSON_IsObject(item) || cJSON_IsArray(item))
        take_json(reading, item);
    else
        reading_refuse(reading, item->string, "is neither a string nor an object or array of JSON");
    if (reading->data.length > JOB_DATA_MAXIMUM)
        reading_refuse(reading, item->string, "is more than 256 KiB");
    reading->parts.has_data = true;
    reading->parts.data = text_slice(&reading->data);
}

static void add_mirror(struct reading *reading, const cJSON *mirrors, const cJSON *item)
{
    struct slice mirror = slice_of(cJSON_GetStringValue(item));

    if (mirror.length == 0)
        reading_refuse(reading, mirrors->string, "has what is no string with a URL");
    else if (slice_has_control_character(mirror))
        reading_refuse(reading, mirrors->string, "has a URL with a control character in it");
    text_append(&reading->mirrors, mirror);
    text_append_byte(&reading->mirrors, '\0');
}

void wishes_take_mirrors(struct reading *reading, const cJSON *item)
{
    const cJSON *mirror;

    if (!cJSON_IsArray(item))
        reading_refuse(reading, item->string, "is not an array of URLs");
    else if (cJSON_GetArraySize(item) > JOB_MIRRORS_MAXIMUM)
        reading_refuse(reading, item->string, "has more than 16 URLs");
    else
        cJSON_ArrayForEach(mirror, item) add_mirror(reading, item, mirror);
    reading->parts.mirrors = reading->problem.length == 0 ? text_slice(&reading->mirrors) : (struct slice){0};
}

void wishes_take_accept(struct reading *reading, const cJSON *item)
{
    struct status_set set;

    if (cJSON_IsString(item) && status_set_parse(slice_of(item->valuestring), &set))
        reading->parts.accept = slice_of(item->valuestring);
    else
        reading_refuse(reading, item->string, "is not statuses as in '200..299,404'");
}

/* Read for its problems, and read again when it is needed: what waits is only text. */
void wishes_take_checks(struct reading *reading, const cJSON *item)
{
    CLEANUP(text_release) struct text problem = {0};
    CLEANUP(check_list_close) struct check_list *list = NULL;
    const char *algorithm, *hex;
    char *written = cJSON_PrintUnformatted(item);

    text_append_string(&reading->checks, written ? written : "");
    cJSON_free(written);
    list = check_list_open(text_slice(&reading->checks), &problem);
    reading->checks_have_digest = list && check_list_digest(list, &algorithm, &hex);
    if (list)
        reading->parts.checks = text_slice(&reading->checks);
    else if (reading->problem.length == 0)
        text_append(&reading->problem, text_slice(&problem));
}

static void take_told(struct reading *reading, const cJSON *request, const char *key,
                      void (*take)(struct reading *reading, const cJSON *item))
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(request, key);

    if (item && !cJSON_IsNull(item))
        take(reading, item);
}

void wishes_take_told(struct reading *reading, const cJSON *item)
{
    if (cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(item, "headers")) > 0 ||
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(item, "data"))) {
        reading_refuse(reading, item->string,
                       "had headers or content that a record does not tell: use the list itself");
        return;
    }
    take_told(reading, item, "method", wishes_take_method);
    take_told(reading, item, "accept", wishes_take_accept);
    take_told(reading, item, "checks", wishes_take_checks);
}
