#include "wishes.h"

#include <haul/job/field.h>

#include <math.h>

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
        return !(fabs(item->valuedouble) <= NUMBER_MAXIMUM);
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

void wishes_take_told(struct reading *reading, const cJSON *item)
{
    const cJSON *method = cJSON_GetObjectItemCaseSensitive(item, "method");

    if (cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(item, "headers")) > 0 ||
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(item, "data"))) {
        reading_refuse(reading, item->string,
                       "had headers or content that a record does not tell: use the list itself");
        return;
    }
    if (method && !cJSON_IsNull(method))
        wishes_take_method(reading, method);
}
