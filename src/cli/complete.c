#include "argument_file.h"
#include "netrc_file.h"
#include "parser.h"
#include "problem.h"
#include "request.h"

#include <haul/base/text.h>
#include <haul/job/glob.h>

#include <cjson/cJSON.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WRITE_OUT_MAXIMUM (1024 * 1024) /* bytes of a file */

static bool has_parent(struct slice folder)
{
    struct slice component;

    while (folder.length > 0) {
        slice_cut(folder, '/', &component, &folder);
        if (slice_equal(component, SLICE("..")))
            return true;
    }
    return false;
}

/* As in curl, -o may lead anywhere.  A template may not leave the output folder, so the folders that it begins with
 * become the output folder when it would. */
static void move_folder_out_of_template(struct options *options)
{
    const char *template = options->batch.template;
    struct slice literal = {template, strcspn(template, "{}#")}, folder, name;

    if (!slice_cut_last(literal, '/', &folder, &name) || (template[0] != '/' && !has_parent(folder)))
        return;
    options->batch.template = template + folder.length + 1;
    options->output_dir = folder.length > 0 ? arena_copy(&options->arena, folder) : "/";
}

static int complete_output(struct parser *parser)
{
    struct options *options = parser->options;
    const struct option_entry *entry = option_find(SLICE("output"));
    const char *given = options->batch.template, *problem;

    if (!given)
        return 0;
    if (strcmp(given, "/dev/null") == 0) {
        options->batch.mode = BATCH_CHECK;
        options->batch.template = NULL;
        return 0;
    }
    if (options->batch.mode == BATCH_CHECK)
        return fail(parser->error, ERROR_USAGE, 0, "'--output %.*s' saves and '--check' does not", SHOWN_MAXIMUM,
                    given);
    if (strcmp(given, "-") == 0) {
        options->batch.mode = BATCH_STDOUT;
        options->batch.template = NULL;
        return 0;
    }
    if (!parser->told[option_find(SLICE("output-dir")) - option_table])
        move_folder_out_of_template(options);
    problem = problem_of_template(&options->arena, options->batch.template);
    return problem ? parser_refuse(parser, entry, given, problem) : 0;
}

static bool has_lists(const struct input_options *input)
{
    return input->files[0] || input->retry_failed;
}

static int refuse_glob(const struct parser *parser, const char *url, const struct glob *glob)
{
    const char *at = url + glob->column - 1;
    int shown = strchr(at, '@') ? 0 : SHOWN_MAXIMUM; /* a password may stand before it */

    return fail(parser->error, ERROR_USAGE, 0,
                "a URL is wrong at column %zu, '%.*s': %s; with '--globoff' it would stand for itself", glob->column,
                shown, at, glob->problem);
}

static int check_globs(struct parser *parser)
{
    const struct input_options *input = &parser->options->input;

    parser->urls_asked = parser->url_count;
    for (const char *const *url = input->urls; *url && !input->no_globs; url++) {
        CLEANUP(glob_release) struct glob glob = {.count = 0};

        if (!glob_read(&glob, slice_of(*url)))
            return refuse_glob(parser, *url, &glob);
        if (glob.count > 1)
            parser->urls_asked += glob.count - 1;
    }
    return 0;
}

/* wget's '-w 1' waits. */
static void doubt_write_out(struct options *options)
{
    const char *format = options->report.write_out;

    if (format && !strchr(format, '%') && format[strspn(format, "0123456789.smh")] == '\0' && !options->warning)
        options->warning = arena_format(
            &options->arena, "'--write-out %.*s' writes just that for each URL; '--rate' says how often is asked",
            SHOWN_MAXIMUM, format);
}

/* Of '@FILE', what it holds. */
static int complete_write_out(struct parser *parser)
{
    struct options *options = parser->options;
    const struct option_entry *entry = option_find(SLICE("write-out"));
    const char *given = options->report.write_out, *problem;
    CLEANUP(text_release) struct text format = {0};

    doubt_write_out(options);
    if (!given || given[0] != '@')
        return 0;
    if (!argument_file_read(given + 1, WRITE_OUT_MAXIMUM, &format, &problem))
        return parser_refuse(parser, entry, given, problem);
    options->report.write_out = arena_copy(&options->arena, text_slice(&format));
    problem = report_write_out_problem(&options->arena, options->report.write_out);
    return problem ? parser_refuse(parser, entry, given, problem) : 0;
}

static int check_stdout(const struct parser *parser)
{
    const struct options *options = parser->options;

    if (options->report.json && options->report.write_out)
        return fail(parser->error, ERROR_USAGE, 0, "'--write-out' and '--json' both want standard output");
    if (options->batch.mode != BATCH_STDOUT)
        return 0;
    if (options->report.write_out)
        return fail(parser->error, ERROR_USAGE, 0, "'-o -' and '--write-out' both want standard output");
    if (options->report.json)
        return fail(parser->error, ERROR_USAGE, 0, "'-o -' and '--json' both want standard output");
    if (parser->urls_asked != 1 || has_lists(&options->input))
        return fail(parser->error, ERROR_USAGE, 0,
                    "'-o -' takes one URL and no '-i': bodies would run into one another");
    return 0;
}

