#include <haul/cli/options.h>

#include <haul/base/clock.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARGUMENTS_MAXIMUM 32

/* What these tests say is all that is said. */
static void forget_the_environment(void)
{
    clearenv();
}

TestSuite(options, .init = forget_the_environment);

static int parse(const char *const *arguments, struct options *options, struct error *error)
{
    char *argv[ARGUMENTS_MAXIMUM + 2] = {(char *)"haul"};
    int argc = 1;

    for (; *arguments; arguments++)
        argv[argc++] = (char *)*arguments;
    return options_parse(argc, argv, options, error);
}

#define PARSE(options, error, ...) parse((const char *const[]){__VA_ARGS__, NULL}, options, error)

static void write_file(const char *path, const char *contents)
{
    FILE *file = fopen(path, "w");

    fputs(contents, file);
    fclose(file);
}

static void expect_usage_error(const char *const *arguments, const char *part_of_message)
{
    CLEANUP(options_release) struct options options = {0};
    struct error error = {0};

    cr_expect(parse(arguments, &options, &error) < 0, "expected: %s", part_of_message);
    cr_expect_eq(error.kind, ERROR_USAGE, "expected: %s", part_of_message);
    cr_expect(strstr(error.message, part_of_message), "'%s' should say '%s'", error.message, part_of_message);
}

#define REFUSED(part_of_message, ...) expect_usage_error((const char *const[]){__VA_ARGS__, NULL}, part_of_message)

Test(options, have_what_holds_when_nothing_is_said)
{
    CLEANUP(options_release) struct options options = {0};

    cr_assert_eq(PARSE(&options, NULL, "http://a.example/"), 0);
    cr_expect_str_eq(options.input.urls[0], "http://a.example/");
    cr_expect_null(options.input.urls[1]);
    cr_expect_null(options.input.files[0]);
    cr_expect_str_eq(options.output_dir, ".");
    cr_expect_eq(options.batch.mode, BATCH_SAVE);
    cr_expect_eq(options.batch.jobs, 32);
    cr_expect_eq(options.batch.jobs_per_host, 8);
    cr_expect_null(options.batch.method);
    cr_expect_null(options.batch.template);
    cr_expect_null(options.batch.digest);
    cr_expect_eq(options.batch.maximum_time, 0);
    cr_expect_eq(options.batch.retry.retries, 3);
    cr_expect_eq(options.batch.retry.delay, NANOSECONDS_PER_SECOND);
    cr_expect_eq(options.batch.retry.maximum_delay, 60 * NANOSECONDS_PER_SECOND);
    cr_expect_eq(options.http.concurrency, 32);
    cr_expect_eq(strncmp(options.http.user_agent, "haul/", 5), 0);
    cr_expect_eq(options.http.version, HTTP_VERSION_ANY);
    cr_expect_eq(options.http.connect_timeout, 30 * NANOSECONDS_PER_SECOND);
    cr_expect_eq(options.http.stall_time, 30 * NANOSECONDS_PER_SECOND);
    cr_expect_eq(options.http.stall_speed, 10);
    cr_expect_eq(options.http.maximum_redirects, 10);
    cr_expect_not(options.http.no_redirects);
    cr_expect_not(options.http.insecure);
    cr_expect_not(options.report.json);
    cr_expect_eq(options.report.jobs, 32);
    cr_expect_eq(options.report.jobs_per_host, 8);
    cr_expect_str_eq(options.report.version, options.http.user_agent + 5);
}

