#include <haul/job/quota.h>

#include <haul/base/clock.h>
#include <haul/base/slice.h>

#include <string.h>

#define SECONDS_MAXIMUM 999999999999999 /* an integer of RFC 8941 */
#define UNKNOWN         (-1)

/* `"name";r=0;t=30;q=10;w=60`, or all of `limit=10, remaining=0, reset=30`. */
struct quota {
    struct slice name;
    int64_t remaining, reset, window;
};

/* A structured field (RFC 8941), which is eaten from the front. */
static bool eat(struct slice *rest, char byte)
{
    if (rest->length == 0 || rest->bytes[0] != byte)
        return false;
    *rest = slice_from(*rest, 1);
    return true;
}

static struct slice eat_all_of(struct slice *rest, const char *bytes)
{
    struct slice eaten = {rest->bytes, 0};

    while (eaten.length < rest->length && rest->bytes[eaten.length] != '\0' && strchr(bytes, rest->bytes[eaten.length]))
        eaten.length++;
    *rest = slice_from(*rest, eaten.length);
    return eaten;
}

#define DIGITS  "0123456789"
#define SMALL   "abcdefghijklmnopqrstuvwxyz"
#define LETTERS SMALL "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static struct slice eat_key(struct slice *rest)
{
    if (rest->length == 0 || !strchr(SMALL "*", rest->bytes[0]))
        return (struct slice){NULL, 0};
    return eat_all_of(rest, SMALL DIGITS "_-.*");
}

static bool eat_string(struct slice *rest, struct slice *ret_string)
{
    const char *begin;

    if (!eat(rest, '"'))
        return false;
    begin = rest->bytes;
    while (rest->length > 0 && rest->bytes[0] != '"') {
        if (rest->bytes[0] < ' ' || rest->bytes[0] > '~')
            return false;
        *rest = slice_from(*rest, rest->bytes[0] == '\\' ? 2 : 1);
    }
    *ret_string = (struct slice){begin, (size_t)(rest->bytes - begin)};
    return eat(rest, '"');
}

/* What is no whole number from 0 on is passed over, and UNKNOWN. */
static bool eat_number(struct slice *rest, int64_t *ret_number)
{
    bool negative = eat(rest, '-');
    struct slice digits = eat_all_of(rest, DIGITS);
    bool whole = !eat(rest, '.');
    unsigned long long number = 0;

    if (digits.length == 0 || (!whole && eat_all_of(rest, DIGITS).length == 0))
        return false;
    if (!slice_to_unsigned(digits, SECONDS_MAXIMUM, &number))
        return false;
    *ret_number = negative || !whole ? UNKNOWN : (int64_t)number;
    return true;
}

/* A token, a boolean or bytes, none of which means anything here. */
static bool eat_other(struct slice *rest, struct slice *ret_text)
{
    *ret_text = (struct slice){NULL, 0};
    if (eat(rest, '?'))
        return eat(rest, '0') || eat(rest, '1');
    if (eat(rest, ':')) {
        eat_all_of(rest, LETTERS DIGITS "+/=");
        return eat(rest, ':');
    }
    if (rest->length == 0 || !strchr(LETTERS "*", rest->bytes[0]))
        return false;
    *ret_text = eat_all_of(rest, LETTERS DIGITS "!#$%&'*+-.^_`|~:/");
    return true;
}

static bool eat_item(struct slice *rest, struct slice *ret_text, int64_t *ret_number)
{
    *ret_text = (struct slice){NULL, 0};
    *ret_number = UNKNOWN;
    if (rest->length == 0)
        return false;
    if (rest->bytes[0] == '"')
        return eat_string(rest, ret_text);
    if (strchr(DIGITS "-", rest->bytes[0]))
        return eat_number(rest, ret_number);
    return eat_other(rest, ret_text);
}

static void note(struct quota *quota, struct slice key, int64_t number)
{
    if (slice_equal(key, SLICE("r")) || slice_equal(key, SLICE("remaining")))
        quota->remaining = number;
    else if (slice_equal(key, SLICE("t")) || slice_equal(key, SLICE("reset")))
        quota->reset = number;
    else if (slice_equal(key, SLICE("w")))
        quota->window = number;
}

