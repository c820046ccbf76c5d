#include "secrets.h"
#include "transfer.h"

#include <string.h>

struct login {
    const char *user, *password; /* NULL: none */
};

static bool is_downgraded(const struct http_transfer *transfer)
{
    return transfer->was_secure && strcmp(transfer->url.scheme, "http") == 0;
}

static struct login netrc_login(const struct http_transfer *transfer, const char *user)
{
    struct login login = {.user = user};
    enum netrc_scope scope = transfer->same_origin ? NETRC_MACHINES_OR_ANY : NETRC_MACHINES;

    if (transfer->same_origin || !is_downgraded(transfer))
        netrc_find(transfer->client->options.netrc, transfer->url.host, scope, user, &login.user, &login.password);
    return login;
}

static struct login find_login(const struct http_transfer *transfer)
{
    const struct http_client_options *options = &transfer->client->options;
    const struct http_url *url = transfer->request.url;

    if (!transfer->same_origin)
        return netrc_login(transfer, NULL);
    if (url->user && url->password)
        return (struct login){url->user, url->password};
    if (options->user && !url->user)
        return (struct login){options->user, options->password};
    return netrc_login(transfer, url->user);
}

void secrets_set(struct http_transfer *transfer)
{
    const struct http_client_options *options = &transfer->client->options;
    struct login login = find_login(transfer);
    bool known = transfer->same_origin;

    curl_easy_setopt(transfer->easy, CURLOPT_USERNAME, login.user);
    curl_easy_setopt(transfer->easy, CURLOPT_PASSWORD, login.password);
    if (options->cookie)
        curl_easy_setopt(transfer->easy, CURLOPT_COOKIE, known ? options->cookie : NULL);
    if (options->certificate) {
        curl_easy_setopt(transfer->easy, CURLOPT_SSLCERT, known ? options->certificate : NULL);
        curl_easy_setopt(transfer->easy, CURLOPT_SSLKEY, known ? options->key : NULL);
    }
}