Test(options, go_where_they_belong)
{
    CLEANUP(options_release) struct options options = {0};

    cr_assert_eq(PARSE(&options, NULL, "-j7", "--jobs-per-host=3", "-P", "out", "-o", "{host}/{name}", "--hash",
                       "sha256", "-X", "POST", "-m", "1.5", "--retry", "0", "--retry-delay", "2s", "--retry-max-delay",
                       "1h", "--json", "-vv", "-i", "list", "--max-redirs", "0", "-k"),
                 0);
    cr_expect_eq(options.batch.jobs, 7);
    cr_expect_eq(options.http.concurrency, 7);
    cr_expect_eq(options.report.jobs, 7);
    cr_expect_eq(options.batch.jobs_per_host, 3);
    cr_expect_eq(options.report.jobs_per_host, 3);
    cr_expect_str_eq(options.output_dir, "out");
    cr_expect_str_eq(options.batch.template, "{host}/{name}");
    cr_expect_str_eq(options.batch.digest, "sha256");
    cr_expect_str_eq(options.batch.method, "POST");
    cr_expect_eq(options.batch.maximum_time, 3 * NANOSECONDS_PER_SECOND / 2);
    cr_expect_eq(options.batch.retry.retries, 0);
    cr_expect_eq(options.batch.retry.delay, 2 * NANOSECONDS_PER_SECOND);
    cr_expect_eq(options.batch.retry.maximum_delay, 3600 * NANOSECONDS_PER_SECOND);
    cr_expect(options.report.json);
    cr_expect_eq(options.report.verbosity, 2);
    cr_expect_str_eq(options.input.files[0], "list");
    cr_expect_null(options.input.urls[0]);
    cr_expect_eq(options.http.maximum_redirects, 0);
    cr_expect(options.http.insecure);
}

Test(options, shape_requests_as_in_curl)
{
    CLEANUP(options_release) struct options options = {0};

    cr_assert_eq(PARSE(&options, NULL, "-ZLO", "--parallel-max", "64", "-A", "me", "-x", "", "--http2", "--http1.1",
                       "-y0", "-Y", "64K", "--connect-timeout", "500ms", "--cacert", "ca.pem", "--no-location", "u"),
                 0);
    cr_expect_eq(options.batch.jobs, 64);
    cr_expect_str_eq(options.http.user_agent, "me");
    cr_expect_str_eq(options.http.proxy, "");
    cr_expect_eq(options.http.version, HTTP_VERSION_1_1);
    cr_expect_eq(options.http.stall_time, 0);
    cr_expect_eq(options.http.stall_speed, 65536);
    cr_expect_eq(options.http.connect_timeout, 500 * NANOSECONDS_PER_MILLISECOND);
    cr_expect_str_eq(options.http.ca_file, "ca.pem");
    cr_expect(options.http.no_redirects);
}

Test(options, put_content_and_credentials_together)
{
    CLEANUP(options_release) struct options options = {0};

    cr_assert_eq(PARSE(&options, NULL, "-d", "a=1", "--data-raw", "@b", "--data-binary", "c", "-u", "me:pa:ss",
                       "--oauth2-bearer", "token", "-e", "http://from/", "--tlsv1.3", "-4", "u"),
                 0);
    cr_expect_str_eq(options.batch.method, "POST");
    cr_expect(slice_equal(options.batch.content->bytes, SLICE("a=1&@b&c")));
    cr_expect_null(options.batch.content->type);
    cr_expect_str_eq(options.http.user, "me");
    cr_expect_str_eq(options.http.password, "pa:ss");
    cr_expect_str_eq(options.http.headers[0], "Authorization: Bearer token");
    cr_expect_str_eq(options.http.headers[1], "Referer: http://from/");
    cr_expect_null(options.http.headers[2]);
    cr_expect_eq(options.http.tls_minimum, HTTP_TLS_1_3);
    cr_expect_eq(options.http.tls_maximum, HTTP_TLS_1_3);
    cr_expect_eq(options.http.family, HTTP_FAMILY_4);
}

Test(options, refuse_requests_that_make_no_sense)
{
    REFUSED("'-X HEAD' asks with no content", "--check", "-X", "HEAD", "-d", "a", "u");
    REFUSED("leave no version", "--tlsv1.3", "--tls-max", "1.2", "u");
    REFUSED("needs the certificate", "--key", "k", "u");
    REFUSED("HOST:PORT:HOST:PORT", "--connect-to", "a:1:b", "u");
    REFUSED("a port is not a number", "--connect-to", "a:b:c:d", "u");
    REFUSED("USER:PASSWORD", "-u", "me", "u");
    REFUSED("line break", "-e", "a\nb", "u");
}

