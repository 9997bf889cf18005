#include "text.h"

#include "check.h"
#include "no_sensor.h"

static void numbers_are_written(void)
{
    static const struct { uint32_t number; const char *text; } cases[] = {
        { 0, "0" }, { 9, "9" }, { 10, "10" }, { 1000, "1000" }, { 65535, "65535" }, { 4294967295u, "4294967295" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char buffer[11];
        struct text text;
        text_begin(&text, buffer, sizeof buffer);
        text_add_number(&text, cases[i].number);
        CHECK_TEXT(buffer, cases[i].text);
        CHECK(!text.overflow);
    }
}

static void what_does_not_fit_is_cut_and_told(void)
{
    for (size_t size = 1; size <= 12; size++) {
        char buffer[16];
        struct text text;
        memset(buffer, '#', sizeof buffer);
        text_begin(&text, buffer, size);
        text_add(&text, "abc");
        text_add_number(&text, 1234567);
        CHECK(text.length == (size - 1 < 10 ? size - 1 : 10));
        CHECK(text.overflow == (size <= 10));
        CHECK(buffer[text.length] == '\0');
        CHECK(buffer[size] == '#');
    }
}

static void unknown_bytes_cannot_end_a_string(void)
{
    char buffer[32];
    struct text text;
    text_begin(&text, buffer, sizeof buffer);
    text_add_quoted(&text, (const uint8_t *)"a\"b\\c\r\n\0\xFF~ ", 11);
    CHECK_TEXT(buffer, "a?b?c????~ ");
}

static void numbers_are_read(void)
{
    static const struct { const char *text; bool good; uint32_t number; size_t used; } cases[] = {
        { "0", true, 0, 1 }, { "12,3", true, 12, 2 }, { "4294967295", true, 4294967295u, 10 }, { "007", true, 7, 3 },
        { "4294967296", false, 0, 0 }, { "99999999999", false, 0, 0 }, { "", false, 0, 0 }, { "-1", false, 0, 0 }, { " 1", false, 0, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *cursor = cases[i].text;
        uint32_t number = 77;
        CHECK(text_number(&cursor, &number) == cases[i].good);
        CHECK(cursor == cases[i].text + cases[i].used);
        CHECK(number == (cases[i].good ? cases[i].number : 77));
    }
}

static void texts_are_compared(void)
{
    CHECK(text_equal("OK", "OK") && !text_equal("OKAY", "OK") && !text_equal("O", "OK") && text_equal("", ""));
    CHECK(text_begins("+CMQTTPUB: 0,0", "+CMQTTPUB: 0,") && !text_begins("+CMQTT", "+CMQTTPUB"));
    CHECK(bytes_equal((const uint8_t *)"ab", 2, "ab") && !bytes_equal((const uint8_t *)"ab", 1, "ab") && !bytes_equal((const uint8_t *)"abc", 3, "ab"));
    CHECK(!bytes_equal((const uint8_t *)"a\0b", 3, "a"));
}

int main(void)
{
    numbers_are_written();
    what_does_not_fit_is_cut_and_told();
    unknown_bytes_cannot_end_a_string();
    numbers_are_read();
    texts_are_compared();
    return 0;
}
