#include <haul/job/date.h>

#include <stddef.h>
#include <time.h>

bool date_parse(const char *text, int64_t *ret_seconds)
{
    static const char *const forms[] = {
        "%a, %d %b %Y %H:%M:%S GMT",
        "%A, %d-%b-%y %H:%M:%S GMT",
        "%a %b %e %H:%M:%S %Y",
    };

    for (size_t i = 0; text && i < sizeof forms / sizeof *forms; i++) {
        struct tm moment = {.tm_isdst = 0};
        const char *end = strptime(text, forms[i], &moment);

        if (!end || *end != '\0')
            continue;
        *ret_seconds = timegm(&moment);
        return true;
    }
    return false;
}
