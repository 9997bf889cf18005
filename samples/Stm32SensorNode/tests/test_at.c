/* Each dialogue is fed whole, at every two-way split with time in between, and byte by byte: the events have to be the same. */
#include "at.h"

#include "check.h"
#include "no_sensor.h"

static char written[4096];
static size_t written_length;

static void capture(const uint8_t *bytes, size_t length)
{
    CHECK(written_length + length < sizeof written);
    memcpy(written + written_length, bytes, length);
    written_length += length;
    written[written_length] = '\0';
}

static char events[4096];

static void note(struct at *at, enum at_event event)
{
    char line[600];
    static const char *const outcomes[] = { "ok", "error", "silent" };
    switch (event) {
    case AT_NOTHING:
        return;
    case AT_DONE:
        snprintf(line, sizeof line, "[%s %d %s]", outcomes[at->outcome], at->code, at->info);
        break;
    case AT_URC:
        snprintf(line, sizeof line, "(%s)", at->line);
        break;
    case AT_MESSAGE:
        snprintf(line, sizeof line, "{%.*s=%.*s}", (int)at->message.topic_length, (const char *)at->message.topic,
            (int)at->message.payload_length, (const char *)at->message.payload);
        break;
    }

    CHECK(strlen(events) + strlen(line) < sizeof events);
    strcat(events, line);
}

struct dialogue {
    struct at_command command; /* no text: none */
    const char *received;      /* after the command was written */
    size_t length;             /* 0: of the string */
    const char *events;
    const char *written;
};

#define DATA(string) .data = (const uint8_t *)string, .data_length = sizeof string - 1

