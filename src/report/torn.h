/* torn.h - a file of lines whose writer was killed may end in the middle of one. */
#pragma once

#include <haul/co/task.h>

#include <stdbool.h>

/* Does what is written to the descriptor next have to begin with a newline?  Only a file that may be read can tell. */
bool torn_line(struct co_task *self, int descriptor);
