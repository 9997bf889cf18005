/* What the compiler calls by itself when it copies or clears a structure. */
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *to, const void *from, size_t length);
void *memset(void *to, int value, size_t length);

void *memcpy(void *to, const void *from, size_t length)
{
    uint8_t *t = to;
    const uint8_t *f = from;
    while (length-- > 0) {
        *t++ = *f++;
    }

    return to;
}

void *memset(void *to, int value, size_t length)
{
    uint8_t *t = to;
    while (length-- > 0) {
        *t++ = (uint8_t)value;
    }

    return to;
}