static const struct dialogue dialogues[] = {
    { { .text = "ATE0" }, "\r\nOK\r\n", 0, "[ok -1 ]", "ATE0\r" },
    { { .text = "ATE0" }, "ATE0\r\r\nOK\r\n", 0, "(ATE0)[ok -1 ]", "ATE0\r" }, /* the echo is a line of no meaning */
    { { .text = "AT" }, "\r\nERROR\r\n", 0, "[error -1 ]", "AT\r" },
    { { .text = "AT" }, "\r\n+CME ERROR: SIM busy\r\n", 0, "[error -1 ]", "AT\r" },
    { { .text = "AT+CEREG?", .info = "+CEREG:" }, "\r\n+CEREG: 0,1\r\n\r\nOK\r\n", 0, "[ok -1 +CEREG: 0,1]", "AT+CEREG?\r" },
    { { .text = "AT+CEREG?", .info = "+CEREG:" }, "\r\nSMS DONE\r\n\r\n+CEREG: 0,2\r\n\r\nPB DONE\r\n\r\nOK\r\n", 0,
        "(SMS DONE)(PB DONE)[ok -1 +CEREG: 0,2]", "AT+CEREG?\r" },

    /* final result and result line, in every order */
    { { .text = "AT+CMQTTSTART", .result = "+CMQTTSTART: ", .needs_result = true }, "\r\nOK\r\n\r\n+CMQTTSTART: 0\r\n", 0, "[ok 0 ]", "AT+CMQTTSTART\r" },
    { { .text = "AT+CMQTTSTART", .result = "+CMQTTSTART: ", .needs_result = true }, "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n", 0, "[ok 0 ]", "AT+CMQTTSTART\r" },
    { { .text = "AT+CMQTTSTART", .result = "+CMQTTSTART: ", .needs_result = true }, "\r\n+CMQTTSTART: 23\r\n\r\nERROR\r\n", 0, "[error 23 ]", "AT+CMQTTSTART\r" },
    { { .text = "AT+CMQTTSTART", .result = "+CMQTTSTART: ", .needs_result = true }, "\r\nERROR\r\n\r\n+CMQTTSTART: 7\r\n", 0, "[error 7 ]", "AT+CMQTTSTART\r" },
    { { .text = "AT+CMQTTACCQ=0,\"a\"", .result = "+CMQTTACCQ: 0," }, "\r\nOK\r\n", 0, "[ok -1 ]", "AT+CMQTTACCQ=0,\"a\"\r" },
    { { .text = "AT+CMQTTACCQ=0,\"a\"", .result = "+CMQTTACCQ: 0," }, "\r\n+CMQTTACCQ: 0,19\r\n\r\nERROR\r\n", 0, "[error 19 ]", "AT+CMQTTACCQ=0,\"a\"\r" },
    { { .text = "AT+CMQTTPUB=0,1,60", .result = "+CMQTTPUB: 0,", .needs_result = true },
        "\r\nOK\r\n\r\n+CMQTTPUB: 1,0\r\n\r\n+CMQTTCONNLOST: 0,1\r\n\r\n+CMQTTPUB: 0,6\r\n", 0,
        "(+CMQTTPUB: 1,0)(+CMQTTCONNLOST: 0,1)[ok 6 ]", "AT+CMQTTPUB=0,1,60\r" },
    { { .text = "AT+CMQTTPUB=0,1,60", .result = "+CMQTTPUB: 0,", .needs_result = true }, "\r\nOK\r\n\r\n+CMQTTPUB: 0,0x\r\n\r\n+CMQTTPUB: 0,0\r\n", 0,
        "(+CMQTTPUB: 0,0x)[ok 0 ]", "AT+CMQTTPUB=0,1,60\r" },

    /* data after the prompt only */
    { { .text = "AT+CMQTTTOPIC=0,5", .result = "+CMQTTTOPIC: 0,", DATA("a/b/c") }, "\r\n>\r\nOK\r\n", 0, "[ok -1 ]", "AT+CMQTTTOPIC=0,5\ra/b/c" },
    { { .text = "AT+CMQTTTOPIC=0,5", .result = "+CMQTTTOPIC: 0,", DATA("a/b/c") }, "\r\n> \r\nOK\r\n", 0, "[ok -1 ]", "AT+CMQTTTOPIC=0,5\ra/b/c" },
    { { .text = "AT+CMQTTTOPIC=0,5", .result = "+CMQTTTOPIC: 0,", DATA("a/b/c") }, "\r\n>a/b/c\r\nOK\r\n", 0, "(a/b/c)[ok -1 ]", "AT+CMQTTTOPIC=0,5\ra/b/c" },
    { { .text = "AT+CMQTTTOPIC=0,5", .result = "+CMQTTTOPIC: 0,", DATA("a/b/c") }, "\r\n+CREG: 1\r\n\r\n>\r\nOK\r\n", 0, "(+CREG: 1)[ok -1 ]", "AT+CMQTTTOPIC=0,5\ra/b/c" },
    { { .text = "AT+CMQTTTOPIC=0,5", .result = "+CMQTTTOPIC: 0,", DATA("a/b/c") }, "\r\n+CMQTTTOPIC: 0,11\r\n\r\nERROR\r\n", 0, "[error 11 ]", "AT+CMQTTTOPIC=0,5\r" },
    { { .text = "AT" }, "\r\n>\r\nOK\r\n", 0, "(>)[ok -1 ]", "AT\r" }, /* no prompt was due */

    /* messages, taken by count */
    { { 0 }, "\r\n+CMQTTRXSTART: 0,9,5\r\n\r\n+CMQTTRXTOPIC: 0,9\r\ndev-1/cmd\r\n+CMQTTRXPAYLOAD: 0,5\r\nhello\r\n+CMQTTRXEND: 0\r\n", 0, "{dev-1/cmd=hello}", "" },
    { { 0 }, "\r\n+CMQTTRXSTART: 0,1,0\r\n+CMQTTRXTOPIC: 0,1\r\na\r\n+CMQTTRXEND: 0\r\n", 0, "{a=}", "" },
    { { 0 }, "\r\n+CMQTTRXSTART: 0,4,5\r\n+CMQTTRXTOPIC: 0,2\r\nab\r\n+CMQTTRXTOPIC: 0,2\r\ncd\r\n+CMQTTRXPAYLOAD: 0,2\r\n12\r\n+CMQTTRXPAYLOAD: 0,3\r\n345\r\n+CMQTTRXEND: 0\r\n", 0,
        "{abcd=12345}", "" },
    { { 0 }, "\r\n+CMQTTRXSTART: 0,1,32\r\n+CMQTTRXTOPIC: 0,1\r\n>\r\n+CMQTTRXPAYLOAD: 0,32\r\n\r\nOK\r\n\r\nRDY\r\n>\r\n+CMQTTRXEND: 0\r\n\r\n+CMQTTRXEND: 0\r\n", 0,
        "{>=\r\nOK\r\n\r\nRDY\r\n>\r\n+CMQTTRXEND: 0\r\n}", "" },
    { { .text = "AT+CMQTTSUB=0,1,1", .result = "+CMQTTSUB: 0,", .needs_result = true, DATA("a") },
        "\r\n>\r\nOK\r\n\r\n+CMQTTRXSTART: 0,1,2\r\n+CMQTTRXTOPIC: 0,1\r\na\r\n+CMQTTRXPAYLOAD: 0,2\r\nOK\r\n+CMQTTRXEND: 0\r\n\r\n+CMQTTSUB: 0,0\r\n", 0,
        "{a=OK}[ok 0 ]", "AT+CMQTTSUB=0,1,1\ra" }, /* a retained message before the result */
    { { 0 }, "\r\n+CMQTTRXSTART: 0,1,1\r\n+CMQTTRXTOPIC: 0,7\r\na\r\n+CMQTTRXPAYLOAD: 0,1\r\nb\r\n+CMQTTRXEND: 0\r\n", 0,
        "(a)(+CMQTTRXPAYLOAD: 0,1)(b)(+CMQTTRXEND: 0)", "" }, /* a count above the total cannot be: no byte of it is taken */

    { { 0 }, "\r\nRDY\r\n\r\n+CPIN: READY\r\n\r\nOK\r\n", 0, "(RDY)(+CPIN: READY)", "" }, /* an OK of nobody */
    { { 0 }, "\0\0\r\nRDY\r\n", 9, "(RDY)", "" },
};

