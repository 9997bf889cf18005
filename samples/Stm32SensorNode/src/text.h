/* Text in fixed buffers: a writer that never runs over, a reader of numbers, and what else of string.h the firmware needs. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *start;     /* always ends in NUL */
    size_t size;     /* of the buffer, the NUL included */
    size_t length;
    bool overflow;   /* something did not fit: do not send it */
};

void text_begin(struct text *text, char *buffer, size_t size);
void text_add(struct text *text, const char *string);
void text_add_char(struct text *text, char c);
void text_add_number(struct text *text, uint32_t number);

/* Adds bytes of unknown origin so that they can stand inside a JSON string: what is not plain ASCII becomes '?'. */
void text_add_quoted(struct text *text, const uint8_t *bytes, size_t length);

size_t text_length(const char *string);
bool text_equal(const char *a, const char *b);
bool text_begins(const char *string, const char *prefix);

/* Reads a decimal number and moves the cursor behind it. False, and the cursor stays, when there is none or it is above 4294967295. */
bool text_number(const char **cursor, uint32_t *number);

/* Whether the bytes are exactly the string. */
bool bytes_equal(const uint8_t *bytes, size_t length, const char *string);

#endif