static int check_events(const struct parser *parser)
{
    unsigned descriptor = parser->options->report.events_descriptor;
    int flags = descriptor > 0 ? fcntl((int)descriptor, F_GETFL) : O_WRONLY;

    if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY)
        return fail(parser->error, ERROR_USAGE, 0, "'--events-fd %u' is not open for writing", descriptor);
    if (descriptor == STDOUT_FILENO && (parser->options->report.json || parser->options->report.write_out ||
                                        parser->options->batch.mode == BATCH_STDOUT))
        return fail(parser->error, ERROR_USAGE, 0, "'--events-fd 1' is standard output, which is spoken for");
    return 0;
}

static int check_input(const struct parser *parser)
{
    const struct input_options *input = &parser->options->input;
    unsigned standard_inputs = 0;

    if (parser->url_count == 0 && !has_lists(input))
        return fail(parser->error, ERROR_USAGE, 0, "nothing to fetch: give URLs or -i FILE");
    for (const char *const *file = input->files; *file; file++)
        standard_inputs += strcmp(*file, "-") == 0;
    if (input->format == INPUT_SUMS && !input->base_url)
        return fail(parser->error, ERROR_USAGE, 0, "'--input-format sums' needs a '--base-url'");
    if (standard_inputs > 1)
        return fail(parser->error, ERROR_USAGE, 0, "'-i -' is given twice: standard input can be read once");
    return 0;
}

static int check_checksum(const struct parser *parser)
{
    const struct input_options *input = &parser->options->input;

    if (input->checksum && (parser->urls_asked != 1 || has_lists(input)))
        return fail(parser->error, ERROR_USAGE, 0, "'--checksum' takes one URL and no '-i': it is that of one body");
    return 0;
}

/* What is written in a file or the environment may wait for the run that it is for. */
static bool is_on_command_line(const struct parser *parser, const char *option)
{
    const char *told = parser->told[option_find(slice_of(option)) - option_table];

    return told && told[0] == '\0';
}

static bool is_among(const char *word, const char *const *words)
{
    while (words && *words && strcmp(*words, word) != 0)
        words++;
    return words && *words;
}

static int check_resume(struct parser *parser)
{
    struct options *options = parser->options;

    if (!options->resume && is_on_command_line(parser, "verify"))
        return fail(parser->error, ERROR_USAGE, 0,
                    "'--verify' is about what '--resume FILE' says is done; '--if-exists verify' compares files with "
                    "the digests of a list");
    if (options->resume && !options->report.json && !options->batch.dry_run && !options->warning &&
        !is_among(options->resume, options->report.files))
        options->warning =
            arena_format(&options->arena,
                         "'--resume' reads '%s' and adds nothing to it: with '--report' of the same name "
                         "the next run goes on from this one",
                         options->resume);
    return 0;
}

static int check_mode(const struct parser *parser)
{
    const struct batch_options *batch = &parser->options->batch;

    if (batch->mode != BATCH_CHECK && batch->method && strcmp(batch->method, "HEAD") == 0)
        return fail(parser->error, ERROR_USAGE, 0, "'-X HEAD' brings no body to save: add '--check'");
    return 0;
}

static int check_json(const struct parser *parser)
{
    const struct options *options = parser->options;
    struct slice bytes = text_slice(&options->content_bytes);
    const char *end = bytes.bytes;
    cJSON *json;

    if (!options->content_is_json)
        return 0;
    json = cJSON_ParseWithLengthOpts(bytes.bytes, bytes.length, &end, false);
    cJSON_Delete(json);
    while (json && end < bytes.bytes + bytes.length && strchr(" \t\r\n", *end))
        end++;
    if (json && end == bytes.bytes + bytes.length)
        return 0;
    return fail(parser->error, ERROR_USAGE, 0,
                "'--json-body' is not JSON: it is wrong at byte %td; that of a file is sent with '@FILE'",
                end ? end - bytes.bytes + 1 : 1);
}

static int check_request(const struct parser *parser)
{
    const struct options *options = parser->options;
    unsigned kinds = request_content_kinds(options);

    if (options->cache && (request_has_header(options, SLICE("If-None-Match")) ||
                           request_has_header(options, SLICE("If-Modified-Since"))))
        return fail(parser->error, ERROR_USAGE, 0, "'--cache' asks whether a file has changed: leave out the header");
    if (kinds > 1)
        return fail(parser->error, ERROR_USAGE, 0, "a request carries one of '--data', '--form' and '--upload-file'");
    if (kinds > 0 && options->batch.method && strcmp(options->batch.method, "HEAD") == 0)
        return fail(parser->error, ERROR_USAGE, 0, "'-X HEAD' asks with no content: leave out '--%s'",
                    options->form          ? "form"
                    : options->upload_file ? "upload-file"
                                           : "data");
    if (options->http.tls_minimum > options->http.tls_maximum)
        return fail(parser->error, ERROR_USAGE, 0, "'--tlsv1.3' and '--tls-max 1.2' leave no version");
    if (options->http.key && !options->http.certificate)
        return fail(parser->error, ERROR_USAGE, 0, "'--key' needs the certificate that it belongs to, '--cert'");
    return 0;
}

