#include "check.h"

#include <haul/base/clock.h>
#include <haul/base/utf8.h>
#include <haul/job/field.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECONDS_PER_DAY 86400

/* What the checks of one answer are judged by. */
struct scene {
    const struct check_evidence *evidence;
    struct arena *arena;
    cJSON *document; /* the body, or NULL */
};

/* What a check sees: text, a number, or a piece of JSON. */
struct sight {
    bool is_there;
    bool is_number;
    struct slice text;
    double number;
    const cJSON *json;
    const char *trouble; /* why it cannot be seen; the check fails */
};

/* As much as is told, cut between characters. */
static const char *excerpt(struct arena *arena, struct slice text)
{
    struct slice rest = text;
    uint32_t character;

    if (text.length <= CHECK_FOUND_MAXIMUM)
        return arena_copy(arena, text);
    while (text.length - rest.length < CHECK_FOUND_MAXIMUM - 4) {
        size_t length = utf8_decode(rest, &character);

        rest = slice_from(rest, length > 0 ? length : 1);
    }
    return arena_format(arena, SLICE_FORMAT "...", (int)(text.length - rest.length), text.bytes);
}

static const char *tell_json(struct arena *arena, const cJSON *json)
{
    char *written = cJSON_PrintUnformatted(json);
    const char *told = excerpt(arena, slice_of(written));

    cJSON_free(written);
    return told;
}

static struct sight see_number(double number)
{
    return (struct sight){.is_there = true, .is_number = true, .number = number};
}

static struct sight see_text(const char *text)
{
    return (struct sight){.is_there = text != NULL, .text = slice_of(text)};
}

static struct sight see_days(const struct scene *scene)
{
    const char *not_after = scene->evidence->exchange->tls.not_after;
    struct tm moment = {.tm_isdst = 0};
    int64_t seconds;

    if (!not_after || !strptime(not_after, "%Y-%m-%dT%H:%M:%SZ", &moment))
        return (struct sight){.trouble = "no certificate"};
    seconds = timegm(&moment) - scene->evidence->now / NANOSECONDS_PER_SECOND;
    return see_number((double)(seconds / SECONDS_PER_DAY - (seconds % SECONDS_PER_DAY < 0)));
}

static struct sight see_body(const struct scene *scene)
{
    const struct check_evidence *evidence = scene->evidence;

    if (evidence->body_is_too_large)
        return (struct sight){.trouble =
                                  arena_format(scene->arena, "a body of more than %ld bytes", evidence->body_maximum)};
    return (struct sight){.is_there = true, .text = evidence->body};
}

static struct sight see_json(struct scene *scene, const char *pointer)
{
    struct sight body = see_body(scene), sight = {.is_there = false};

    if (body.trouble)
        return body;
    if (!scene->document)
        scene->document = cJSON_ParseWithLength(body.text.bytes ? body.text.bytes : "", body.text.length);
    if (!scene->document)
        return (struct sight){.trouble = "a body that is not JSON"};
    sight.json = pointer_find(scene->document, pointer);
    sight.is_there = sight.json != NULL;
    sight.is_number = cJSON_IsNumber(sight.json);
    sight.number = sight.is_number ? sight.json->valuedouble : 0;
    if (cJSON_IsString(sight.json))
        sight.text = slice_of(sight.json->valuestring);
    else if (sight.json)
        sight.text = slice_of(tell_json(scene->arena, sight.json));
    return sight;
}

static struct sight see(struct scene *scene, const struct check *check)
{
    const struct exchange *exchange = scene->evidence->exchange;

    switch (check->subject) {
    case SUBJECT_STATUS:
        return see_number(exchange->response_code);
    case SUBJECT_SIZE:
        return see_number((double)exchange->size_download);
    case SUBJECT_TIME:
        return see_number((double)exchange->time.total / (double)NANOSECONDS_PER_SECOND);
    case SUBJECT_TLS_DAYS:
        return see_days(scene);
    case SUBJECT_URL:
        return see_text(exchange->url_effective);
    case SUBJECT_VERSION:
        return see_text(exchange->http_version);
    case SUBJECT_BODY:
        return see_body(scene);
    case SUBJECT_JSON:
        return see_json(scene, check->argument);
    default:
        return see_text(exchange_header(exchange, check->argument));
    }
}

