#include "body.h"

#include <haul/base/memory.h>
#include <haul/http/transfer.h>

#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY (16 * 1024) /* where the length is not known */

void body_release(struct body *body)
{
    free(body->pieces[0].bytes);
    free(body->pieces[1].bytes);
    *body = (struct body){.filling = 0};
}

/* The exact size where the rest is known to fit, else doubling: most bodies are small. */
static void make_room(struct piece *piece, size_t more, int64_t left)
{
    size_t capacity = piece->capacity > 0 ? piece->capacity : FIRST_CAPACITY;

    if (piece->length + more <= piece->capacity)
        return;
    while (capacity < piece->length + more)
        capacity *= 2;
    if (left >= 0)
        capacity = left < TRANSFER_PIECE ? piece->length + (size_t)left : TRANSFER_PIECE;
    if (capacity > TRANSFER_PIECE)
        capacity = TRANSFER_PIECE;
    if (capacity < piece->length + more)
        capacity = piece->length + more;
    piece->bytes = memory_resize(piece->bytes, capacity);
    piece->capacity = capacity;
}

static bool is_full(const struct piece *piece, size_t more)
{
    return piece->length > 0 && piece->length + more > TRANSFER_PIECE;
}

bool body_add(struct body *body, struct slice bytes, int64_t left)
{
    struct piece *piece = &body->pieces[body->filling];

    if (is_full(piece, bytes.length)) {
        if (body->lent || body->pieces[!body->filling].length > 0)
            return false;
        body->filling = !body->filling;
        piece = &body->pieces[body->filling];
    }
    make_room(piece, bytes.length, left);
    memcpy(piece->bytes + piece->length, bytes.bytes, bytes.length);
    piece->length += bytes.length;
    return true;
}

bool body_has_piece(const struct body *body, bool eager)
{
    const struct piece *other = &body->pieces[!body->filling];

    return (!body->lent && other->length > 0) || (eager && body->pieces[body->filling].length > 0);
}

bool body_take(struct body *body, struct slice *ret_bytes)
{
    body_give_back(body);
    if (body->pieces[!body->filling].length == 0)
        body->filling = !body->filling;
    *ret_bytes = (struct slice){body->pieces[!body->filling].bytes, body->pieces[!body->filling].length};
    body->lent = ret_bytes->length > 0;
    return body->lent;
}

void body_give_back(struct body *body)
{
    if (body->lent)
        body->pieces[!body->filling].length = 0;
    body->lent = false;
}
