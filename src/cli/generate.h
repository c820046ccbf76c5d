/* generate.h - what --generate prints. */
#pragma once

#include "problem.h"

#include <haul/base/text.h>

void generate_page(struct text *text, const char *name); /* one that has no problem_of_page */
