#include "transfer.h"

#include <stdlib.h>

/* Never called from inside a callback of curl: removing handles there is forbidden. */
static void take_the_done(struct shard *shard)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(shard->multi, &left))) {
        CURL *easy = message->easy_handle;
        CURLcode code = message->data.result;
        struct http_transfer *transfer;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&transfer);
        shard_remove(shard, easy);
        transfer_on_done(transfer, code);
    }
}

void shard_note_taken(struct shard *shard, struct http_transfer *transfer, size_t bytes)
{
    struct turn *turn = &transfer->turn;

    if (!shard->takes_turns || !shard->is_called)
        return;
    if (turn->look != shard->sockets->looks)
        turn->taken = 0;
    turn->look = shard->sockets->looks;
    turn->taken += (int64_t)bytes;
    if (turn->taken < TURN_BYTES || turn->link.next)
        return;
    list_append(&shard->sockets->resting, &turn->link);
    curl_easy_pause(transfer->easy, CURLPAUSE_RECV);
}

void shard_end_rests(struct socket_table *sockets)
{
    struct list *link;

    while ((link = list_take_first(&sockets->resting)))
        curl_easy_pause(LIST_MEMBER(link, struct http_transfer, turn.link)->easy, CURLPAUSE_CONT);
}

void shard_socket_ready(struct shard *shard, curl_socket_t fd, int flags)
{
    int running;

    shard->is_called = true;
    curl_multi_socket_action(shard->multi, fd, flags, &running);
    shard->is_called = false;
    take_the_done(shard);
}

static void on_timer(struct co_timer *timer)
{
    struct shard *shard = LIST_MEMBER(timer, struct shard, timer);

    shard_socket_ready(shard, CURL_SOCKET_TIMEOUT, 0);
    shard_end_rests(shard->sockets);
}

static int on_timer_wanted(CURLM *multi, long milliseconds, void *context)
{
    struct shard *shard = context;

    (void)multi;
    if (milliseconds < 0)
        co_timer_stop(shard->runtime, &shard->timer);
    else
        co_timer_start(shard->runtime, &shard->timer, co_after(CO_MILLISECONDS(milliseconds)));
    return 0;
}

bool shard_init(struct shard *shard, unsigned number, struct co_runtime *runtime, struct socket_table *sockets,
                unsigned connections)
{
    *shard = (struct shard){.number = number, .runtime = runtime, .sockets = sockets, .timer.on_expire = on_timer};
    list_init(&shard->unnamed_sockets);
    shard->multi = curl_multi_init();
    if (!shard->multi)
        return false;
    return curl_multi_setopt(shard->multi, CURLMOPT_SOCKETFUNCTION, socket_on_interest) == CURLM_OK &&
           curl_multi_setopt(shard->multi, CURLMOPT_SOCKETDATA, shard) == CURLM_OK &&
           curl_multi_setopt(shard->multi, CURLMOPT_TIMERFUNCTION, on_timer_wanted) == CURLM_OK &&
           curl_multi_setopt(shard->multi, CURLMOPT_TIMERDATA, shard) == CURLM_OK &&
           curl_multi_setopt(shard->multi, CURLMOPT_MAXCONNECTS, (long)connections) == CURLM_OK &&
           curl_multi_setopt(shard->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)connections) == CURLM_OK;
}

void shard_release(struct shard *shard)
{
    if (!shard->multi)
        return;
    curl_multi_cleanup(shard->multi);
    co_timer_stop(shard->runtime, &shard->timer);
}

CURLMcode shard_add(struct shard *shard, CURL *easy)
{
    CURLMcode code = curl_multi_add_handle(shard->multi, easy);

    if (code == CURLM_OK)
        shard->transfers++;
    return code;
}

void shard_remove(struct shard *shard, CURL *easy)
{
    if (curl_multi_remove_handle(shard->multi, easy) != CURLM_OK)
        abort(); /* it was ours and we are in no callback */
    shard->transfers--;
}