static void play(const struct dialogue *dialogue, size_t split, uint32_t gap, uint32_t start)
{
    struct at at;
    struct at_command command = dialogue->command;
    uint32_t now = start;
    size_t length = dialogue->length != 0 ? dialogue->length : strlen(dialogue->received);
    at_begin(&at, capture);
    written_length = 0;
    written[0] = events[0] = '\0';
    if (command.text != NULL) {
        command.limit_ms = 60000;
        at_send(&at, &command, now);
        CHECK(!at_idle(&at));
    }

    for (size_t i = 0; i < length; i++) {
        if (i == split || split == SIZE_MAX) {
            now += gap;
            note(&at, at_tick(&at, now));
        }

        note(&at, at_feed(&at, (uint8_t)dialogue->received[i], now));
    }

    CHECK_TEXT(events, dialogue->events);
    CHECK_TEXT(written, dialogue->written);
    CHECK(at_idle(&at));
}

static void dialogues_do_not_depend_on_the_pieces(void)
{
    for (size_t d = 0; d < sizeof dialogues / sizeof dialogues[0]; d++) {
        const struct dialogue *dialogue = &dialogues[d];
        size_t length = dialogue->length != 0 ? dialogue->length : strlen(dialogue->received);
        for (size_t split = 0; split <= length; split++) {
            play(dialogue, split, 250, 0);
            play(dialogue, split, 250, UINT32_MAX - 100); /* the clock wraps in the middle */
        }

        play(dialogue, SIZE_MAX, 5, 0);
    }
}

static void long_messages_are_counted_and_cut(void)
{
    struct at at;
    at_begin(&at, capture);
    events[0] = '\0';
    char head[64];
    snprintf(head, sizeof head, "\r\n+CMQTTRXSTART: 0,%d,10240\r\n+CMQTTRXTOPIC: 0,%d\r\n", AT_TOPIC_SIZE + 1, AT_TOPIC_SIZE + 1);
    enum at_event event = AT_NOTHING;
    for (const char *c = head; *c != '\0'; c++) {
        CHECK(at_feed(&at, (uint8_t)*c, 0) == AT_NOTHING);
    }

    for (int i = 0; i < AT_TOPIC_SIZE + 1; i++) {
        CHECK(at_feed(&at, 't', 0) == AT_NOTHING);
    }

    int left = 10240;
    while (left > 0) {
        int piece = left < 1500 ? left : 1500;
        snprintf(head, sizeof head, "\r\n+CMQTTRXPAYLOAD: 0,%d\r\n", piece);
        for (const char *c = head; *c != '\0'; c++) {
            CHECK(at_feed(&at, (uint8_t)*c, 0) == AT_NOTHING);
        }

        for (int i = 0; i < piece; i++) {
            CHECK(at_feed(&at, '\n', 0) == AT_NOTHING);
        }

        left -= piece;
    }

    for (const char *c = "\r\n+CMQTTRXEND: 0\r\n"; *c != '\0'; c++) {
        event = at_feed(&at, (uint8_t)*c, 0);
    }

    CHECK(event == AT_MESSAGE && at.message.topic_length == AT_TOPIC_SIZE + 1 && at.message.payload_length == 10240 && at.broken_messages == 0);
}

