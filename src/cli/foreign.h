/* foreign.h - options of curl, wget, aria2 and hurl that fingers know, and that are called otherwise here. */
#pragma once

#include <haul/base/slice.h>

/* The option of ours that takes the same argument, or NULL. */
const char *foreign_name(struct slice theirs);

/* Where there is none: what does the same here, as the end of a sentence; or NULL.  Of a name or a letter. */
const char *foreign_hint(struct slice theirs);
