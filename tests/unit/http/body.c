#include "../../../src/http/body.h"

#include <haul/http/transfer.h>

#include <criterion/criterion.h>
#include <string.h>

#define CHUNK 16384

static char chunk[CHUNK];

static unsigned add_until_full(struct body *body)
{
    unsigned added = 0;

    while (body_add(body, (struct slice){chunk, CHUNK}, -1))
        added++;
    return added;
}

Test(body, holds_two_pieces_and_no_more)
{
    struct body body = {.filling = 0};

    cr_assert_eq(add_until_full(&body), 2 * TRANSFER_PIECE / CHUNK);
    body_release(&body);
}

Test(body, has_room_again_when_a_piece_is_given_back)
{
    struct body body = {.filling = 0};
    struct slice bytes;

    add_until_full(&body);
    cr_assert(body_take(&body, &bytes));
    cr_assert_eq(bytes.length, TRANSFER_PIECE);
    cr_assert_not(body_add(&body, (struct slice){chunk, CHUNK}, -1), "the reader still reads the piece");
    body_give_back(&body);
    cr_assert(body_add(&body, (struct slice){chunk, CHUNK}, -1));
    body_release(&body);
}

Test(body, gives_bytes_in_the_order_in_which_they_came)
{
    struct body body = {.filling = 0};
    unsigned char next = 0, expected = 0;
    struct slice bytes;

    for (int round = 0; round < 200; round++) {
        char some[1000];

        for (size_t i = 0; i < sizeof some; i++)
            some[i] = (char)next++;
        while (!body_add(&body, (struct slice){some, sizeof some}, -1)) {
            cr_assert(body_take(&body, &bytes));
            for (size_t i = 0; i < bytes.length; i++)
                cr_assert_eq((unsigned char)bytes.bytes[i], expected++);
            body_give_back(&body);
        }
    }
    while (body_take(&body, &bytes))
        for (size_t i = 0; i < bytes.length; i++)
            cr_assert_eq((unsigned char)bytes.bytes[i], expected++);
    cr_assert_eq(expected, next);
    body_release(&body);
}

Test(body, allocates_exactly_what_is_left_of_a_small_body)
{
    struct body body = {.filling = 0};

    cr_assert(body_add(&body, (struct slice){chunk, 100}, 1024));
    cr_assert_eq(body.pieces[0].capacity, 1024);
    body_release(&body);
}

Test(body, shows_a_part_of_a_piece_only_to_the_eager)
{
    struct body body = {.filling = 0};

    body_add(&body, (struct slice){chunk, 100}, -1);
    cr_assert_not(body_has_piece(&body, false));
    cr_assert(body_has_piece(&body, true));
    body_release(&body);
}
