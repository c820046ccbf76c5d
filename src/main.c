/* Wiring and the exit code. */
#include "process.h"
#include "run.h"

#include <haul/cli/print.h>
#include <haul/co/runtime.h>
#include <haul/http/libraries.h>
#include <haul/report/report.h>

#include <stdio.h>

#define EXIT_USAGE 2
#define EXIT_LOCAL 5

static int print_and_exit(const struct text *text)
{
    if (fwrite(text->bytes, 1, text->length, stdout) == text->length && fflush(stdout) == 0)
        return 0;
    perror("haul: cannot write to standard output");
    return EXIT_LOCAL;
}

int main(int argc, char **argv)
{
    CLEANUP(options_release) struct options options = {0};
    CLEANUP(text_release) struct text text = {0};
    struct error error = {.kind = ERROR_NONE};
    struct run run = {.options = &options, .exit_code = EXIT_LOCAL};
    int result;

    process_prepare();
    if (options_parse(argc, argv, &options, &error) < 0) {
        report_complain(error.message);
        return EXIT_USAGE;
    }
    options_hide_secrets(&options);
    if (print_asked(&options, &text))
        return print_and_exit(&text);
    process_raise_limits(&options);
    process_size_pool(&options);
    process_starts();
    if (libraries_begin(&error) < 0) {
        report_complain(error.message);
        return EXIT_LOCAL;
    }
    result = co_run(run_main, &run, &(struct co_run_options){.dump_on_sigusr1 = true});
    if (result < 0)
        report_complain(co_error_text(result));
    return run.exit_code;
}
