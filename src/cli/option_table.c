#include "form.h"
#include "option_table.h"
#include "problem.h"
#include "request.h"
#include "value.h"

#include <haul/base/clock.h>
#include <haul/job/segments.h>

#define LIMIT_RATE_MAXIMUM (INT64_C(1) << 40)
#define FIELD(field)       .offset = offsetof(struct options, field)
#define LIMITS(from, to)   .minimum = (from), .maximum = (to)
#define DURATION_MAXIMUM   (1000 * 3600 * NANOSECONDS_PER_SECOND)

static const char *const existing_words[] = {
    [EXISTING_AUTO] = "auto",
    [EXISTING_FAIL] = "fail",
    [EXISTING_VERIFY] = "verify",
    [EXISTING_SKIP] = "skip",
    [EXISTING_RENAME] = "rename",
    [EXISTING_OVERWRITE] = "overwrite",
    NULL,
};

static const char *const format_words[] = {
#define X(name, text) text,
    INPUT_FORMATS(X)
#undef X
        NULL,
};

static const char *const tls_words[] = {
    [HTTP_TLS_1_2] = "1.2",
    [HTTP_TLS_1_3] = "1.3",
    NULL,
};

static const char *const progress_words[] = {
    [PROGRESS_AUTO] = "auto", [PROGRESS_BAR] = "bar", [PROGRESS_PLAIN] = "plain", [PROGRESS_NONE] = "none", NULL,
};

static const char *const color_words[] = {
    [COLOR_AUTO] = "auto",
    [COLOR_ALWAYS] = "always",
    [COLOR_NEVER] = "never",
    NULL,
};

static const char *parse_rate(const char *argument, void *place)
{
    return rate_limit_parse(slice_of(argument), place) ? NULL : "it must be a rate such as 50/s, 30/m or 100/h";
}

static const char *parse_statuses(const char *argument, void *place)
{
    return status_set_parse(slice_of(argument), place) ? NULL : "it must be statuses such as 200..299,404 or 2xx";
}

static const char *parse_retry_set(const char *argument, void *place)
{
    return retry_set_parse(slice_of(argument), place);
}

static const char *parse_shard(const char *argument, void *place)
{
    struct slice number, count;
    unsigned long long n = 0, of = 0;

    if (!slice_cut(slice_of(argument), '/', &number, &count) || !slice_to_unsigned(count, INPUT_SHARDS_MAXIMUM, &of) ||
        !slice_to_unsigned(number, of, &n) || n == 0)
        return "it must be I/N such as 1/4 or 4/4, with N up to 1000000";
    *(struct input_shard *)place = (struct input_shard){(unsigned)n, (unsigned)of};
    return NULL;
}

