/* What the tests share: a check that stays in a release build, and says where. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                              \
    do {                                                                              \
        if (!(condition)) {                                                           \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);           \
            exit(1);                                                                  \
        }                                                                             \
    } while (0)

#define CHECK_TEXT(actual, expected)                                                                              \
    do {                                                                                                          \
        if (strcmp((actual), (expected)) != 0) {                                                                  \
            fprintf(stderr, "%s:%d:\n  expected '%s'\n  but was  '%s'\n", __FILE__, __LINE__, expected, actual);   \
            exit(1);                                                                                              \
        }                                                                                                         \
    } while (0)

#endif
