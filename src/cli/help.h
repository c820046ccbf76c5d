/* help.h - whether there is such a group of options to help with. */
#pragma once

#include <haul/base/error.h>

/* Fails with ERROR_USAGE, and names what was probably meant. */
int help_check_topic(const char *topic, struct error *error);
