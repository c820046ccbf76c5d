#include <haul/base/list.h>

#include <criterion/criterion.h>

struct number {
    int value;
    struct list link;
};

static int as_decimal(const struct list *head)
{
    int decimal = 0;

    LIST_EACH (link, head)
        decimal = decimal * 10 + LIST_MEMBER(link, struct number, link)->value;
    return decimal;
}

static void fill(struct list *head, struct number *numbers, int first, int count)
{
    list_init(head);
    for (int i = 0; i < count; i++) {
        numbers[i].value = first + i;
        list_append(head, &numbers[i].link);
    }
}

Test(list, keeps_the_order_of_appending)
{
    struct number numbers[3] = {0};
    struct list head;

    fill(&head, numbers, 1, 3);
    cr_assert_eq(as_decimal(&head), 123);
}

Test(list, is_empty_until_something_is_appended_and_after_all_was_taken)
{
    struct number numbers[2] = {0};
    struct list head;

    list_init(&head);
    cr_assert(list_is_empty(&head));
    cr_assert_null(list_take_first(&head));
    fill(&head, numbers, 1, 2);
    cr_assert_not(list_is_empty(&head));
    cr_assert_eq(list_take_first(&head), &numbers[0].link);
    cr_assert_eq(list_take_first(&head), &numbers[1].link);
    cr_assert(list_is_empty(&head));
}

Test(list, lets_a_member_leave_from_anywhere_and_leave_again)
{
    struct number numbers[3] = {0}, stranger = {0};
    struct list head;

    fill(&head, numbers, 1, 3);
    list_remove(&numbers[1].link);
    list_remove(&numbers[1].link);
    list_remove(&stranger.link);
    cr_assert_eq(as_decimal(&head), 13);
    list_init(&stranger.link);
    list_remove(&stranger.link);
    list_append(&head, &numbers[1].link);
    cr_assert_eq(as_decimal(&head), 132);
}

Test(list, can_lose_members_while_it_is_walked)
{
    struct number numbers[5] = {0};
    struct list head;

    fill(&head, numbers, 1, 5);
    LIST_EACH_REMOVABLE (link, &head)
        if (LIST_MEMBER(link, struct number, link)->value % 2)
            list_remove(link);
    cr_assert_eq(as_decimal(&head), 24);
}

Test(list, splices_all_of_another_behind_its_own)
{
    struct number first[2] = {0}, second[2] = {0};
    struct list to, from;

    fill(&to, first, 1, 2);
    fill(&from, second, 3, 2);
    list_splice(&to, &from);
    list_splice(&to, &from);
    cr_assert_eq(as_decimal(&to), 1234);
    cr_assert(list_is_empty(&from));
}
