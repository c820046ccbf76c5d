/* Usage: bare_client LIST JOBS SHARDS
 *
 * What libuv and libcurl cost by themselves: fetches each URL of the file LIST, JOBS at a time over SHARDS multi
 * handles in turn, and drops the bodies.  No files, no records, no retries, no clever watching.  Prints how many came
 * with status 200 and their bytes. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define SHARDS_MAXIMUM 64

struct shard {
    CURLM *multi;
    uv_timer_t timer;
};

struct socket {
    uv_poll_t poll;
    curl_socket_t fd;
    struct shard *shard;
};

struct client {
    uv_loop_t *loop;
    FILE *list;
    int shards;
    struct shard shard[SHARDS_MAXIMUM];
    long received;
    curl_off_t bytes;
};

static struct client client;

static size_t on_body(char *bytes, size_t size, size_t count, void *data)
{
    (void)bytes;
    (void)data;
    return size * count;
}

static int next_url(char *url, int size)
{
    if (fgets(url, size, client.list) == NULL)
        return 0;
    url[strcspn(url, "\n")] = '\0';
    return 1;
}

static void start(struct shard *shard, CURL *easy)
{
    char url[1024];

    if (!next_url(url, sizeof url)) {
        curl_easy_cleanup(easy);
        return;
    }
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_multi_add_handle(shard->multi, easy);
}

static CURL *new_transfer(void)
{
    CURL *easy = curl_easy_init();

    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    return easy;
}

static void count_transfer(CURL *easy)
{
    curl_off_t bytes = 0;
    long status = 0;

    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
    client.received += status == 200;
    client.bytes += bytes;
}

static void take_finished(struct shard *shard)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(shard->multi, &left)) != NULL) {
        CURL *easy = message->easy_handle;

        if (message->msg != CURLMSG_DONE)
            continue;
        if (message->data.result == CURLE_OK)
            count_transfer(easy);
        curl_multi_remove_handle(shard->multi, easy);
        start(shard, easy);
    }
}

static void act(struct shard *shard, curl_socket_t fd, int events)
{
    int running;

    curl_multi_socket_action(shard->multi, fd, events, &running);
    take_finished(shard);
}

static void on_timer(uv_timer_t *timer)
{
    act(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

static int set_timer(CURLM *multi, long milliseconds, void *data)
{
    struct shard *shard = data;

    (void)multi;
    if (milliseconds < 0)
        uv_timer_stop(&shard->timer);
    else
        uv_timer_start(&shard->timer, on_timer, (uint64_t)milliseconds, 0);
    return 0;
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct socket *socket = poll->data;
    int action = (events & UV_READABLE ? CURL_CSELECT_IN : 0) | (events & UV_WRITABLE ? CURL_CSELECT_OUT : 0);

    act(socket->shard, socket->fd, status < 0 ? CURL_CSELECT_ERR : action);
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static struct socket *new_socket(struct shard *shard, curl_socket_t fd)
{
    struct socket *socket = malloc(sizeof *socket);

    if (socket == NULL)
        abort();
    socket->fd = fd;
    socket->shard = shard;
    socket->poll.data = socket;
    uv_poll_init_socket(client.loop, &socket->poll, fd);
    curl_multi_assign(shard->multi, fd, socket);
    return socket;
}

static int watch(CURL *easy, curl_socket_t fd, int what, void *data, void *known)
{
    struct socket *socket = known;
    int events = (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);

    (void)easy;
    if (what != CURL_POLL_REMOVE) {
        socket = socket != NULL ? socket : new_socket(data, fd);
        uv_poll_start(&socket->poll, events, on_ready);
    } else if (socket != NULL) {
        curl_multi_assign(((struct shard *)data)->multi, fd, NULL);
        uv_close((uv_handle_t *)&socket->poll, on_closed);
    }
    return 0;
}

static void open_shard(struct shard *shard, long connections)
{
    shard->multi = curl_multi_init();
    uv_timer_init(client.loop, &shard->timer);
    shard->timer.data = shard;
    curl_multi_setopt(shard->multi, CURLMOPT_SOCKETFUNCTION, watch);
    curl_multi_setopt(shard->multi, CURLMOPT_SOCKETDATA, shard);
    curl_multi_setopt(shard->multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(shard->multi, CURLMOPT_TIMERDATA, shard);
    curl_multi_setopt(shard->multi, CURLMOPT_MAXCONNECTS, connections);
}

int main(int argc, char **argv)
{
    int jobs = argc == 4 ? atoi(argv[2]) : 0;

    client.shards = argc == 4 ? atoi(argv[3]) : 0;
    if (jobs < 1 || client.shards < 1 || client.shards > SHARDS_MAXIMUM) {
        fprintf(stderr, "usage: bare_client LIST JOBS SHARDS\n");
        return EXIT_FAILURE;
    }
    client.list = fopen(argv[1], "re");
    if (client.list == NULL) {
        perror("bare_client: cannot open the list");
        return EXIT_FAILURE;
    }
    curl_global_init(CURL_GLOBAL_ALL);
    client.loop = uv_default_loop();
    for (int i = 0; i < client.shards; i++)
        open_shard(&client.shard[i], jobs / client.shards + 1);
    for (int i = 0; i < jobs; i++)
        start(&client.shard[i % client.shards], new_transfer());
    uv_run(client.loop, UV_RUN_DEFAULT);
    printf("%ld %lld\n", client.received, (long long)client.bytes);
    return EXIT_SUCCESS;
}
