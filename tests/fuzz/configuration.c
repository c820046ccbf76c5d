/* A configuration file: settings of options that there are, or a sentence that names the file. */
#include "../../src/cli/settings.h"
#include "fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void must_be_settings(const struct settings *settings)
{
    for (size_t i = 0; i < settings->count; i++) {
        const struct setting *setting = &settings->items[i];

        MUST(setting->entry && setting_is_configurable(setting->entry));
        MUST(setting->value && setting->where);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(arena_release) struct arena arena = {0};
    struct settings settings = {0};
    struct error error = {0};
    int descriptor = memfd_create("configuration", MFD_CLOEXEC);
    char path[40];

    MUST(descriptor >= 0 && write(descriptor, bytes, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    if (config_read(path, &arena, &settings, &error) == 0)
        must_be_settings(&settings);
    else
        MUST(error.kind == ERROR_USAGE && strstr(error.message, path) != NULL);
    close(descriptor);
    return 0;
}
