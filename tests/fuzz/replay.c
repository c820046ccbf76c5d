/* replay FILE... - gives the target the bytes of each file, where no libFuzzer makes up others. */
#include "fuzz.h"

#include <haul/base/text.h>

static void read_all(FILE *file, struct text *bytes)
{
    size_t count;

    do {
        text_reserve(bytes, 4096);
        count = fread(bytes->bytes + bytes->length, 1, 4096, file);
        bytes->length += count;
    } while (count > 0);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        CLEANUP(text_release) struct text bytes = {0};
        FILE *file = fopen(argv[i], "rb");

        if (!file)
            return perror(argv[i]), 1;
        read_all(file, &bytes);
        fclose(file);
        LLVMFuzzerTestOneInput((const uint8_t *)bytes.bytes, bytes.length);
    }
    return 0;
}
