#include "text.h"

void text_begin(struct text *text, char *buffer, size_t size)
{
    text->start = buffer;
    text->size = size;
    text->length = 0;
    text->overflow = false;
    buffer[0] = '\0';
}

void text_add_char(struct text *text, char c)
{
    if (text->length + 1 >= text->size) {
        text->overflow = true;
        return;
    }

    text->start[text->length++] = c;
    text->start[text->length] = '\0';
}

void text_add(struct text *text, const char *string)
{
    while (*string != '\0') {
        text_add_char(text, *string++);
    }
}

void text_add_number(struct text *text, uint32_t number)
{
    char digits[10];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);

    while (count > 0) {
        text_add_char(text, digits[--count]);
    }
}

void text_add_quoted(struct text *text, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        uint8_t b = bytes[i];
        text_add_char(text, b < ' ' || b > '~' || b == '"' || b == '\\' ? '?' : (char)b);
    }
}

size_t text_length(const char *string)
{
    size_t length = 0;
    while (string[length] != '\0') {
        length++;
    }

    return length;
}

bool text_begins(const char *string, const char *prefix)
{
    while (*prefix != '\0') {
        if (*string++ != *prefix++) {
            return false;
        }
    }

    return true;
}

bool text_equal(const char *a, const char *b)
{
    return text_begins(a, b) && a[text_length(b)] == '\0';
}

bool text_number(const char **cursor, uint32_t *number)
{
    const char *at = *cursor;
    uint32_t value = 0;
    if (*at < '0' || *at > '9') {
        return false;
    }

    for (; *at >= '0' && *at <= '9'; at++) {
        uint32_t digit = (uint32_t)(*at - '0');
        if (value > (UINT32_MAX - digit) / 10) {
            return false;
        }

        value = value * 10 + digit;
    }

    *cursor = at;
    *number = value;
    return true;
}

bool bytes_equal(const uint8_t *bytes, size_t length, const char *string)
{
    for (size_t i = 0; i < length; i++) {
        if (string[i] == '\0' || bytes[i] != (uint8_t)string[i]) {
            return false;
        }
    }

    return string[length] == '\0';
}