Test(options, keep_every_one_of_several_in_order)
{
    CLEANUP(options_release) struct options options = {0};

    cr_assert_eq(PARSE(&options, NULL, "u1", "-i", "a", "u2", "-i", "b", "-H", "A: 1", "-H", "B: 2", "-H", "C: 3",
                       "--resolve", "h:1:192.0.2.1", "--", "-u3", "--json"),
                 0);
    cr_expect_str_eq(options.input.urls[0], "u1");
    cr_expect_str_eq(options.input.urls[1], "u2");
    cr_expect_str_eq(options.input.urls[2], "-u3");
    cr_expect_str_eq(options.input.urls[3], "--json");
    cr_expect_null(options.input.urls[4]);
    cr_expect_str_eq(options.input.files[0], "a");
    cr_expect_str_eq(options.input.files[1], "b");
    cr_expect_null(options.input.files[2]);
    cr_expect_str_eq(options.http.headers[2], "C: 3");
    cr_expect_null(options.http.headers[3]);
    cr_expect_str_eq(options.http.resolve[0], "h:1:192.0.2.1");
    cr_expect_null(options.http.resolve[1]);
    cr_expect_not(options.report.json);
}

Test(options, let_the_last_one_win)
{
    CLEANUP(options_release) struct options options = {0};

    cr_assert_eq(PARSE(&options, NULL, "-j1", "--jobs", "2", "--no-location", "-L", "-P", "a", "-P", "b", "u"), 0);
    cr_expect_eq(options.batch.jobs, 2);
    cr_expect_not(options.http.no_redirects);
    cr_expect_str_eq(options.output_dir, "b");
}

Test(options, say_nothing_when_silent_unless_errors_are_to_be_shown)
{
    static const struct {
        const char *argument;
        bool quiet;
    } CASES[] = {{"-q", true}, {"-s", true}, {"--silent", true}, {"-S", false}, {"-sS", false}, {"-Ss", false}};

    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        CLEANUP(options_release) struct options options = {0};

        cr_expect_eq(PARSE(&options, NULL, CASES[i].argument, "u"), 0);
        cr_expect_eq(options.report.quiet, CASES[i].quiet, "%s", CASES[i].argument);
    }
}

Test(options, let_an_output_name_lead_anywhere_as_in_curl)
{
    static const struct {
        const char *output, *folder, *template;
    } CASES[] = {
        {"/tmp/x", "/tmp", "x"},
        {"/x", "/", "x"},
        {"../x", "..", "x"},
        {"a/../../x", "a/../..", "x"},
        {"/tmp/{host}/{name}", "/tmp", "{host}/{name}"},
        {"/tmp/a{{b/x", "/tmp", "a{{b/x"},
        {"a/x", ".", "a/x"},
        {"..x/y", ".", "..x/y"},
        {"x", ".", "x"},
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        CLEANUP(options_release) struct options options = {0};
        struct error error = {0};

        cr_expect_eq(PARSE(&options, &error, "-o", CASES[i].output, "u"), 0, "'%s': %s", CASES[i].output,
                     error.message);
        cr_expect_str_eq(options.output_dir, CASES[i].folder, "'%s'", CASES[i].output);
        cr_expect_str_eq(options.batch.template, CASES[i].template, "'%s'", CASES[i].output);
    }
}

Test(options, keep_output_names_inside_a_given_folder)
{
    REFUSED("'/tmp/x' for '--output'", "-P", "out", "-o", "/tmp/x", "u");
    REFUSED("'../x' for '--output'", "-o", "../x", "-P", "out", "u");
    REFUSED("'{host}/../x' for '--output'", "-o", "{host}/../x", "u");
    REFUSED("'/tmp/' for '--output'", "-o", "/tmp/", "u");
    REFUSED("nmae", "-o", "{nmae}", "u");
}

Test(options, send_one_body_to_standard_output)
{
    CLEANUP(options_release) struct options options = {0};

    cr_assert_eq(PARSE(&options, NULL, "-o", "-", "u"), 0);
    cr_expect_eq(options.batch.mode, BATCH_STDOUT);
    cr_expect_null(options.batch.template);

    REFUSED("'-o -' and '--json'", "-o", "-", "--json", "u");
    REFUSED("takes one URL", "-o", "-", "u", "v");
    REFUSED("takes one URL", "-o", "-", "-i", "list");
    REFUSED("takes one URL", "-o", "-", "-i", "list", "u");
}

