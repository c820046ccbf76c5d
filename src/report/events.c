#include "events.h"

#include "record.h"
#include "value.h"

#include <haul/base/clock.h>
#include <haul/co/runtime.h>
#include <haul/co/scope.h>

#define PENDING_MAXIMUM  (256 * 1024)
#define PROGRESS_MAXIMUM (64 * 1024) /* bytes that wait for a slow reader: it gets no more progress then */
#define PROGRESS_PAUSE   CO_MILLISECONDS(500)

void events_init(struct events *events, int descriptor, const struct flights *flights)
{
    events->flights = flights;
    writer_init(&events->writer, descriptor, PENDING_MAXIMUM);
    co_event_init(&events->wake);
    co_event_init(&events->ended);
}

void events_release(struct events *events)
{
    writer_release(&events->writer);
}

static void begin_line(struct json *json, struct slice type, const struct job *job)
{
    json_begin_object(json);
    json_key(json, "schema");
    json_string(json, SLICE("haul.event/1"));
    json_key(json, "type");
    json_string(json, type);
    json_key(json, "at");
    value_moment(json, clock_wall());
    value_id(json, job);
    json_key(json, "index");
    json_unsigned(json, job->index);
}

static void end_line(struct events *events, struct json *json)
{
    json_end_object(json);
    text_append_byte(json->text, '\n');
    writer_appended(&events->writer);
}

void events_begin(struct events *events, const struct job *job, unsigned attempt, const char *url)
{
    struct json json = {.text = &events->writer.pending};

    begin_line(&json, SLICE("begin"), job);
    json_key(&json, "attempt");
    json_unsigned(&json, attempt);
    json_key(&json, "url");
    value_url(&json, url);
    end_line(events, &json);
}

void events_retry(struct events *events, const struct job *job, int64_t wait, const struct failure *failure)
{
    struct json json = {.text = &events->writer.pending};

    begin_line(&json, SLICE("retry"), job);
    json_key(&json, "wait");
    json_seconds(&json, wait);
    json_key(&json, "class");
    json_string(&json, slice_of(failure_class_name(failure->class)));
    json_key(&json, "message");
    value_message(&json, failure);
    end_line(events, &json);
}

static void tell_progress(struct events *events, const struct flight *flight)
{
    struct json json = {.text = &events->writer.pending};

    begin_line(&json, SLICE("progress"), flight->job);
    json_key(&json, "bytes");
    json_integer(&json, flight->came);
    json_key(&json, "size");
    if (flight->size < 0)
        json_null(&json);
    else
        json_integer(&json, flight->size);
    end_line(events, &json);
}

/* Those that have been under way for a while; the list has them in that order. */
static void tell_of_flights(struct events *events)
{
    int64_t now = co_now();

    LIST_EACH (link, &events->flights->under_way) {
        const struct flight *flight = LIST_MEMBER(link, struct flight, link);

        if (now - flight->began < PROGRESS_PAUSE || events->writer.pending.length > PROGRESS_MAXIMUM)
            return;
        tell_progress(events, flight);
    }
}

static void wait_until(struct co_task *self, struct events *events, int64_t moment)
{
    struct co_scope scope;

    co_event_clear(&events->wake);
    co_scope_begin(self, &scope, moment);
    co_scope_end(self, &scope, co_event_wait(self, &events->wake));
}

static int run(struct co_task *self, void *argument)
{
    struct events *events = argument;
    struct co_scope scope;

    co_scope_begin_shielded(self, &scope, CO_FOREVER);
    for (int64_t next = co_after(PROGRESS_PAUSE); !events->is_ending; next += PROGRESS_PAUSE) {
        wait_until(self, events, next);
        if (!events->is_ending)
            tell_of_flights(events);
    }
    co_event_set(&events->ended);
    return co_scope_end(self, &scope, 0);
}

int events_start(struct co_task *self, struct co_group *group, struct events *events,
                 const struct report_options *options, int64_t started_at)
{
    int result = writer_start(self, group, &events->writer);

    if (result < 0)
        return result;
    result = co_spawn_named(self, group, "events", run, events, NULL);
    if (result < 0) {
        writer_finish(self, &events->writer);
        return result;
    }
    run_lines_append_run(&events->writer.pending, options, started_at);
    writer_appended(&events->writer);
    return 0;
}

void events_result(struct co_task *self, struct events *events, const struct result *result)
{
    writer_wait_for_room(self, &events->writer);
    record_append(&events->writer.pending, result);
    writer_appended(&events->writer);
}

static void end_progress(struct co_task *self, struct events *events)
{
    struct co_scope scope;

    events->is_ending = true;
    co_event_set(&events->wake);
    co_scope_begin_shielded(self, &scope, CO_FOREVER);
    co_event_wait(self, &events->ended);
    co_scope_end(self, &scope, 0);
}

int events_finish(struct co_task *self, struct events *events, const struct totals *totals, const struct run_end *end)
{
    end_progress(self, events);
    run_lines_append_summary(&events->writer.pending, totals, end);
    writer_appended(&events->writer);
    return writer_finish(self, &events->writer);
}
