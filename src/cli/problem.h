/* problem.h - what is wrong with an option's argument: a sentence, or NULL. */
#pragma once

#include <haul/base/arena.h>

typedef const char *problem_function(struct arena *arena, const char *argument);

problem_function problem_of_jar;      /* empty, or meant for another option */
problem_function problem_of_proxy;    /* a number, as of aria2's -x, or what fits in no header */
problem_function problem_of_nothing;  /* empty */
problem_function problem_of_template; /* not a name inside the output folder, or with fields that are not known */
problem_function problem_of_digest;
problem_function problem_of_checksum; /* ALGO=HEX */
problem_function problem_of_base_url;
problem_function problem_of_doh_url;     /* not https */
problem_function problem_of_report;      /* of which no format can be told */
problem_function problem_of_page;        /* for --generate */
problem_function problem_of_field_value; /* a line break or another control character: RFC 9110, 5.5 */
problem_function problem_of_header;
problem_function problem_of_method;
problem_function problem_of_connect_to; /* HOST:PORT:HOST:PORT, each of which may be empty */
problem_function problem_of_resolve;    /* HOST:PORT:ADDRESS[,ADDRESS]... */
