#include "idle.h"
#include "transfer.h"

#include <haul/base/memory.h>
#include <haul/co/timer.h>

#include <stdlib.h>

void idle_init(struct idle *idle)
{
    list_init(&idle->ready);
    list_init(&idle->laid_aside);
}

static void transfer_free(struct http_transfer *transfer)
{
    curl_easy_cleanup(transfer->easy);
    parts_release(&transfer->parts);
    head_release(&transfer->head);
    body_release(&transfer->body);
    free(transfer);
}

static void free_all(struct list *list)
{
    struct list *link;

    while ((link = list_take_first(list)))
        transfer_free(LIST_MEMBER(link, struct http_transfer, idle_link));
}

void idle_release(struct idle *idle)
{
    free_all(&idle->ready);
    free_all(&idle->laid_aside);
}

static void free_those_due(struct idle *idle)
{
    LIST_EACH_REMOVABLE (link, &idle->laid_aside) {
        struct http_transfer *transfer = LIST_MEMBER(link, struct http_transfer, idle_link);

        if (transfer->laid_aside_until > co_now())
            return;
        list_remove(link);
        transfer_free(transfer);
    }
}

static struct http_transfer *make_transfer(struct http_client *client)
{
    struct http_transfer *transfer = memory_allocate(sizeof *transfer);

    transfer->client = client;
    transfer->easy = curl_easy_init();
    if (!transfer->easy)
        memory_exhausted(0);
    hop_set_up(transfer);
    return transfer;
}

struct http_transfer *idle_take(struct http_client *client)
{
    struct list *link;

    free_those_due(&client->idle);
    link = list_take_first(&client->idle.ready);
    return link ? LIST_MEMBER(link, struct http_transfer, idle_link) : make_transfer(client);
}

/* libcurl asks a DoH server over handles of its own, which outlive the question when that is given up.  7.88, when the
 * easy handle is freed or used again meanwhile, leaves their connections behind as if they were free: the answer about
 * one host would be taken for that about the next. */
static bool may_be_looking_up(const struct http_transfer *transfer)
{
    curl_off_t looked_up = 0;

    if (!transfer->client->options.doh_url || transfer->code == CURLE_COULDNT_RESOLVE_HOST)
        return false;
    curl_easy_getinfo(transfer->easy, CURLINFO_NAMELOOKUP_TIME_T, &looked_up);
    return looked_up == 0;
}

/* As break_off() in transfer.c says; what ended by itself while it was paused cannot be emptied any more. */
static bool may_hold_bytes(const struct http_transfer *transfer)
{
    return transfer->received > 0 && (!transfer->done || transfer->code != CURLE_OK);
}

void idle_give_back(struct http_transfer *transfer)
{
    struct http_client *client = transfer->client;

    if (may_be_looking_up(transfer)) {
        transfer->laid_aside_until = co_after(client->options.connect_timeout + CO_SECONDS(1));
        list_append(&client->idle.laid_aside, &transfer->idle_link);
    } else if (may_hold_bytes(transfer)) {
        transfer_free(transfer);
    } else {
        list_append(&client->idle.ready, &transfer->idle_link);
    }
}
