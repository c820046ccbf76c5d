#include "known.h"
#include "question.h"
#include "verify.h"

#include <string.h>
#include <strings.h>

/* A job may ask for something else by itself. */
static bool has_condition(const char *headers)
{
    for (; headers && *headers; headers += strlen(headers) + 1)
        if (strncasecmp(headers, "If-", strlen("If-")) == 0)
            return true;
    return false;
}

static bool may_be_known(const struct batch_options *options, struct work *work)
{
    return !work->known_is_sought && !work->job->checks && !has_condition(work->job->headers) &&
           !question_content(options, work) && strcmp(work->result.method, "GET") == 0 && !verify_digest(options, work);
}

void known_find(struct co_task *self, const struct batch_options *options, struct cache *cache, const char *name,
                struct work *work)
{
    struct arena *arena = &work->result.arena;
    struct cache_entry entry;

    if (!cache || !may_be_known(options, work))
        return;
    work->known_is_sought = true;
    if (cache_find(self, cache, name, work->url.text, arena, &entry) < 0 ||
        (work->job->has_size && work->job->size != entry.size))
        return;
    work->known = arena_allocate(arena, sizeof *work->known);
    *work->known = entry;
}

bool known_is_current(const struct work *work)
{
    return work->known && work->result.exchange.response_code == 304;
}

void known_keep(struct co_task *self, struct cache *cache, const char *name, const struct work *work)
{
    const struct exchange *exchange = &work->result.exchange;
    struct cache_entry entry;

    if (!cache)
        return;
    entry = (struct cache_entry){
        .etag = exchange_header(exchange, "etag"),
        .last_modified = exchange_header(exchange, "last-modified"),
    };
    if (entry.etag || entry.last_modified)
        cache_keep(self, cache, name, work->url.text, &entry);
}