static enum at_event say(struct at *at, const char *text, uint32_t now)
{
    enum at_event last = AT_NOTHING;
    for (; *text != '\0'; text++) {
        enum at_event event = at_feed(at, (uint8_t)*text, now);
        last = event != AT_NOTHING ? event : last;
    }

    return last;
}

static void a_lost_byte_of_a_message_does_not_eat_what_follows_for_ever(void)
{
    struct at at;
    at_begin(&at, capture);
    CHECK(say(&at, "\r\n+CMQTTRXSTART: 0,3,0\r\n+CMQTTRXTOPIC: 0,3\r\na", 0) == AT_NOTHING);
    CHECK(at_tick(&at, 1000) == AT_NOTHING && at.broken_messages == 0);
    CHECK(at_tick(&at, 2000) == AT_NOTHING && at.broken_messages == 1);
    CHECK(say(&at, "\r\nRDY\r\n", 2000) == AT_URC);
}

static void a_message_without_all_its_parts_is_none(void)
{
    struct at at;
    at_begin(&at, capture);
    CHECK(say(&at, "\r\n+CMQTTRXSTART: 0,1,4\r\n+CMQTTRXTOPIC: 0,1\r\na\r\n+CMQTTRXPAYLOAD: 0,2\r\nxx\r\n+CMQTTRXEND: 0\r\n", 0) == AT_NOTHING);
    CHECK(at.broken_messages == 1);
}

static void error_alone_ends_a_command_too(void)
{
    struct at at;
    at_begin(&at, capture);
    at_send(&at, &(struct at_command){ .text = "AT+CMQTTSTART", .result = "+CMQTTSTART: ", .needs_result = true, .limit_ms = 120000 }, 0);
    CHECK(say(&at, "\r\nERROR\r\n", 10) == AT_NOTHING);
    CHECK(at_tick(&at, 309) == AT_NOTHING);
    CHECK(at_tick(&at, 310) == AT_DONE && at.outcome == AT_ERROR && at.code == -1);
}

static void after_silence_the_promise_is_kept_and_the_step_found(void)
{
    struct at at;
    at_begin(&at, capture);
    at_send(&at, &(struct at_command){ .text = "AT+CMQTTTOPIC=0,20", DATA("12345678901234567890"), .limit_ms = 5000 }, 0);
    CHECK(at_tick(&at, 4999) == AT_NOTHING);
    CHECK(at_tick(&at, 5000) == AT_DONE && at.outcome == AT_SILENT && at.timeouts == 1);

    written_length = 0;
    at_send(&at, &(struct at_command){ .text = "AT+CMQTTDISC=0,60", .result = "+CMQTTDISC: 0,", .needs_result = true, .limit_ms = 120000 }, 6000);
    CHECK_TEXT(written, "                    \r"); /* the twenty bytes, and an end of line in case nobody waited for them */
    CHECK(say(&at, "\r\nOK\r\n", 6100) == AT_NOTHING); /* of the topic, late */
    CHECK(at_tick(&at, 6299) == AT_NOTHING);
    CHECK(at_tick(&at, 6300) == AT_NOTHING);
    CHECK_TEXT(written, "                    \rAT+CMEE?\r");
    CHECK(say(&at, "\r\nOK\r\n", 6400) == AT_NOTHING); /* whose? not of the query: its answer is missing */
    CHECK(say(&at, "\r\n+CMEE: 2\r\n\r\nOK\r\n", 6500) == AT_NOTHING);
    CHECK_TEXT(written, "                    \rAT+CMEE?\rAT+CMQTTDISC=0,60\r");
    CHECK(say(&at, "\r\nOK\r\n\r\n+CMQTTDISC: 0,0\r\n", 6600) == AT_DONE && at.outcome == AT_OK && at.code == 0);
}

