#include <haul/job/failure.h>

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

/* curl(1), "EXIT CODES" */
enum curl_exit_code {
    CURL_URL_MALFORMED = 3,
    CURL_HTTP_ERROR = 22,
    CURL_WRITE_ERROR = 23,
    CURL_FILE_SIZE_EXCEEDED = 63,
};

const char *failure_class_name(enum failure_class class)
{
    static const char *const names[] = {
#define X(name, text) text,
        FAILURE_CLASSES(X)
#undef X
    };

    assert(class < FAILURE_CLASS_COUNT);
    return names[class];
}

static int exit_code_of(enum failure_class class, int code)
{
    switch (class) {
    case FAILURE_HTTP:
        return CURL_HTTP_ERROR;
    case FAILURE_DISK:
        return CURL_WRITE_ERROR;
    case FAILURE_INPUT:
        return code ? code : CURL_URL_MALFORMED;
    case FAILURE_SIZE:
        return code ? code : CURL_FILE_SIZE_EXCEEDED;
    default:
        return code;
    }
}

bool failure_set(struct failure *failure, enum failure_class class, int code, bool transient, const char *format, ...)
{
    struct failure new = {.class = class, .code = code, .exit_code = exit_code_of(class, code), .transient = transient};
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(new.message, sizeof(new.message), format, arguments);
    va_end(arguments);
    *failure = new;
    return false;
}
