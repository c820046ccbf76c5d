#include "digest.h"

#include <haul/base/memory.h>
#include <haul/disk/output.h>

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

struct digest {
    EVP_MD *algorithm;
    EVP_MD_CTX *context;
};

/* Extendable-output functions have no length of their own. */
static EVP_MD *fetch_algorithm(const char *algorithm)
{
    EVP_MD *fetched = EVP_MD_fetch(NULL, algorithm, NULL);

    if (fetched && (EVP_MD_get_flags(fetched) & EVP_MD_FLAG_XOF)) {
        EVP_MD_free(fetched);
        fetched = NULL;
    }
    return fetched;
}

bool output_digest_is_known(const char *algorithm)
{
    EVP_MD *fetched = fetch_algorithm(algorithm);

    EVP_MD_free(fetched);
    return fetched != NULL;
}

const char *output_digest_problem(const char *algorithm, const char *hex)
{
    EVP_MD *fetched = fetch_algorithm(algorithm);
    int size = fetched ? EVP_MD_get_size(fetched) : 0;

    EVP_MD_free(fetched);
    if (!fetched)
        return "there is no such digest; sha256, sha512 and md5 are some";
    return strlen(hex) == 2 * (size_t)size ? NULL : "the digest has another number of digits";
}

struct digest *digest_open(const char *algorithm)
{
    struct digest *digest = memory_allocate(sizeof *digest);

    digest->algorithm = fetch_algorithm(algorithm);
    digest->context = EVP_MD_CTX_new();
    if (digest->algorithm && digest->context && EVP_DigestInit_ex2(digest->context, digest->algorithm, NULL) == 1)
        return digest;
    digest_close(digest);
    return NULL;
}

void digest_add(struct digest *digest, struct slice bytes)
{
    EVP_DigestUpdate(digest->context, bytes.bytes, bytes.length);
}

void digest_restart(struct digest *digest)
{
    EVP_DigestInit_ex2(digest->context, NULL, NULL);
}

void digest_finish(struct digest *digest, char hex[static DIGEST_HEX_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    EVP_DigestFinal_ex(digest->context, bytes, &size);
    for (unsigned i = 0; i < size; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    hex[2 * size] = '\0';
}

void digest_close(struct digest *digest)
{
    if (!digest)
        return;
    EVP_MD_CTX_free(digest->context);
    EVP_MD_free(digest->algorithm);
    free(digest);
}
