/* list.h - a doubly linked list whose links live in its members.
 *
 * A head is a link that points at itself when the list is empty.  A member's link is all zero or list_init'ed while it
 * is in no list; list_remove may be called then and does nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct list {
    struct list *previous;
    struct list *next;
};

#define LIST_MEMBER(pointer, type, member) ((type *)((char *)(pointer)-offsetof(type, member)))

#define LIST_EACH(link, head)              for (struct list *link = (head)->next; link != (head); link = link->next)

/* The body may remove `link` itself. */
#define LIST_EACH_REMOVABLE(link, head)                                                                                \
    for (struct list *link = (head)->next, *link##_next = link->next; link != (head);                                  \
         link = link##_next, link##_next = link->next)

static inline void list_init(struct list *list)
{
    list->previous = list->next = list;
}

static inline bool list_is_empty(const struct list *head)
{
    return head->next == head;
}

static inline void list_append(struct list *head, struct list *link)
{
    link->previous = head->previous;
    link->next = head;
    head->previous->next = link;
    head->previous = link;
}

static inline void list_remove(struct list *link)
{
    if (!link->next)
        return;
    link->previous->next = link->next;
    link->next->previous = link->previous;
    link->previous = link->next = NULL;
}

/* Takes the first link out; NULL when the list is empty. */
static inline struct list *list_take_first(struct list *head)
{
    struct list *first = head->next;

    if (first == head)
        return NULL;
    list_remove(first);
    return first;
}

/* Moves all links of `from` to the end of `to`; `from` is empty then. */
static inline void list_splice(struct list *to, struct list *from)
{
    if (list_is_empty(from))
        return;
    from->next->previous = to->previous;
    to->previous->next = from->next;
    from->previous->next = to;
    to->previous = from->previous;
    list_init(from);
}
