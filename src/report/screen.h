/* screen.h - a block of lines at the bottom of what a terminal shows, kept below everything else that is printed there.
 *
 * The cursor stands in the line below the block and is never hidden, so whatever ends the process leaves the terminal
 * as it should be.  A redraw is one write.  Blocking: for threads; each call waits for the ones before.  A process in
 * the background does not draw, and after it was stopped (screen_forget) it draws anew, below.
 */
#pragma once

#include <haul/base/slice.h>
#include <haul/base/text.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct screen {
    /* private: */
    pthread_mutex_t mutex;
    int terminal;
    struct text block; /* what is to be shown; whole lines */
    bool is_shown;
    atomic_bool is_lost; /* what is shown is no longer where the cursor is */
    struct text bytes;   /* to be written */
    atomic_bool hurry;
};

void screen_init(struct screen *screen, int terminal);
void screen_release(struct screen *screen);

/* Columns and rows of the terminal now. */
void screen_size(const struct screen *screen, unsigned *ret_columns, unsigned *ret_rows);

int screen_show(struct screen *screen, struct slice block); /* in place of the block before; empty: nothing any more */

/* Lines above the block, to the descriptor, which is the same terminal. */
int screen_print(struct screen *screen, int descriptor, struct slice lines);

/* From now on a terminal that takes nothing is given up: write_all.h. */
void screen_hurry(struct screen *screen);

/* Something else has moved the cursor: the block that was shown is left where it is.  Does not block. */
void screen_forget(struct screen *screen);
