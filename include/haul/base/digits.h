/* digits.h - numbers in decimal, two digits at a time: half the divisions, and a record has dozens of numbers. */
#pragma once

#include <string.h>

/* 0 to 99, with a zero in front if need be; gives where it ends. */
static inline char *digits_put_pair(char *to, unsigned number)
{
    static const char pairs[] = "0001020304050607080910111213141516171819"
                                "2021222324252627282930313233343536373839"
                                "4041424344454647484950515253545556575859"
                                "6061626364656667686970717273747576777879"
                                "8081828384858687888990919293949596979899";

    memcpy(to, pairs + (size_t)2 * number, 2);
    return to + 2;
}

/* 0 to 999999, with zeros in front. */
static inline char *digits_put_six(char *to, unsigned number)
{
    to = digits_put_pair(to, number / 10000);
    to = digits_put_pair(to, number / 100 % 100);
    return digits_put_pair(to, number % 100);
}