Test(options, save_nothing_when_only_checking)
{
    CLEANUP(options_release) struct options options = {0};

    cr_assert_eq(PARSE(&options, NULL, "--check", "-X", "HEAD", "u"), 0);
    cr_expect_eq(options.batch.mode, BATCH_CHECK);

    REFUSED("'-X HEAD' brings no body", "-X", "HEAD", "u");
    REFUSED("'--checksum' takes one URL", "--checksum", "md5=d41d8cd98f00b204e9800998ecf8427e", "u", "v");
    REFUSED("'--output x'", "--check", "-o", "x", "u");
    REFUSED("'--output -'", "--check", "-o", "-", "u");
}

Test(options, are_refused_with_a_sentence_that_names_them)
{
    REFUSED("unknown option '--jsno', did you mean '--json'?", "--jsno", "u");
    REFUSED("unknown option '--jsno', did you mean '--json'?", "--jsno=1", "u");
    REFUSED("unknown option '--frobnicate', see 'haul --help'", "--frobnicate");
    REFUSED("unknown option '-W'", "-W", "u");
    REFUSED("unknown option '-W' in '-ZW'", "-ZW", "u");
    REFUSED("'--jobs' needs an argument: N", "u", "--jobs");
    REFUSED("'--jobs' needs an argument: N", "u", "-j");
    REFUSED("'--json' takes no argument, as in '--json=1'", "--json=1", "u");
    REFUSED("'0' for '--jobs': it must be a number, from 1 to 16384", "-j0", "u");
    REFUSED("'16385' for '--jobs'", "-j", "16385", "u");
    REFUSED("'' for '--jobs'", "-j", "", "u");
    REFUSED("'-1' for '--jobs-per-host'", "--jobs-per-host", "-1", "u");
    REFUSED("'101' for '--retry': it must be a number, from 0 to 100", "--retry", "101", "u");
    REFUSED("'5x' for '--max-time'", "-m", "5x", "u");
    REFUSED("'0' for '--connect-timeout': it must be a time", "--connect-timeout", "0", "u");
    REFUSED("'1001h' for '--speed-time'", "-y", "1001h", "u");
    REFUSED("'2G' for '--speed-limit'", "-Y", "2G", "u");
    REFUSED("argument for '--header'", "-H", "Foo", "u");
    REFUSED("'a b' for '--request'", "-X", "a b", "u");
    REFUSED("'a:b' for '--resolve'", "--resolve", "a:b", "u");
    REFUSED("'sha257' for '--hash'", "--hash", "sha257", "u");
    REFUSED("'' for '--output-dir'", "-P", "", "u");
    REFUSED("'b' for '--output': it was given before", "-o", "a", "u", "-o", "b", "v");
    REFUSED("'tcsh' for '--generate'", "--generate", "tcsh");
}

Test(options, are_not_guessed_from_their_beginning)
{
    REFUSED("unknown option '--jso', did you mean '--json'?", "--jso", "u");
    REFUSED("unknown option '--no-loc'", "--no-loc", "u");
    REFUSED("unknown option '--retry-d'", "--retry-d=1", "u");
    REFUSED("unknown option '--max-tim'", "--max-tim", "1", "u");
}

Test(options, need_something_to_fetch)
{
    CLEANUP(options_release) struct options options = {0};
    struct error error = {0};

    cr_assert_lt(parse((const char *const[]){NULL}, &options, &error), 0);
    cr_assert_str_eq(error.message, "nothing to fetch: give URLs or -i FILE");
    REFUSED("nothing to fetch", "--json");
    REFUSED("'-i -' is given twice", "-i", "-", "-i", "list", "-i", "-");
}

Test(options, need_nothing_to_fetch_to_help)
{
    CLEANUP(options_release) struct options help = {0}, version = {0}, generate = {0};

    cr_assert_eq(PARSE(&help, NULL, "-h"), 0);
    cr_assert(help.help);
    cr_assert_eq(PARSE(&version, NULL, "--version"), 0);
    cr_assert(version.version);
    cr_assert_eq(PARSE(&generate, NULL, "--generate", "man"), 0);
    cr_assert_str_eq(generate.generate, "man");
}

