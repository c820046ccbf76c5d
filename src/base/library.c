#include <haul/base/library.h>

#include <dlfcn.h>
#include <stddef.h>

const char *library_open(const char *file, const struct library_function *functions)
{
    void *library = dlopen(file, RTLD_NOW);

    for (const struct library_function *function = functions; library && function->name; function++)
        if (!dlsym(library, function->name))
            return dlerror();
    for (const struct library_function *function = functions; library && function->name; function++)
        *function->place = dlsym(library, function->name);
    return library ? NULL : dlerror();
}