static bool eat_parameters(struct slice *rest, struct quota *quota)
{
    while (eat(rest, ';')) {
        struct slice key, text;
        int64_t number = UNKNOWN;

        eat_all_of(rest, " ");
        key = eat_key(rest);
        if (key.length == 0 || (eat(rest, '=') && !eat_item(rest, &text, &number)))
            return false;
        note(quota, key, number);
    }
    return true;
}

/* Of a list each member is a quota; of a dictionary all together are one, which is in `all` afterwards. */
static bool eat_member(struct slice *rest, struct quota *quota, struct quota *all)
{
    struct slice ahead = *rest, key = eat_key(&ahead), text;
    int64_t number;

    *quota = (struct quota){{NULL, 0}, UNKNOWN, UNKNOWN, UNKNOWN};
    if (key.length > 0 && eat(&ahead, '=')) {
        if (!eat_item(&ahead, &text, &number))
            return false;
        note(all, key, number);
        *rest = ahead;
        return eat_parameters(rest, quota);
    }
    return eat_item(rest, &quota->name, &number) && eat_parameters(rest, quota);
}

static bool eat_comma(struct slice *rest)
{
    eat_all_of(rest, " \t");
    if (rest->length == 0)
        return true;
    if (!eat(rest, ','))
        return false;
    eat_all_of(rest, " \t");
    return rest->length > 0;
}

/* `each` is called for all quotas of a header, or for none. */
typedef void each_quota(const struct quota *quota, void *context);

static bool read_field(struct slice field, each_quota *each, void *context)
{
    struct quota quota, all = {{NULL, 0}, UNKNOWN, UNKNOWN, UNKNOWN};

    while (field.length > 0) {
        if (!eat_member(&field, &quota, &all) || !eat_comma(&field))
            return false;
        if (each)
            each(&quota, context);
    }
    if (each)
        each(&all, context);
    return true;
}

static void read_headers(const struct exchange *exchange, const char *name, each_quota *each, void *context)
{
    for (unsigned i = 0; i < exchange->header_count; i++) {
        struct slice field = slice_trim(slice_of(exchange->headers[i].value));

        if (header_has_name(&exchange->headers[i], name) && read_field(field, NULL, NULL))
            read_field(field, each, context);
    }
}

struct search {
    const struct exchange *exchange;
    struct slice name;
    int64_t seconds; /* the longest so far; UNKNOWN: none */
};

static void keep_longer(struct search *search, int64_t seconds)
{
    if (seconds > search->seconds)
        search->seconds = seconds;
}

static void find_window(const struct quota *policy, void *context)
{
    struct search *search = context;

    if (slice_equal(policy->name, search->name))
        keep_longer(search, policy->window);
}

static int64_t window_of(const struct exchange *exchange, struct slice name)
{
    struct search search = {exchange, name, UNKNOWN};

    if (name.length > 0)
        read_headers(exchange, "ratelimit-policy", find_window, &search);
    return search.seconds;
}

static void find_used_up(const struct quota *quota, void *context)
{
    struct search *search = context;

    if (quota->remaining == 0)
        keep_longer(search, quota->reset != UNKNOWN ? quota->reset : window_of(search->exchange, quota->name));
}

static int64_t number_of(const struct exchange *exchange, const char *name)
{
    unsigned long long number;

    if (!slice_to_unsigned(slice_trim(slice_of(exchange_header(exchange, name))), SECONDS_MAXIMUM, &number))
        return UNKNOWN;
    return (int64_t)number;
}

bool quota_is_used_up(const struct exchange *exchange, int64_t *ret_wait)
{
    struct search search = {.exchange = exchange, .seconds = UNKNOWN};

    read_headers(exchange, "ratelimit", find_used_up, &search);
    if (search.seconds == UNKNOWN && number_of(exchange, "ratelimit-remaining") == 0)
        search.seconds = number_of(exchange, "ratelimit-reset");
    if (search.seconds <= 0)
        return false;
    *ret_wait =
        search.seconds < INT64_MAX / NANOSECONDS_PER_SECOND ? search.seconds * NANOSECONDS_PER_SECOND : INT64_MAX;
    return true;
}