const struct option_entry option_table[] = {
    {'i', "input", "FILE", GROUP_INPUT, OPTION_LIST, FIELD(input.files), .daily = true,
     .help = "read URLs from FILE; '-' is standard input",
     .details = "See *INPUT*. May be given several times; the URLs of the command line come first, then the files in "
                "their order. Fetching begins with the first line."},

    {'\0', "input-format", "WORD", GROUP_INPUT, OPTION_WORD, FIELD(input.format), .words = format_words,
     .initial = "auto", .help = "auto, lines, jsonl, csv, tsv or sums",
     .details = "See *INPUT*. With _auto_ the first line that is neither blank nor a comment tells, for each FILE."},
    {'\0', "retry-failed", "FILE", GROUP_INPUT, OPTION_STRING, FIELD(input.retry_failed), .problem = problem_of_nothing,
     .help = "what failed by the report FILE, once more",
     .details = "FILE holds the lines of *--json* of one run or of several. A job that failed or was cancelled, and of "
                "which no later line says that it is done, is fetched again, with the id, tag, output name, checksum "
                "and size that it had. A last line that was cut is passed over. FILE may be appended to meanwhile."},
    {'\0', "shard", "I/N", GROUP_INPUT, OPTION_PARSED, FIELD(input.shard), .parse = parse_shard,
     .help = "fetch only each Nth URL, from the Ith on",
     .details = "For N machines that read the same input: together they fetch each of its URLs, and none twice. The "
                "others are counted, so that indices and ids are those of the whole, and have no record here."},
    {'g', "globoff", NULL, GROUP_INPUT, OPTION_SET, FIELD(input.no_globs),
     .help = "brackets and braces in URLs are themselves",
     .details = "Otherwise a URL of the command line may stand for many, see *GLOBS* in haul-input(5)."},
    {'\0', "resume", "FILE", GROUP_INPUT, OPTION_STRING, FIELD(resume), .problem = problem_of_nothing, .daily = true,
     .help = "skip what the report FILE says is done",
     .details =
         "FILE holds the lines of *--json*, or of *--report* _FILE.jsonl_, of the runs before; when it is not there, "
         "this is the first. What it says is done, and the disk confirms by the file's size, is not asked for: the "
         "status is _skipped_, with _already-done_ for a reason. All else of the input is fetched; a file that was "
         "made since the first run began, and that FILE does not tell of, is fetched again, and is fine if it is the "
         "same. FILE itself is only read: give it to *--report* too, and this run is added to it. A last line that was "
         "cut by a kill is passed over, and ended."},
    {'\0', "verify", NULL, GROUP_INPUT, OPTION_SET, FIELD(batch.verify),
     .help = "with --resume: digests must match, too", .details = "Where a record has one (*--hash*, *--checksum*)."},
    {'\0', "dry-run", NULL, GROUP_INPUT, OPTION_SET, FIELD(batch.dry_run),
     .help = "tell what would be fetched; ask nothing",
     .details =
         "A line of *--json* for each URL, or one of *--write-out*. What would be asked for is _skipped_, with "
         "_dry-run_ for a reason, and _file.path_ is the name that it would get, null where the server is to name it "
         "(*--remote-header-name*); all else ends as it would. Nothing is asked and nothing written: no files, no "
         "*--report*, *--cache* or *--cookie-jar*."},
    {'\0', "base-url", "URL", GROUP_INPUT, OPTION_STRING, FIELD(input.base_url), .problem = problem_of_base_url,
     .help = "where the files of a list of digests are",
     .details = "Names are put behind it, with a slash between if it does not end in one."},

    {'j', "jobs", "N", GROUP_CONCURRENCY, OPTION_NUMBER, FIELD(batch.jobs), LIMITS(1, BATCH_JOBS_MAXIMUM),
     .initial = "32", .daily = true, .help = "the most transfers at once"},
    {'\0', "jobs-per-host", "N", GROUP_CONCURRENCY, OPTION_NUMBER, FIELD(batch.jobs_per_host),
     LIMITS(1, BATCH_JOBS_MAXIMUM), .initial = "8", .daily = true, .help = "the most at once from one origin",
     .details = "An origin is scheme, host and port. Transfers are counted, not connections: under HTTP/2, where one "
                "connection carries many, the limit is the same. Origins take turns. An origin that answers 429 or "
                "503, or that stops taking connections, gets half as many at once, and one more each time as many as "
                "it gets have gone well, up to N; *-v* tells."},
    {'\0', "segments", "N", GROUP_CONCURRENCY, OPTION_NUMBER, FIELD(batch.segments), LIMITS(1, SEGMENTS_MAXIMUM),
     .initial = "1", .help = "bring a large file over up to N connections",
     .details =
         "A server that says _Accept-Ranges: bytes_, and tells a size of 2 MiB or more and a strong ETag, is asked "
         "for the file in parts by other connections while the first answer goes on, each with that ETag demanded; "
         "whoever has nothing left to do takes the second half of what is missing most. They count against "
         "*--jobs* and *--jobs-per-host*, and are opened only while no URL waits for its turn there. When one of "
         "them gets anything else than its part no more are opened, and the others bring the file. Digests are "
         "computed when all is there. With *-C* an interrupted file goes on where it has gaps. Under HTTP/2 the parts "
         "share one connection. Not with *--limit-rate*, with checks, or where a file is smaller."},
    {'\0', "no-adapt", NULL, GROUP_CONCURRENCY, OPTION_SET, FIELD(batch.same_pace),
     .help = "as many at once where it is too much"},
    {'\0', "rate", "N/s", GROUP_CONCURRENCY, OPTION_PARSED, FIELD(batch.rate), .parse = parse_rate,
     .help = "begin no more than N attempts in a second",
     .details =
         "Or _N/m_ in a minute, _N/h_ in an hour. It holds for every stretch of that length, however many run at "
         "once, and retries and where redirects lead count. Starts are spread evenly."},
    {'\0', "rate-per-host", "N/s", GROUP_CONCURRENCY, OPTION_PARSED, FIELD(batch.rate_per_host), .parse = parse_rate,
     .help = "the same for each origin"},
    {'\0', "limit-rate", "BYTES", GROUP_CONCURRENCY, OPTION_SIZE, FIELD(http.limit_rate), LIMITS(0, LIMIT_RATE_MAXIMUM),
     .initial = "0", .help = "no more BYTES a second of one transfer",
     .details =
         "0 is no limit. Of the bodies that come; it is even, also within a second. *--speed-limit* does not take "
         "a transfer that waits for its share for one that is too slow, but *--max-time* goes on."},
    {'\0', "limit-rate-total", "BYTES", GROUP_CONCURRENCY, OPTION_SIZE, FIELD(http.limit_rate_total),
     LIMITS(0, LIMIT_RATE_MAXIMUM), .initial = "0", .help = "the same for all transfers together",
     .details = "They take turns."},
    {'Z', "parallel", NULL, GROUP_CONCURRENCY, OPTION_IGNORED, .help = "accepted for curl's sake; always so"},
    {'\0', "parallel-max", "N", GROUP_CONCURRENCY, OPTION_NUMBER, FIELD(batch.jobs), LIMITS(1, BATCH_JOBS_MAXIMUM),
     .help = "as --jobs, under curl's name"},

    {'o', "output", "TEMPLATE", GROUP_OUTPUT, OPTION_ONCE, FIELD(batch.template), .daily = true,
     .help = "name files so, '{host}/{path}'; '-' is stdout",
     .details = "See *OUTPUT NAMES*. When *--output-dir* is not given and the literal beginning of the template is "
                "absolute or has _.._ in it, its folders are the output folder. *-o -* writes one body to standard "
                "output, and *-o /dev/null* is *--check*."},
    {'O', "remote-name", NULL, GROUP_OUTPUT, OPTION_IGNORED, .help = "accepted for curl's sake; the default"},
    {'\0', "remote-name-all", NULL, GROUP_OUTPUT, OPTION_IGNORED, .help = "accepted for curl's sake; the default"},
    {'\0', "create-dirs", NULL, GROUP_OUTPUT, OPTION_IGNORED, .help = "accepted for curl's sake; always so"},
    {'J', "remote-header-name", NULL, GROUP_OUTPUT, OPTION_SET, FIELD(batch.remote_name),
     .help = "name files as the server suggests",
     .details =
         "By its Content-Disposition, when there is one with a usable name; it takes the place of _{name}_ in a "
         "template. Only its last part counts, made safe: it has no folder, does not begin with a dot or a dash, "
         "and is no longer than 240 bytes. A name in the input goes first."},
    {'P', "output-dir", "DIR", GROUP_OUTPUT, OPTION_STRING, FIELD(output_dir), .initial = ".",
     .problem = problem_of_nothing, .daily = true, .help = "save below DIR, made when missing",
     .details = "Nothing is ever written outside of it, symbolic links included."},
    {'\0', "if-exists", "WORD", GROUP_OUTPUT, OPTION_WORD, FIELD(batch.existing), .words = existing_words,
     .initial = "auto", .help = "fail, verify, skip, rename or overwrite",
     .details =
         "Of what was there before the run, or has come from elsewhere meanwhile: files of one run never replace one "
         "another. _auto_: when the file has the digest and the size that its job demands (*--checksum*, or the list), "
         "nothing is asked and the status is _skipped_, the reason _exists-verified_; otherwise as _fail_. _fail_: the "
         "record says so, and the exit code is 5. _verify_: as _auto_, but a file with another digest or size is "
         "fetched and replaced. _skip_: nothing is asked, and the status is _skipped_. _rename_: the new file gets a "
         "number, _name.1_. _overwrite_: the new file takes the place of the old one at the moment when it is whole; a "
         "symbolic link is replaced, not followed, and a folder is a failure. Of more than 65,536 files a run "
         "does not remember that they are its own: what comes meanwhile may be taken for one of them then."},
    {'C', "continue", NULL, GROUP_OUTPUT, OPTION_SET, FIELD(batch.go_on),
     .help = "keep what is cut short, and go on with it",
     .details =
         "A run with *-C* that is interrupted, killed, or gives a URL up leaves what it has of a file as "
         "_NAME.part_, with the ETag or date that proves its version in an extended attribute. A later run with "
         "*-C* asks for the rest of just that version; if the server has another, or will not say, or the file "
         "system has no such attributes, it begins anew. Digests are those of the whole file; after a power failure "
         "only they tell whether the disk had got all that the part file seems to hold. A shorter file under the final "
         "name, which curl or wget has left, is gone on with where *--if-exists* is _auto_ or _verify_ and a digest "
         "proves the whole: the job's, or that of a Repr-Digest or Digest in the answer. It stays as it is until the "
         "whole takes its place; one that turns out to be no beginning is treated as *--if-exists* says. curl's "
         "_-C -_ is understood."},
    {'\0', "fsync", NULL, GROUP_OUTPUT, OPTION_SET, FIELD(batch.sync), .help = "sync each file and its folders to disk",
     .details = "Before a file gets its name, and after it: a file that a record calls _ok_ is there and whole even "
                "after the power has failed. It takes time, most where files are many and small."},
    {'R', "remote-time", NULL, GROUP_OUTPUT, OPTION_SET, FIELD(batch.remote_time),
     .help = "give files the time that the server tells",
     .details = "That of its Last-Modified; without one a file has the time when it came."},
    {'\0', "cache", "FILE", GROUP_OUTPUT, OPTION_STRING, FIELD(cache), .problem = problem_of_nothing,
     .help = "fetch a file that FILE knows only if it changed",
     .details =
         "FILE is a database, made when it is not there: what servers said of the files that they gave (ETag and "
         "Last-Modified), in this run and in those before. A file that is as it was when it came is asked for only "
         "if the server has another version, which then takes its place; else the status is _cached_. A file that "
         "somebody has touched since is not known any more, and *--if-exists* decides. Where a digest is wanted the "
         "bytes must come; with *-J* a name is known too late; and each name should be that of one URL: with equal "
         "base names, *-o {host}/{path}*."},
    {'\0', "check", NULL, GROUP_OUTPUT, OPTION_CHOICE, FIELD(batch.mode), .choice = BATCH_CHECK, .daily = true,
     .help = "save nothing: read the bodies and drop them"},

    {'\0', "checksum", "ALGO=HEX", GROUP_INTEGRITY, OPTION_ONCE, FIELD(input.checksum), .problem = problem_of_checksum,
     .daily = true, .help = "the digest that the one URL's body must have",
     .details = "As in *sha256=9f86d0...*. With another one nothing is saved, the class of the error is _checksum_ and "
                "the exit status 7. Lists have their own."},
    {'\0', "hash", "ALGO", GROUP_INTEGRITY, OPTION_STRING, FIELD(batch.digest), .problem = problem_of_digest,
     .help = "compute a digest while saving, for --json",
     .details = "Any digest that OpenSSL knows by name: sha256, sha512, blake2b512, md5 ..."},
    {'\0', "min-size", "BYTES", GROUP_INTEGRITY, OPTION_SIZE, FIELD(batch.minimum_size), LIMITS(0, INT64_MAX / 2),
     .initial = "0", .help = "a smaller body is a failure"},
    {'\0', "max-size", "BYTES", GROUP_INTEGRITY, OPTION_SIZE, FIELD(batch.maximum_size), LIMITS(0, INT64_MAX / 2),
     .initial = "0", .help = "so is a larger one; 0 is no limit",
     .details = "Nothing of it is saved; the transfer stops as soon as the size is known to be too large. The class of "
                "the error is _size_ and the exit status 7."},

    {'H', "header", "HEADER", GROUP_REQUEST, OPTION_CARRIED, .carry = request_add_header, .several = true,
     .secret = true, .daily = true, .help = "send 'Name: value' with each request",
     .details = "May be given several times. *Name:* alone removes a header that would be sent otherwise. _@FILE_ is a "
                "file with one on each line. What may be a secret, that is all but a few such as Accept, does not "
                "follow a redirect to another origin."},
    {'X', "request", "METHOD", GROUP_REQUEST, OPTION_STRING, FIELD(batch.method), .problem = problem_of_method,
     .help = "ask with METHOD instead of GET", .details = "_HEAD_ has no body to save and needs *--check*."},
    {'d', "data", "DATA", GROUP_REQUEST, OPTION_CARRIED, .carry = request_add_data, .secret = true,
     .help = "POST DATA, a form; @FILE is a file's",
     .details =
         "Several are joined by an ampersand. A file is read (*-* is standard input) before the run, without its line "
         "ends. Redirects turn POST into GET without content at 301, 302 and 303; at 307 and 308 the content "
         "goes along, though not from https to http."},
    {'\0', "data-raw", "DATA", GROUP_REQUEST, OPTION_CARRIED, .carry = request_add_raw, .secret = true,
     .help = "as --data, and @ means nothing"},
    {'\0', "data-binary", "DATA", GROUP_REQUEST, OPTION_CARRIED, .carry = request_add_binary, .secret = true,
     .help = "as --data, and files as they are"},
    {'\0', "json-body", "JSON", GROUP_REQUEST, OPTION_CARRIED, .carry = request_add_json, .secret = true,
     .help = "POST JSON; @FILE is a file's",
     .details = "With the headers Content-Type and Accept for it. Several are put together as they are."},
    {'F', "form", "NAME=VALUE", GROUP_REQUEST, OPTION_CARRIED, .carry = form_add, .several = true, .secret = true,
     .help = "POST a form with files: NAME=@FILE",
     .details =
         "As _multipart/form-data_ and as in curl: _NAME=@FILE_ is a file, _NAME=<FILE_ its text as if it were typed, "
         "_NAME=@ONE,TWO_ are several. Behind it may stand _;type=TEXT/PLAIN_, _;filename=NAME_ and _;headers=HEADER_ "
         "(or _@FILE_). A word in double quotes may have commas and semicolons in it. Files are read while they are "
         "sent, anew for each URL, retry and redirect; pipes and standard input (*-*), which can be read once, before "
         "the run. Redirects are followed as with *--data*."},
    {'\0', "form-string", "NAME=VALUE", GROUP_REQUEST, OPTION_CARRIED, .carry = form_add_string, .several = true,
     .secret = true, .help = "as --form, and nothing in VALUE has a meaning"},
    {'T', "upload-file", "FILE", GROUP_REQUEST, OPTION_CARRIED, .carry = request_set_upload,
     .help = "PUT FILE; '-' is standard input",
     .details =
         "To each URL; where a URL ends in a slash, FILE's name is put behind it. Answers are not saved unless *-o* "
         "is given. The file is read while it is sent, anew for each URL, retry and redirect (307 and 308, though not "
         "from https to http); a pipe and standard input, which can be read once, before the run, up to 256M. As "
         "in curl a server is asked first whether it wants the file (*Expect: 100-continue*), for a second; *-H "
         "Expect:* sends it at once. A file that can no longer be read, or that has become shorter, is a failure of "
         "class _disk_."},
    {'u', "user", "USER:PASSWORD", GROUP_REQUEST, OPTION_CARRIED, .carry = request_set_user, .secret = true,
     .help = "Basic authentication; @FILE is a file's",
     .details = "For the origin of each URL that has no user of its own, and for no other. The first line of a file "
                "keeps it out of the history of the shell; from the list of processes it is taken at once."},
    {'\0', "oauth2-bearer", "TOKEN", GROUP_REQUEST, OPTION_CARRIED, .carry = request_set_bearer, .secret = true,
     .help = "Authorization: Bearer TOKEN; @FILE has one", .details = "For the origin of each URL, as *--user*."},
    {'n', "netrc", NULL, GROUP_REQUEST, OPTION_SET, FIELD(netrc), .help = "users and passwords from ~/.netrc",
     .details = "Or from the file that the variable _NETRC_ names. It is read once, before the run, and must be there. "
                "An entry is for its host, and goes there when a redirect leads to it as well, but not over http after "
                "https; _default_ is for the hosts of URLs alone. *--user* and a user and password in a URL go first; "
                "for a URL with a user alone the file has the password. Who else may read the file is warned of."},
    {'\0', "netrc-file", "FILE", GROUP_REQUEST, OPTION_STRING, FIELD(netrc_file), .problem = problem_of_nothing,
     .help = "as --netrc, from FILE"},
    {'\0', "netrc-optional", NULL, GROUP_REQUEST, OPTION_SET, FIELD(netrc_optional),
     .help = "as --netrc, and the file may be missing", .details = "That of *--netrc-file* too."},
    {'b', "cookie", "DATA", GROUP_REQUEST, OPTION_CARRIED, .carry = request_add_cookies, .several = true,
     .secret = true, .help = "send the cookies DATA, or those in a file",
     .details =
         "_NAME=VALUE; NAME=VALUE_ goes to the origin of each URL and no other. Without an equals sign it is the "
         "name of a file, as curl and browsers of old write it, and what servers set is kept for the run, as "
         "with *--cookie-jar*; with '' it begins with none. The file may be missing when it is that of "
         "*--cookie-jar* too."},
    {'c', "cookie-jar", "FILE", GROUP_REQUEST, OPTION_STRING, FIELD(cookie_jar), .problem = problem_of_jar,
     .help = "keep cookies for the run, in FILE after it",
     .details = "What servers set goes to where it belongs, whichever URL it came from; never to whole public suffixes "
                "where libcurl has their list. FILE is replaced at once when the run ends, and nobody else may read "
                "it; only what *--cookie* names is read. When servers have set more than 20,000, all of theirs are "
                "forgotten."},
    {'e', "referer", "URL", GROUP_REQUEST, OPTION_CARRIED, .carry = request_set_referer, .secret = true,
     .help = "the Referer to send", .details = "Without the user and the fragment that it may have."},
    {'\0', "compressed", NULL, GROUP_REQUEST, OPTION_SET, FIELD(http.compressed),
     .help = "let bodies be compressed, and expand them",
     .details = "With gzip or deflate. Sizes and digests are those of the file; _size_download_ in the record counts "
                "what came. A body that expands to more than 16M and a hundred times what came is a failure of class "
                "_size_; with *--max-size* that is the limit instead. When such a body was cut, all of it is asked for "
                "again."},
    {'f', "fail", NULL, GROUP_REQUEST, OPTION_IGNORED, .help = "accepted for curl's sake; always so"},
    {'A', "user-agent", "NAME", GROUP_REQUEST, OPTION_STRING, FIELD(http.user_agent), .initial = "haul/" HAUL_VERSION,
     .problem = problem_of_field_value, .help = "the User-Agent to send"},

    {'L', "location", NULL, GROUP_REDIRECT, OPTION_CLEAR, FIELD(http.no_redirects),
     .help = "follow redirects; the default"},
    {'\0', "no-location", NULL, GROUP_REDIRECT, OPTION_SET, FIELD(http.no_redirects),
     .help = "a redirect is a failure"},
    {'\0', "proto", "PROTOCOLS", GROUP_REDIRECT, OPTION_PARSED, FIELD(http.protocols), .parse = value_parse_protocols,
     .initial = "all", .help = "ask over these only: =https",
     .details =
         "As in curl: names with commas, each taken away with *-*, added with *+* or with nothing, and alone "
         "with *=*; _all_ is both. There are _http_ and _https_, and no others. A URL of another is a failure of "
         "class _denied_."},
    {'\0', "proto-redir", "PROTOCOLS", GROUP_REDIRECT, OPTION_PARSED, FIELD(http.redirect_protocols),
     .parse = value_parse_protocols, .initial = "all", .help = "follow redirects to these only",
     .details = "And to none that *--proto* leaves out."},
    {'\0', "max-redirs", "N", GROUP_REDIRECT, OPTION_NUMBER, FIELD(http.maximum_redirects), LIMITS(0, 1000),
     .initial = "10", .help = "the most redirects to follow for one URL"},

    {'x', "proxy", "URL", GROUP_NETWORK, OPTION_STRING, FIELD(http.proxy), .problem = problem_of_proxy, .secret = true,
     .help = "go through this proxy; '' is none",
     .details = "_http://_ (also without it), _https://_, _socks5://_, _socks5h://_ (the proxy looks names up) or "
                "_socks4a://_, with user and password where it wants them; they are taken from the list of processes. "
                "A proxy that refuses a tunnel is a failure of class _connect_; where it answers for the server, as "
                "with 407 to a URL of http, that is one of class _http_. Otherwise the environment decides, see "
                "*ENVIRONMENT*."},
    {'\0', "noproxy", "HOSTS", GROUP_NETWORK, OPTION_STRING, FIELD(http.no_proxy), .problem = problem_of_field_value,
     .help = "no proxy for HOSTS, separated by commas"},
    {'\0', "deny-private", NULL, GROUP_NETWORK, OPTION_SET, FIELD(http.deny_private),
     .help = "connect to no address inside",
     .details = "Loopback, private, link-local (with the metadata services of clouds), shared, unique-local, multicast "
                "and reserved addresses are refused when connecting: for every hop, however a name came to them. The "
                "class of the error is _denied_. Not together with a proxy."},
    {'4', "ipv4", NULL, GROUP_NETWORK, OPTION_CHOICE, FIELD(http.family), .choice = HTTP_FAMILY_4,
     .help = "connect to IPv4 addresses only"},
    {'6', "ipv6", NULL, GROUP_NETWORK, OPTION_CHOICE, FIELD(http.family), .choice = HTTP_FAMILY_6,
     .help = "connect to IPv6 addresses only"},
    {'\0', "interface", "NAME", GROUP_NETWORK, OPTION_STRING, FIELD(http.interface), .problem = problem_of_nothing,
     .help = "connect from this interface or address"},
    {'\0', "unix-socket", "PATH", GROUP_NETWORK, OPTION_STRING, FIELD(http.unix_socket), .problem = problem_of_nothing,
     .help = "connect to the socket at PATH, for every URL"},
    {'\0', "connect-to", "HOST:PORT:HOST:PORT", GROUP_NETWORK, OPTION_LIST, FIELD(http.connect_to),
     .problem = problem_of_connect_to, .help = "connect to the second for the first",
     .details = "The request stays the same, and so does the name that a certificate must have. An empty host or port "
                "is any at first and the same at last. May be given several times."},
    {'\0', "http1.1", NULL, GROUP_NETWORK, OPTION_CHOICE, FIELD(http.version), .choice = HTTP_VERSION_1_1,
     .help = "HTTP/1.1 only"},
    {'\0', "http2", NULL, GROUP_NETWORK, OPTION_CHOICE, FIELD(http.version), .choice = HTTP_VERSION_2,
     .help = "HTTP/2 where TLS negotiates it; the default"},
    {'\0', "http2-prior-knowledge", NULL, GROUP_NETWORK, OPTION_CHOICE, FIELD(http.version),
     .choice = HTTP_VERSION_2_AT_ONCE, .help = "HTTP/2 at once, over http too"},
    {'\0', "resolve", "HOST:PORT:ADDR", GROUP_NETWORK, OPTION_LIST, FIELD(http.resolve), .problem = problem_of_resolve,
     .help = "use ADDR for HOST and PORT",
     .details = "No name is looked up for them. Several addresses are separated by commas. May be given several "
                "times."},
    {'\0', "doh-url", "URL", GROUP_NETWORK, OPTION_STRING, FIELD(http.doh_url), .problem = problem_of_doh_url,
     .help = "look names up at this server, over https",
     .details =
         "DNS over HTTPS, RFC 8484. All names, but those of *--resolve*, addresses, _localhost_, and that of the "
         "server itself, which the system looks up. The server's certificate must be good, also with *-k*; "
         "*--cacert* counts. Nothing falls back to the system: no answer is a failure of class _dns_. What "
         "*--deny-private* forbids is forbidden, except to connect to that server."},
    {'k', "insecure", NULL, GROUP_NETWORK, OPTION_SET, FIELD(http.insecure), .help = "do not verify certificates"},
    {'\0', "cacert", "FILE", GROUP_NETWORK, OPTION_STRING, FIELD(http.ca_file), .problem = problem_of_nothing,
     .help = "trust the PEM certificates in FILE only"},
    {'\0', "proxy-cacert", "FILE", GROUP_NETWORK, OPTION_STRING, FIELD(http.proxy_ca_file),
     .problem = problem_of_nothing, .help = "trust the certificates in FILE only, of proxies",
     .details = "Of those that are spoken to over TLS, _https://_. *--cacert* and *--insecure* are about servers."},
    {'\0', "proxy-insecure", NULL, GROUP_NETWORK, OPTION_SET, FIELD(http.proxy_insecure),
     .help = "do not verify certificates of proxies"},
    {'\0', "capath", "DIR", GROUP_NETWORK, OPTION_STRING, FIELD(http.ca_folder), .problem = problem_of_nothing,
     .help = "trust the certificates in DIR, too", .details = "Under their hashes, see openssl-rehash(1)."},
    {'E', "cert", "FILE", GROUP_NETWORK, OPTION_STRING, FIELD(http.certificate), .problem = problem_of_nothing,
     .help = "the client's certificate, PEM",
     .details = "Shown to the origins of URLs, not to those that redirects lead to."},
    {'\0', "key", "FILE", GROUP_NETWORK, OPTION_STRING, FIELD(http.key), .problem = problem_of_nothing,
     .help = "its private key, when not in the same file"},
    {'\0', "pinnedpubkey", "HASHES", GROUP_NETWORK, OPTION_STRING, FIELD(http.pinned_key),
     .problem = problem_of_nothing, .help = "the server's public key must be this",
     .details = "_sha256//BASE64_, several with semicolons, or a PEM or DER file."},
    {'\0', "tlsv1.2", NULL, GROUP_NETWORK, OPTION_CHOICE, FIELD(http.tls_minimum), .choice = HTTP_TLS_1_2,
     .help = "TLS 1.2 or later; the default"},
    {'\0', "tlsv1.3", NULL, GROUP_NETWORK, OPTION_CHOICE, FIELD(http.tls_minimum), .choice = HTTP_TLS_1_3,
     .help = "TLS 1.3 or later"},
    {'\0', "tls-max", "VERSION", GROUP_NETWORK, OPTION_WORD, FIELD(http.tls_maximum), .words = tls_words,
     .initial = "1.3", .help = "no later TLS: 1.2 or 1.3"},

    {'m', "max-time", "TIME", GROUP_TIME, OPTION_DURATION, FIELD(batch.maximum_time), LIMITS(0, DURATION_MAXIMUM),
     .initial = "0", .daily = true, .help = "most for one attempt, then tried again",
     .details = "0 is no limit. The clock starts when the attempt does: waiting for its turn does not count. What "
                "takes longer has failed, and is asked for again as *--retry* says."},
    {'\0', "connect-timeout", "TIME", GROUP_TIME, OPTION_DURATION, FIELD(http.connect_timeout),
     LIMITS(NANOSECONDS_PER_MILLISECOND, DURATION_MAXIMUM), .initial = "30s",
     .help = "the most for look-up, TCP and TLS together",
     .details = "A look-up that hangs is left alone then, and so it is when haul ends. What it waited for its turn, "
                "while many others were under way, does not count."},
    {'y', "speed-time", "TIME", GROUP_TIME, OPTION_DURATION, FIELD(http.stall_time), LIMITS(0, DURATION_MAXIMUM),
     .initial = "30s", .help = "give up when too slow for TIME; 0 is never"},
    {'Y', "speed-limit", "BYTES", GROUP_TIME, OPTION_SIZE, FIELD(http.stall_speed), LIMITS(1, 1 << 30), .initial = "10",
     .help = "fewer BYTES a second than this are too slow",
     .details = "On average over some seconds. Of the body: a server that sends nothing but headers is too slow too."},

    {'\0', "max-time-total", "TIME", GROUP_TIME, OPTION_DURATION, FIELD(batch.retry.maximum_total),
     LIMITS(0, DURATION_MAXIMUM), .initial = "0", .help = "the most for one URL, retries included",
     .details = "0 is no limit. From the beginning of its first attempt; the waits between attempts count."},
    {'\0', "deadline", "TIME", GROUP_TIME, OPTION_DURATION, FIELD(batch.deadline), LIMITS(0, DURATION_MAXIMUM),
     .initial = "0", .help = "the most for the whole run; 0 is no limit",
     .details = "Then the run stops: what was under way is _cancelled_ and what was read and had not begun is "
                "_skipped_, with _deadline_ for a reason. The exit code is 6 if nothing else was wrong."},
    {'\0', "fail-early", NULL, GROUP_TIME, OPTION_SET, FIELD(batch.fail_early),
     .help = "stop the run when one URL has failed",
     .details = "After its retries. The others end as with *--deadline*, with _fail-early_ for a reason."},

    {'\0', "retry", "N", GROUP_RETRY, OPTION_NUMBER, FIELD(batch.retry.retries), LIMITS(0, 100), .initial = "3",
     .daily = true, .help = "attempts after the first one",
     .details = "Only what may pass is tried again: no connection, a connection that broke, a time-out, a body cut "
                "short, and the status codes 408, 425, 429, 500, 502, 503 and 504; and only with a method that may be "
                "repeated without harm (not POST or PATCH), unless *--retry-on* or *--retry-all-errors* asks for it."},
    {'\0', "retry-delay", "TIME", GROUP_RETRY, OPTION_DURATION, FIELD(batch.retry.delay), LIMITS(0, DURATION_MAXIMUM),
     .initial = "1s", .help = "the wait before the first retry",
     .details =
         "At most: it doubles with each further one, and each wait is drawn at random between nothing and that, so "
         "that transfers which failed together do not come back together. A transfer that waits holds up no "
         "other."},
    {'\0', "retry-max-delay", "TIME", GROUP_RETRY, OPTION_DURATION, FIELD(batch.retry.maximum_delay),
     LIMITS(0, DURATION_MAXIMUM), .initial = "1m", .help = "the longest wait, by Retry-After too",
     .details =
         "When an answer of 429 or 503 has a Retry-After, nothing more is asked of its origin until then, or for "
         "this long if the server wants more; the transfer itself comes again then. Likewise when an answer says "
         "that nothing is left of a quota until some time: RateLimit with RateLimit-Policy, or RateLimit-Remaining "
         "with RateLimit-Reset (not X-RateLimit-Reset, which counts from different moments at different servers). "
         "Other origins go on, and 0 heeds none of this; *-v* tells."},

    {'\0', "retry-max-time", "TIME", GROUP_RETRY, OPTION_DURATION, FIELD(batch.retry.maximum_time),
     LIMITS(0, DURATION_MAXIMUM), .initial = "0", .help = "no retry begins later than that",
     .details = "0 is no limit. Counted from the beginning of the URL's first attempt."},
    {'\0', "retry-on", "LIST", GROUP_RETRY, OPTION_PARSED, FIELD(batch.retry.on), .parse = parse_retry_set,
     .help = "try again after these only: 5xx,timeout,!501",
     .details =
         "Statuses, hundreds of them such as _5xx_, and classes of error (haul-report(5), _ERRORS_); a *!* excludes. "
         "A list of nothing but exclusions takes away from what is tried again otherwise. It holds for every "
         "method."},
    {'\0', "retry-all-errors", NULL, GROUP_RETRY, OPTION_SET, FIELD(batch.retry.all_errors),
     .help = "try again whatever the server did", .details = "With every method; local failures are not tried again."},
    {'\0', "retry-connrefused", NULL, GROUP_RETRY, OPTION_IGNORED, .help = "accepted for curl's sake; so it is anyway"},

    {'\0', "retry-budget", "PERCENT", GROUP_RETRY, OPTION_NUMBER, FIELD(batch.retry_budget), LIMITS(1, 1000),
     .help = "no more retries than PERCENT of the URLs begun",
     .details =
         "In the whole run, so that a server in trouble is not asked several times as much as one in health. Ten "
         "are free."},
    {'\0', "breaker", "N", GROUP_RETRY, OPTION_NUMBER, FIELD(batch.breaker), LIMITS(1, 1000000),
     .help = "leave an origin alone after N failures in a row",
     .details =
         "Of attempts that might pass when tried again. For *--retry-max-delay* its URLs are _skipped_, and those "
         "that wait for a retry fail, with _breaker-open_ for a reason; then one at a time is tried until one "
         "does not fail. The exit code is 6 if nothing else was wrong."},

    {'\0', "accept", "LIST", GROUP_CHECK, OPTION_PARSED, FIELD(batch.accept), .parse = parse_statuses,
     .help = "the statuses that are success: 200..299,404",
     .details = "Instead of those below 300: statuses, ranges and hundreds such as _2xx_. Of the last answer, for "
                "redirects are followed all the same unless *--no-location* is given. The body of a status that is "
                "accepted is saved. A line of a list may have its own, and demand more of its answer: haul-input(5)."},
    {'\0', "until", "TIME", GROUP_CHECK, OPTION_DURATION, FIELD(batch.retry.until), LIMITS(0, DURATION_MAXIMUM),
     .initial = "0", .help = "ask again for so long, until all checks hold",
     .details = "For a service that is about to come up: a URL that fails, be it by a check, by its status, or because "
                "nobody answers, is asked again every *--retry-delay*, with any method, as long as TIME from its first "
                "attempt has not passed; *--retry* and the other options for retries do not count then. 0 is not at "
                "all."},
    {'\0', "check-body-max", "BYTES", GROUP_CHECK, OPTION_SIZE, FIELD(batch.check_body_maximum), LIMITS(0, 1 << 30),
     .initial = "1M", .help = "the most of a body that is kept for checks",
     .details = "A check of a larger body fails. So much memory may be taken by each transfer whose job has such "
                "checks."},

    {'\0', "json", NULL, GROUP_RESULT, OPTION_SET, FIELD(report.json), .daily = true,
     .help = "a line of JSON on standard output for each URL",
     .details = "haul-report(5) describes them. Each is written whole, as soon as its transfer has ended."},
    {'\0', "ordered", NULL, GROUP_RESULT, OPTION_SET, FIELD(batch.ordered),
     .help = "tell of URLs in the order of the input",
     .details = "Transfers go on as they would; who is done waits for those before it to be told of. When 1024 wait, "
                "and as many more as *--jobs* allows, nothing new begins before the first of them has ended. A run "
                "that is killed has not told of those that wait."},
    {'w', "write-out", "FORMAT", GROUP_RESULT, OPTION_STRING, FIELD(report.write_out),
     .problem = report_write_out_problem, .help = "write this for each, '%{http_code} %{url}\\n'",
     .details =
         "To standard output, when the URL has ended, in place of *--json*; _@FILE_ is what a file holds, _@-_ what "
         "standard input does. _%{name}_ is filled in: _json_ (the record), of the record error_class, id, index, "
         "reason, resumed_from, status, tag, time_elapsed and time_wait, and of curl's header_json, content_type, "
         "errormsg, "
         "exitcode, filename_effective, "
         "http_code, http_version, method, num_connects, num_headers, num_redirects, num_retries, remote_ip, "
         "remote_port, response_code, scheme, size_download, size_header, size_request, size_upload, speed_download, "
         "ssl_verify_result, time_appconnect, time_connect, time_namelookup, time_pretransfer, time_redirect, "
         "time_starttransfer, time_total, url and url_effective, which tell of the last answer; _%header{NAME}_ is a "
         "header of it. _%{stderr}_ and "
         "_%{stdout}_ tell where the rest goes "
         "(not to standard error with *--quiet*), the rest behind _%{onerror}_ is for failures. _\\\\n_, _\\\\t_, "
         "_\\\\r_ and _%%_ are "
         "understood."},
    {'\0', "report", "FILE", GROUP_RESULT, OPTION_LIST, FIELD(report.files), .problem = problem_of_report,
     .daily = true, .help = "a report: FILE.jsonl, .html, .xml, .csv, .tap",
     .details =
         "_.csv_, _.har_, _.html_, _.json_, _.jsonl_, _.xml_ (JUnit), _.tap_ or _.prom_ (OpenMetrics); or "
         "_FORMAT:FILE_ "
         "with csv, har, html, json, jsonl, junit, tap or openmetrics. May be given several times. See *REPORTS* in "
         "haul-report(5)."},
    {'\0', "events-fd", "N", GROUP_RESULT, OPTION_NUMBER, FIELD(report.events_descriptor), LIMITS(1, 1 << 20),
     .help = "tell what happens as it happens on descriptor N",
     .details =
         "For a program that has started haul and watches it: lines of JSON when an attempt begins, how far it is "
         "(twice a second), that it will be made again, and the lines of *--json*; see *EVENTS* in "
         "haul-report(5). N must be open for writing. A reader that is slow gets no progress, and the run waits "
         "for it with the rest; one that leaves does not end the run."},
    {'q', "quiet", NULL, GROUP_RESULT, OPTION_SET, FIELD(report.quiet), .daily = true,
     .help = "no sentences on standard error"},
    {'s', "silent", NULL, GROUP_RESULT, OPTION_SET, FIELD(report.quiet), .help = "as --quiet, under curl's name"},
    {'S', "show-error", NULL, GROUP_RESULT, OPTION_SET, FIELD(show_errors), .help = "sentences in spite of --silent",
     .details = "What fails is told, and what else is wrong; where all is well, nothing."},
    {'v', "verbose", NULL, GROUP_RESULT, OPTION_COUNT, FIELD(report.verbosity), .daily = true,
     .help = "a sentence for each URL and each retry, too"},
    {'\0', "progress", "WORD", GROUP_RESULT, OPTION_WORD, FIELD(report.progress), .words = progress_words,
     .initial = "auto", .help = "auto, bar, plain or none",
     .details =
         "A _bar_ on a terminal, with the transfers below it that have taken longest so far; _plain_ is a sentence "
         "every five seconds. With _auto_ there is a bar where standard error is a terminal (_TERM_ not _dumb_), plain "
         "sentences where _CI_ is set, and nothing otherwise, nor with *-o -* on a terminal. Without a terminal a bar "
         "becomes plain sentences. The time left is told when the input has ended and all sizes are known. With *-q* "
         "and *-s* there is none."},
    {'#', "progress-bar", NULL, GROUP_RESULT, OPTION_CHOICE, FIELD(report.progress), .choice = PROGRESS_BAR,
     .help = "as --progress bar, under curl's name"},
    {'\0', "no-progress-meter", NULL, GROUP_RESULT, OPTION_CHOICE, FIELD(report.progress), .choice = PROGRESS_NONE,
     .help = "as --progress none, under curl's name"},
    {'\0', "color", "WORD", GROUP_RESULT, OPTION_WORD, FIELD(report.color), .words = color_words, .initial = "auto",
     .help = "auto, always or never, on standard error",
     .details = "With _auto_ on a terminal, unless _NO_COLOR_ is set or _TERM_ is _dumb_."},

    {'\0', "config", "FILE", GROUP_CONFIGURATION, OPTION_STRING, FIELD(config), .problem = problem_of_nothing,
     .help = "read what is not given here from FILE, as JSON",
     .details = "Otherwise from _$XDG_CONFIG_HOME/haul/haul.json_, or _~/.config/haul/haul.json_, where there is one. "
                "haul-config(5) describes it, and the variables that go before it."},
    {'\0', "no-config", NULL, GROUP_CONFIGURATION, OPTION_SET, FIELD(no_config), .help = "read no such file"},

    {'h', "help", NULL, GROUP_HELP, OPTION_SET, FIELD(help), .words = option_topics,
     .help = "print this, or about the GROUP that follows",
     .details = "The groups have the names of the headings here, in one lower-case word; _all_ is all of them."},
    {'V', "version", NULL, GROUP_HELP, OPTION_SET, FIELD(version), .help = "print the version, also of the libraries"},
    {'\0', "generate", "PAGE", GROUP_HELP, OPTION_STRING, FIELD(generate), .problem = problem_of_page,
     .help = "print PAGE: man, bash, zsh, fish or schema",
     .details = "_man_ is the options for haul(1), _bash_, _zsh_ and _fish_ the completion for these shells, _schema_ "
                "the JSON "
                "Schema of the configuration."},
    {.name = NULL},
};