static void a_modem_that_says_nothing_is_not_waited_for(void)
{
    struct at at;
    at_begin(&at, capture);
    at_distrust(&at);
    written_length = 0;
    written[0] = '\0';
    at_send(&at, &(struct at_command){ .text = "AT", .limit_ms = 5000 }, 0);
    CHECK(written_length == 0);
    CHECK(at_tick(&at, 0) == AT_NOTHING);
    CHECK_TEXT(written, "AT+CMEE?\r");
    CHECK(at_tick(&at, 999) == AT_NOTHING && written_length == 9);
    CHECK(at_tick(&at, 1000) == AT_NOTHING && written_length == 9 + AT_DATA_LIMIT + 1); /* the query was taken for data, perhaps */
    uint32_t now = 1000;
    while (at_tick(&at, now) != AT_DONE) {
        now += 10;
        CHECK(now < 6000);
    }

    CHECK(at.outcome == AT_SILENT && strstr(written, "AT\r") == NULL); /* the command itself was never sent */
}

static void a_modem_that_never_stops_is_not_waited_for(void)
{
    struct at at;
    at_begin(&at, capture);
    at_distrust(&at);
    at_send(&at, &(struct at_command){ .text = "AT", .limit_ms = 5000 }, 0);
    uint32_t now = 0;
    while (at_tick(&at, now) != AT_DONE) {
        (void)at_feed(&at, 'x', now);
        now += 10;
        CHECK(now < 6000);
    }

    CHECK(at.outcome == AT_SILENT);
}

static void a_lost_connection_hurries_a_result_only(void)
{
    struct at at;
    at_begin(&at, capture);
    at_send(&at, &(struct at_command){ .text = "AT+CMQTTPUB=0,1,60", .result = "+CMQTTPUB: 0,", .needs_result = true, .limit_ms = 70000 }, 0);
    at_hurry(&at, 10, 2000);
    CHECK(at_tick(&at, 3000) == AT_NOTHING); /* OK is still to come */
    CHECK(say(&at, "\r\nOK\r\n", 3000) == AT_NOTHING);
    at_hurry(&at, 3000, 2000);
    at_hurry(&at, 4000, 2000); /* again: no new time */
    CHECK(at_tick(&at, 4999) == AT_NOTHING);
    CHECK(at_tick(&at, 5000) == AT_DONE && at.outcome == AT_SILENT);
}

static void half_a_command_is_not_sent(void)
{
    struct at at;
    char text[AT_COMMAND_SIZE + 1];
    memset(text, 'A', sizeof text);
    text[AT_COMMAND_SIZE] = '\0';
    at_begin(&at, capture);
    written_length = 0;
    at_send(&at, &(struct at_command){ .text = text, .limit_ms = 5000 }, 0);
    CHECK(written_length == 0);
    CHECK(at_tick(&at, 0) == AT_DONE && at.outcome == AT_SILENT);
}

static void noise_harms_nothing(void)
{
    static const char alphabet[] = "\r\n>+CMQTRXSAPYLODEN: 0,123 OKERROR\0\xFF";
    struct at at;
    uint32_t random = 12345;
    at_begin(&at, capture);
    for (uint32_t i = 0; i < 300000; i++) {
        random = random * 1664525u + 1013904223u;
        written_length = 0;
        (void)at_feed(&at, (uint8_t)alphabet[(random >> 16) % (sizeof alphabet - 1)], i);
        (void)at_tick(&at, i);
        if (at_idle(&at) && random >> 28 == 0) {
            at_send(&at, &(struct at_command){ .text = "AT+CMQTTTOPIC=0,5", DATA("a/b/c"), .limit_ms = 500 }, i);
        }
    }
}

int main(void)
{
    dialogues_do_not_depend_on_the_pieces();
    long_messages_are_counted_and_cut();
    a_lost_byte_of_a_message_does_not_eat_what_follows_for_ever();
    a_message_without_all_its_parts_is_none();
    error_alone_ends_a_command_too();
    after_silence_the_promise_is_kept_and_the_step_found();
    a_modem_that_says_nothing_is_not_waited_for();
    a_modem_that_never_stops_is_not_waited_for();
    a_lost_connection_hurries_a_result_only();
    half_a_command_is_not_sent();
    noise_harms_nothing();
    return 0;
}
