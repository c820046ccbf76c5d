/* completion.h - what shells complete, from the option table: each prints a script for its shell. */
#pragma once

#include <haul/base/text.h>

void completion_print_bash(struct text *text);
void completion_print_zsh(struct text *text);
void completion_print_fish(struct text *text);
