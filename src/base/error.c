#include <haul/base/error.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

int fail(struct error *error, enum error_kind kind, int code, const char *format, ...)
{
    struct error new = {.kind = kind, .code = code};
    va_list arguments;

    if (error) {
        va_start(arguments, format);
        vsnprintf(new.message, sizeof(new.message), format, arguments);
        va_end(arguments);
        *error = new;
    }
    return code ? -code : -EINVAL;
}