Test(options, help_with_the_group_that_is_named)
{
    CLEANUP(options_release) struct options group = {0}, all = {0}, url = {0};

    cr_assert_eq(PARSE(&group, NULL, "--help", "retries"), 0);
    cr_assert_str_eq(group.help_topic, "retries");
    cr_assert_eq(PARSE(&all, NULL, "-h", "all"), 0);
    cr_assert_str_eq(all.help_topic, "all");
    cr_assert_eq(PARSE(&url, NULL, "http://a.example/", "--help"), 0);
    cr_assert_null(url.help_topic);
    REFUSED("unknown group 'retires', did you mean 'retries'?", "--help", "retires");
    REFUSED("unknown group 'frobnicate'; there are input,", "--help", "frobnicate");
}

Test(options, understand_curls_way_to_continue)
{
    CLEANUP(options_release) struct options curls = {0}, ours = {0};

    cr_assert_eq(PARSE(&curls, NULL, "-OC", "-", "u"), 0);
    cr_assert(curls.batch.go_on);
    cr_assert_str_eq(curls.input.urls[0], "u");
    cr_assert_null(curls.input.urls[1]);
    cr_assert_eq(PARSE(&ours, NULL, "--continue", "u"), 0);
    cr_assert(ours.batch.go_on);
    REFUSED("'-C 100': where to go on", "-C", "100", "u");
}

Test(options, do_not_depend_on_the_environment)
{
    CLEANUP(options_release) struct options options = {0};

    setenv("POSIXLY_CORRECT", "1", 1);
    cr_assert_eq(PARSE(&options, NULL, "u", "--json"), 0);
    cr_assert(options.report.json);
    cr_assert_null(options.input.urls[1]);
}

/* xorshift64: the same arguments in every run. */
static uint64_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static const char *random_argument(uint64_t *state, char *noise, size_t size)
{
    static const char *const WORDS[] = {
        "-i",
        "-",
        "--input=-",
        "-j",
        "0",
        "32",
        "99999999999999999999",
        "-o",
        "{name}",
        "{",
        "}",
        "../x",
        "/tmp/{host}",
        "-P",
        "",
        "--check",
        "--hash",
        "sha256",
        "--json",
        "-qsSv",
        "-m",
        "1.5s",
        ".",
        "-H",
        "A: b",
        "-X",
        "HEAD",
        "--resolve",
        "a:1:::1",
        "--resolve",
        "--",
        "---",
        "--=",
        "-=",
        "--retry",
        "-Z-",
        "--jsno",
        "--generate",
        "--max-redirs",
        "-kLOZVh",
        "--no-",
        "http://a.example/",
        "-Y",
        "1K",
        "--json=",
        "--output=",
        "-o-",
        "--parallel",
        "--location",
    };
    size_t word = random_next(state) % (sizeof(WORDS) / sizeof(WORDS[0]) + 8);
    size_t length = random_next(state) % size;

    if (word < sizeof(WORDS) / sizeof(WORDS[0]))
        return WORDS[word];
    for (size_t i = 0; i < length; i++)
        noise[i] = (char)(random_next(state) % 255 + 1);
    noise[length] = '\0';
    if (word % 2 == 0 && length > 2)
        memcpy(noise, "--", 2);
    return noise;
}

Test(options, give_settings_or_a_sentence_whatever_the_arguments)
{
    uint64_t state = 0x68617561;
    unsigned accepted = 0, refused = 0;

    for (unsigned round = 0; round < 20000; round++) {
        CLEANUP(options_release) struct options options = {0};
        const char *arguments[ARGUMENTS_MAXIMUM + 1] = {NULL};
        char noise[ARGUMENTS_MAXIMUM][700];
        size_t count = random_next(&state) % 8;
        struct error error = {0};

        for (size_t i = 0; i < count; i++)
            arguments[i] = random_argument(&state, noise[i], sizeof(noise[i]));
        if (parse(arguments, &options, &error) == 0) {
            accepted++;
            cr_assert(options.batch.jobs >= 1 && options.batch.jobs <= BATCH_JOBS_MAXIMUM);
            cr_assert_not_null(options.output_dir);
            cr_assert_eq(error.kind, ERROR_NONE);
        } else {
            refused++;
            cr_assert_eq(error.kind, ERROR_USAGE);
            cr_assert_gt(strlen(error.message), 10);
        }
    }
    cr_assert_gt(accepted, 100);
    cr_assert_gt(refused, 100);
}

