#include "check.h"

#include <string.h>

/* RFC 6901, 3 */
bool pointer_is_valid(const char *pointer)
{
    if (pointer[0] != '\0' && pointer[0] != '/')
        return false;
    for (; *pointer; pointer++)
        if (pointer[0] == '~' && pointer[1] != '0' && pointer[1] != '1')
            return false;
    return true;
}

/* Is it what the token stands for, "~1" being a slash and "~0" a tilde? */
static bool is_named(const char *name, struct slice token)
{
    for (size_t i = 0; i < token.length; i++, name++) {
        char wanted = token.bytes[i];

        if (wanted == '~')
            wanted = token.bytes[++i] == '1' ? '/' : '~';
        if (*name != wanted)
            return false;
    }
    return *name == '\0';
}

/* "01" is no place in an array (RFC 6901, 4). */
static const cJSON *element_at(const cJSON *array, struct slice token)
{
    unsigned long long place;

    if (!slice_to_unsigned(token, INT32_MAX, &place) || (token.length > 1 && token.bytes[0] == '0'))
        return NULL;
    return cJSON_GetArrayItem(array, (int)place);
}

static const cJSON *member_of(const cJSON *object, struct slice token)
{
    const cJSON *member;

    cJSON_ArrayForEach(member, object)
    {
        if (is_named(member->string, token))
            return member;
    }
    return NULL;
}

const cJSON *pointer_find(const cJSON *document, const char *pointer)
{
    struct slice rest = slice_from(slice_of(pointer), 1), token;
    bool more = pointer[0] != '\0';

    while (document && more) {
        more = slice_cut(rest, '/', &token, &rest);
        if (cJSON_IsArray(document))
            document = element_at(document, token);
        else
            document = cJSON_IsObject(document) ? member_of(document, token) : NULL;
    }
    return document;
}