static bool contains(const struct sight *sight, const char *wanted)
{
    const cJSON *element;

    if (cJSON_IsArray(sight->json)) {
        cJSON_ArrayForEach(element, sight->json)
        {
            if (cJSON_IsString(element) && strcmp(element->valuestring, wanted) == 0)
                return true;
        }
        return false;
    }
    return sight->is_there &&
           memmem(sight->text.bytes ? sight->text.bytes : "", sight->text.length, wanted, strlen(wanted)) != NULL;
}

static bool equals(const struct sight *sight, const cJSON *value)
{
    if (!sight->is_there)
        return false;
    if (sight->json)
        return cJSON_Compare(sight->json, value, true);
    return sight->is_number ? sight->number == value->valuedouble
                            : slice_equal(sight->text, slice_of(value->valuestring));
}

/* Does the relation hold?  Trouble is told in the sight. */
static bool holds(const struct check *check, struct sight *sight)
{
    const cJSON *value = check->value;
    enum pattern_verdict verdict;

    switch (check->relation) {
    case RELATION_IN:
        return status_set_has(&check->statuses, (int)sight->number);
    case RELATION_EQUALS:
        return equals(sight, value);
    case RELATION_CONTAINS:
        return contains(sight, value->valuestring);
    case RELATION_MATCHES:
        if (!sight->is_there)
            return false;
        verdict = pattern_judge(check->pattern, sight->text);
        if (verdict == PATTERN_GAVE_UP)
            sight->trouble = "that the pattern takes too long";
        return verdict == PATTERN_MATCHES;
    case RELATION_EXISTS:
        return sight->is_there == (bool)cJSON_IsTrue(value);
    case RELATION_MIN:
        return sight->is_number && sight->number >= value->valuedouble;
    case RELATION_MAX:
        return sight->is_number && sight->number <= value->valuedouble;
    default:
        return false;
    }
}

static const char *tell(struct scene *scene, const struct check *check, const struct sight *sight)
{
    if (sight->trouble)
        return sight->trouble;
    if (!sight->is_there)
        return NULL;
    if (check->subject == SUBJECT_HEADER && field_is_secret(slice_of(check->argument)))
        return "***";
    if (sight->json)
        return tell_json(scene->arena, sight->json);
    return sight->is_number ? arena_format(scene->arena, "%.15g", sight->number) : excerpt(scene->arena, sight->text);
}

/* One value of a header is enough; what there is is told by the first. */
static bool any_value_holds(const struct scene *scene, const struct check *check, struct sight *first)
{
    const struct exchange *exchange = scene->evidence->exchange;

    for (unsigned i = 0; i < exchange->header_count; i++) {
        struct sight sight;

        if (strcmp(exchange->headers[i].name, check->argument) != 0)
            continue;
        sight = see_text(exchange->headers[i].value);
        if (holds(check, &sight))
            return true;
        if (sight.trouble)
            first->trouble = sight.trouble;
    }
    return false;
}

static void judge(struct scene *scene, const struct check *check, struct check_outcome *outcome)
{
    struct sight sight = see(scene, check);
    bool held = false;

    if (check->subject == SUBJECT_DIGEST)
        return;
    if (!sight.trouble && check->subject == SUBJECT_HEADER && check->relation != RELATION_EXISTS)
        held = any_value_holds(scene, check, &sight);
    else if (!sight.trouble)
        held = holds(check, &sight);
    outcome->found = tell(scene, check, &sight);
    outcome->verdict = !sight.trouble && held != check->negated ? CHECK_HELD : CHECK_FAILED;
}

void check_list_judge(const struct check_list *list, const struct check_evidence *evidence, struct arena *arena,
                      struct check_outcome *outcomes)
{
    struct scene scene = {.evidence = evidence, .arena = arena};

    for (unsigned i = 0; i < list->count; i++)
        judge(&scene, &list->checks[i], &outcomes[i]);
    cJSON_Delete(scene.document);
}