Test(options, are_taken_from_the_nearest_of_command_line_environment_and_file)
{
    CLEANUP(options_release) struct options options = {0};

    write_file("nearest.json", "{\"jobs\": 1, \"retry\": 1, \"max-redirs\": 1, \"header\": [\"A: 1\", \"B: 1\"],"
                               " \"json\": true, \"insecure\": true, \"max-time\": 1.5}");
    setenv("HAUL_CONFIG", "nearest.json", 1);
    setenv("HAUL_RETRY", "2", 1);
    setenv("HAUL_JOBS", "2", 1);
    setenv("HAUL_INSECURE", "0", 1);
    setenv("HAUL_HEADER", "C: 2\nD: 2", 1);
    cr_assert_eq(PARSE(&options, NULL, "-j", "3", "u"), 0);
    unlink("nearest.json");
    cr_expect_eq(options.batch.jobs, 3);
    cr_expect_eq(options.batch.retry.retries, 2);
    cr_expect_eq(options.http.maximum_redirects, 1);
    cr_expect_eq(options.batch.maximum_time, 3 * NANOSECONDS_PER_SECOND / 2);
    cr_expect_str_eq(options.http.headers[0], "C: 2");
    cr_expect_str_eq(options.http.headers[1], "D: 2");
    cr_expect_null(options.http.headers[2]);
    cr_expect(options.report.json);
    cr_expect_not(options.http.insecure);
}

Test(options, tell_which_variable_or_key_will_not_do)
{
    static const struct {
        const char *configuration, *part_of_message;
    } CASES[] = {
        {"{\"jbos\": 1}", "unknown key 'jbos' in 'wrong.json', did you mean 'jobs'?"},
        {"{\"help\": true}", "unknown key 'help' in 'wrong.json'"},
        {"{\"config\": \"a\"}", "unknown key 'config'"},
        {"{\"jobs\": 0}", "invalid argument '0' for 'jobs' in 'wrong.json': it must be a number, from 1 to 16384"},
        {"{\"jobs\": 1.5}", "invalid argument '1.5'"},
        {"{\"jobs\": true}", "'jobs' in 'wrong.json' must be a number or a string"},
        {"{\"jobs\": null}", "must be a number or a string"},
        {"{\"json\": \"yes\"}", "'json' in 'wrong.json' must be true or false"},
        {"{\"output\": [\"a\"]}", "'output' in 'wrong.json' must be a string"},
        {"{\"header\": [[]]}", "must be a string or an array of strings"},
        {"{\"jobs\": 1, \"jobs\": 2}", "'jobs' stands twice"},
        {"{\n\"jobs\": 1,\n}", "line 3 is not valid JSON"},
        {"{} {}", "line 1 is not valid JSON"},
        {"[]", "it is not a JSON object"},
        {"", "line 1 is not valid JSON"},
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        write_file("wrong.json", CASES[i].configuration);
        REFUSED(CASES[i].part_of_message, "--config", "wrong.json", "u");
    }
    unlink("wrong.json");
    REFUSED("cannot read the configuration 'wrong.json': No such file or directory", "--config", "wrong.json", "u");
    setenv("HAUL_JOSB", "1", 1);
    REFUSED("unknown variable 'HAUL_JOSB' in the environment, did you mean 'HAUL_JOBS'?", "u");
    unsetenv("HAUL_JOSB");
    setenv("HAUL_MAX_TIME", "soon", 1);
    REFUSED("invalid argument 'soon' for HAUL_MAX_TIME: it must be a time", "u");
}

