/* print.h - what haul says about itself; all of it comes from the option table. */
#pragma once

#include <haul/base/text.h>
#include <haul/cli/options.h>

#include <stdbool.h>

/* Appends what was asked for instead of a run, for standard output.  False when a run was asked for. */
bool print_asked(const struct options *options, struct text *text);

void print_help(struct text *text, const char *topic); /* a group's word, "all", or NULL: what is needed daily */
void print_version(struct text *text);
void print_manual(struct text *text); /* the options for haul(1), as scdoc(5) */
