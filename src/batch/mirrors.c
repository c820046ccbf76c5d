#include "mirrors.h"
#include "fetch.h"
#include "question.h"

#include <string.h>

static const char *problem_of(struct arena *arena, const char *mirror)
{
    const char *problem;
    struct http_url url;

    if (!http_url_parse(arena, mirror, &url, &problem))
        return problem;
    return url.user ? "a user has no place in it" : NULL;
}

const char *mirrors_problem(const struct batch_options *options, struct work *work)
{
    CLEANUP(arena_release) struct arena arena = {0};
    const char *method = work->result.method;

    if (!work->job->mirrors)
        return NULL;
    if ((strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) || question_content(options, work))
        return "mirrors are asked with GET or HEAD and no content";
    for (unsigned place = 1; place <= work->places.mirrors; place++) {
        const char *problem = problem_of(&arena, places_mirror(work->job, place));

        if (problem)
            return arena_format(&work->result.arena, "mirror %u: %s", place, problem);
    }
    return NULL;
}

/* What an attempt has kept is of another place, which may have another version. */
static void go_to_place(struct co_task *self, struct work *work)
{
    struct arena *arena = &work->result.arena;
    struct http_url *mirror;
    const char *problem;

    fetch_drop_kept(self, work);
    work->asked = &work->url;
    if (work->places.now > 0) {
        mirror = arena_allocate(arena, sizeof *mirror);
        http_url_parse(arena, places_mirror(work->job, work->places.now), mirror, &problem);
        work->asked = mirror;
    }
    work->result.origin = work->asked->origin;
}

bool mirrors_go_on(struct co_task *self, struct work *work)
{
    struct batch *batch = work->batch;

    if (!places_go_on(&work->places))
        return false;
    go_to_place(self, work);
    work->wait = 0;
    origins_add_first(&batch->origins, work);
    co_event_set(&batch->changed);
    if (batch->places->on_retry && work->started > 0)
        batch->places->on_retry(batch->places->listener, work->job, work->asked->text, 0, &work->result.failure);
    return true;
}

void mirrors_begin_round(struct co_task *self, struct work *work, bool all)
{
    unsigned before = work->places.now;

    places_begin_round(&work->places, all);
    if (work->places.now != before)
        go_to_place(self, work);
}