/* Where GitHub Actions runs us, it says so. */
static void note_github(struct report_options *report)
{
    const char *actions = getenv("GITHUB_ACTIONS"), *summary = getenv("GITHUB_STEP_SUMMARY");

    report->github = actions && strcmp(actions, "true") == 0;
    report->github_summary = report->github && summary && summary[0] ? summary : NULL;
}

/* NULL when it is empty, too. */
static const char *value_of(const char *variable)
{
    const char *value = getenv(variable);

    return value && *value != '\0' ? value : NULL;
}

static bool is_set(const char *variable)
{
    return value_of(variable) != NULL;
}

/* The variables that curl reads, in its order. */
static void complete_authorities(struct http_client_options *http)
{
    if (http->ca_file || http->ca_folder)
        return;
    http->ca_file = value_of("CURL_CA_BUNDLE");
    if (http->ca_file)
        return;
    http->ca_folder = value_of("SSL_CERT_DIR");
    http->ca_file = value_of("SSL_CERT_FILE");
}

static bool is_clever_terminal(int descriptor)
{
    const char *kind = getenv("TERM");

    return isatty(descriptor) && kind && *kind != '\0' && strcmp(kind, "dumb") != 0;
}

static enum report_progress choose_progress(const struct options *options, bool can_draw)
{
    if (options->report.quiet)
        return PROGRESS_NONE;
    if (options->report.progress == PROGRESS_BAR && !can_draw)
        return PROGRESS_PLAIN;
    if (options->report.progress != PROGRESS_AUTO)
        return options->report.progress;
    if (is_set("CI"))
        return PROGRESS_PLAIN;
    return can_draw ? PROGRESS_BAR : PROGRESS_NONE;
}

/* A body on the terminal is what is wanted there, and nothing else. */
static void complete_progress(struct options *options)
{
    bool is_terminal = is_clever_terminal(STDERR_FILENO);
    bool is_body_shown = options->batch.mode == BATCH_STDOUT && isatty(STDOUT_FILENO);

    options->report.progress = choose_progress(options, is_terminal && !is_body_shown);
    if (is_body_shown)
        options->report.progress = PROGRESS_NONE;
    if (options->report.color == COLOR_AUTO)
        options->report.color = is_terminal && !is_set("NO_COLOR") ? COLOR_ALWAYS : COLOR_NEVER;
}

/* The plan is the records; what a run keeps in files stays as it is. */
static void complete_dry_run(struct options *options)
{
    static const char *const NONE[] = {NULL};

    options->report.json = !options->report.write_out;
    options->report.files = NONE;
    options->cookie_jar = options->cache = NULL;
}

static void complete_settings(struct options *options)
{
    if (options->batch.dry_run)
        complete_dry_run(options);
    request_complete(options);
    complete_authorities(&options->http);
    options->http.concurrency = options->batch.jobs;
    options->http.any_expansion = options->batch.maximum_size > 0;
    options->batch.parts_kept = BATCH_PARTS_KEPT;
    if (options->http.limit_rate > 0)
        options->batch.segments = 1; /* it is for the file, and more would each have it */
    options->report.version = HAUL_VERSION;
    options->report.saves_nothing = options->batch.mode == BATCH_CHECK;
    options->report.jobs = options->batch.jobs;
    options->report.jobs_per_host = options->batch.jobs_per_host;
    complete_progress(options);
    options->report.no_summary = options->report.quiet && options->show_errors;
    options->report.quiet = options->report.quiet && !options->show_errors;
    note_github(&options->report);
}

int parser_complete(struct parser *parser)
{
    int result = check_input(parser);

    if (result == 0)
        result = check_globs(parser);
    if (result == 0)
        result = complete_output(parser);
    if (result == 0)
        result = complete_write_out(parser);
    if (result == 0)
        result = check_stdout(parser);
    if (result == 0)
        result = check_checksum(parser);
    if (result == 0)
        result = check_events(parser);
    if (result == 0)
        result = check_mode(parser);
    if (result == 0)
        result = parser_store_carried(parser);
    if (result == 0)
        result = check_request(parser);
    if (result == 0)
        result = check_json(parser);
    if (result == 0)
        result = check_resume(parser);
    if (result == 0)
        result = netrc_file_read(parser->options, parser->error);
    complete_settings(parser->options);
    return result;
}