Test(options, of_other_tools_are_known_by_what_does_the_same_here)
{
    REFUSED("'--if-exists skip'", "--no-clobber", "http://a/");
    REFUSED("'--if-exists skip'", "--skip-existing", "http://a/");
    REFUSED("'--cache FILE'", "-N", "http://a/");
    REFUSED("'--cache FILE'", "-z", "yesterday", "http://a/");
    REFUSED("'--cache FILE'", "--etag-save", "x", "http://a/");
    REFUSED("'--check -X HEAD'", "-I", "http://a/");
    REFUSED("in '-qK': '-i FILE'", "-qK", "x");
    REFUSED("CHECKS in haul-input(5)", "--assert", "x", "http://a/");
    REFUSED("did you mean '--oauth2-bearer'?", "--bearer", "x", "http://a/");
    REFUSED("did you mean '--segments'?", "--split=3", "http://a/");
}

Test(options, with_a_dash_too_few_or_a_name_cut_short_are_told_by_their_names)
{
    REFUSED("unknown option '-resume', did you mean '--resume'?", "-resume", "x");
    REFUSED("unknown option '--cacer', did you mean '--cacert'?", "http://a/", "--cacer");
    REFUSED("'--cacert' needs an argument", "http://a/", "--cacert");
}

Test(options, take_json_to_send_only_where_it_is_meant_and_whole)
{
    CLEANUP(options_release) struct options options = {0};

    REFUSED("'{\"' is no URL: JSON that is to be sent goes with '--json-body'", "--json", "{\"a\": 1}", "http://a/");
    REFUSED("'[{' is no URL", "--json", "[{}]", "http://a/");
    REFUSED("'--json-body' is not JSON: it is wrong at byte 2", "--json-body", "{a", "http://a/");
    REFUSED("'@FILE'", "--json-body", "body.json", "http://a/");
    REFUSED("is not JSON", "--json-body", "{} {}", "http://a/");
    REFUSED("is not JSON", "--json-body", "", "http://a/");
    cr_expect_eq(PARSE(&options, NULL, "--json-body", " [1, {\"a\": null}] \n", "http://a/"), 0);
    options_release(&options);
    cr_expect_eq(PARSE(&options, NULL, "{http,https}://a/"), 0, "braces of a URL");
}

Test(options, of_resuming_say_what_they_go_with)
{
    CLEANUP(options_release) struct options options = {0};

    REFUSED("'--verify' is about what '--resume FILE' says", "--verify", "http://a/");
    cr_expect_eq(PARSE(&options, NULL, "--resume", "r.jsonl", "http://a/"), 0);
    cr_assert_not_null(options.warning);
    cr_expect(strstr(options.warning, "'--resume' reads 'r.jsonl' and adds nothing to it"));
    options_release(&options);
    cr_expect_eq(PARSE(&options, NULL, "--resume", "r.jsonl", "--report", "r.jsonl", "--verify", "http://a/"), 0);
    cr_expect_null(options.warning);
    options_release(&options);
    cr_expect_eq(PARSE(&options, NULL, "--resume", "r.jsonl", "--json", "http://a/"), 0);
    cr_expect_null(options.warning);
}

Test(options, of_help_are_groups_and_all_are_told_to_who_asks_for_another)
{
    REFUSED("unknown group 'nonsense'; there are input, concurrency,", "--help", "nonsense");
    REFUSED("did you mean 'checks'?", "--help", "check");
}

Test(options, meant_for_other_tools_are_not_taken_for_files_or_proxies)
{
    CLEANUP(options_release) struct options options = {0};

    REFUSED("'-P' for '--cookie-jar': it is no file for cookies", "-c", "-P", "out", "http://a/");
    REFUSED("what goes on with files is '-C'", "-nc", "http://a/");
    REFUSED("connections for one file are '--segments'", "-x4", "http://a/");
    REFUSED("'--rate N/s' says how often", "--wait", "1", "http://a/");
    cr_expect_eq(PARSE(&options, NULL, "-w", "1", "http://a/"), 0);
    cr_assert_not_null(options.warning);
    cr_expect(strstr(options.warning, "'--rate' says how often"));
}

Test(options, that_tell_only_what_is_wrong_are_s_and_S_together)
{
    CLEANUP(options_release) struct options options = {0};

    cr_assert_eq(PARSE(&options, NULL, "-sS", "http://a/"), 0);
    cr_expect(options.report.no_summary);
    cr_expect_not(options.report.quiet);
    options_release(&options);
    cr_assert_eq(PARSE(&options, NULL, "-S", "http://a/"), 0);
    cr_expect_not(options.report.no_summary);
}
