#include <haul/job/allowance.h>

enum allowance_sign allowance_sign_of(const struct failure *failure)
{
    switch (failure->class) {
    case FAILURE_CONNECT:
        return ALLOWANCE_NO_CONNECTION;
    case FAILURE_HTTP:
        return failure->code == 429 || failure->code == 503 ? ALLOWANCE_TOO_MUCH : ALLOWANCE_COPES;
    case FAILURE_NONE:
        return ALLOWANCE_COPES;
    default:
        return ALLOWANCE_NO_SIGN;
    }
}

void allowance_init(struct allowance *allowance, unsigned most)
{
    *allowance = (struct allowance){.most = most, .now = most};
}

static bool shrink(struct allowance *allowance, int64_t now)
{
    allowance->halved_at = now;
    allowance->went_well = 0;
    if (allowance->now == 1)
        return false;
    allowance->now /= 2;
    return true;
}

static bool grow(struct allowance *allowance)
{
    if (allowance->now == allowance->most || ++allowance->went_well < allowance->now)
        return false;
    allowance->went_well = 0;
    allowance->now++;
    return true;
}

bool allowance_note(struct allowance *allowance, enum allowance_sign sign, int64_t began, int64_t now)
{
    bool is_news = allowance->halved_at == 0 || began >= allowance->halved_at;

    if (sign == ALLOWANCE_NO_CONNECTION)
        sign = allowance->has_answered ? ALLOWANCE_TOO_MUCH : ALLOWANCE_NO_SIGN;
    else if (sign != ALLOWANCE_NO_SIGN)
        allowance->has_answered = true;
    if (!is_news || sign == ALLOWANCE_NO_SIGN)
        return false;
    return sign == ALLOWANCE_TOO_MUCH ? shrink(allowance, now) : grow(allowance);
}
