#include "at.h"

#include "careless.h"
#include "text.h"

#define QUIET_MS 200u         /* this long nothing: a late answer is over */
#define STEP_LIMIT_MS 3000u   /* to get in step */
#define STEP_QUERY_MS 1000u
#define LATE_RESULT_MS 300u   /* ERROR may come before its result line, or without one */
#define LATE_FINAL_MS 2000u   /* a result line came first: the final result is due */
#define COUNTED_GAP_MS 2000u  /* within a counted part: the rest is lost */

static const char step_query[] = "AT+CMEE?\r";
static const char step_answer[] = "+CMEE:";

void at_begin(struct at *at, void (*write)(const uint8_t *bytes, size_t length))
{
    *at = (struct at){ .write = write, .code = -1 };
}

void at_distrust(struct at *at)
{
    at->out_of_step = true;
    at->perhaps_owed = AT_DATA_LIMIT;
}

void at_abort(struct at *at)
{
    at->phase = AT_IDLE;
    at->in_message = false;
    at->part = AT_NO_PART;
    at->part_left = 0;
    at->out_of_step = false;
    at->owed = at->perhaps_owed = 0;
}

void at_hurry(struct at *at, uint32_t now, uint32_t limit_ms)
{
    if (at->phase == AT_WAIT_RESULT && !time_reached(now + limit_ms, at->deadline)) {
        at->deadline = now + limit_ms;
    }
}

static void write_text(struct at *at, const char *text)
{
    at->write((const uint8_t *)text, text_length(text));
}

static void write_data(struct at *at)
{
    size_t length = at->command.data_length;
    if (CARELESSLY(CARELESS_WRONG_LENGTH) && length > 2 && text_begins(at->text, "AT+CMQTTPAYLOAD")) {
        length -= 2;
    }

    at->write(at->command.data, length);
}

static enum at_event done(struct at *at, enum at_outcome outcome)
{
    at->phase = AT_IDLE;
    at->outcome = outcome;
    return AT_DONE;
}

static void transmit(struct at *at, uint32_t now)
{
    at->deadline = now + at->command.limit_ms;
    at->phase = at->command.data == NULL ? AT_WAIT_FINAL : AT_WAIT_PROMPT;
    write_text(at, at->text);
    write_text(at, "\r");
    if (CARELESSLY(CARELESS_NO_PROMPT) && at->phase == AT_WAIT_PROMPT) {
        write_data(at);
        at->phase = AT_WAIT_FINAL;
    }

    if (CARELESSLY(CARELESS_NO_FINAL)) {
        at->deadline = now + 20;
    }
}

static void fill_owed(struct at *at, uint32_t now)
{
    /* A modem that waits for data takes blanks as data, and one that does not as an empty line. */
    static const uint8_t blanks[16] = "                ";
    while (at->owed > 0) {
        size_t length = at->owed < sizeof blanks ? at->owed : sizeof blanks;
        at->write(blanks, length);
        at->owed -= length;
    }

    write_text(at, "\r");
    at->quiet_at = now + QUIET_MS;
}

void at_send(struct at *at, const struct at_command *command, uint32_t now)
{
    struct text text;
    at->command = *command;
    text_begin(&text, at->text, sizeof at->text);
    text_add(&text, command->text);
    at->code = -1;
    at->info[0] = '\0';
    at->final_seen = false;
    if (text.overflow) { /* half a command is worse than none */
        at->deadline = now;
        at->phase = AT_WAIT_FINAL;
        return;
    }

    if (at->out_of_step) {
        at->quiet_at = now;
        at->step_until = now + STEP_LIMIT_MS;
        at->phase = AT_STEP_QUIET;
        if (at->owed > 0) {
            fill_owed(at, now);
        }

        return;
    }

    transmit(at, now);
}

static bool final_result(const char *line, enum at_outcome *outcome)
{
    if (text_equal(line, "OK")) {
        *outcome = AT_OK;
        return true;
    }

    if (text_equal(line, "ERROR") || text_begins(line, "+CME ERROR:") || text_begins(line, "+CMS ERROR:")) {
        *outcome = AT_ERROR;
        return true;
    }

    return false;
}

static void copy_line(char *to, const char *from)
{
    struct text text;
    text_begin(&text, to, AT_LINE_SIZE);
    text_add(&text, from);
}

/* Two numbers after a prefix: "+CMQTTRXTOPIC: 0,9". */
static bool header(const char *line, const char *prefix, uint32_t *count, uint32_t *second)
{
    uint32_t client;
    const char *cursor = line + text_length(prefix);
    if (!text_begins(line, prefix) || !text_number(&cursor, &client) || *cursor++ != ',' || !text_number(&cursor, count)) {
        return false;
    }

    if (second != NULL && (*cursor++ != ',' || !text_number(&cursor, second))) {
        return false;
    }

    return *cursor == '\0';
}

static void break_message(struct at *at)
{
    at->broken_messages++;
    at->in_message = false;
    at->part = AT_NO_PART;
    at->part_left = 0;
}

/* Lines of a message. True: the line was one. */
static bool message_line(struct at *at, const char *line, uint32_t now, enum at_event *event)
{
    uint32_t count;
    uint32_t second;
    if (header(line, "+CMQTTRXSTART: ", &count, &second)) {
        if (at->in_message) {
            break_message(at);
        }

        at->in_message = true;
        at->message.topic_length = at->message.payload_length = 0;
        at->topic_left = count;
        at->payload_left = second;
        return true;
    }

    if (!at->in_message) {
        return false;
    }

    bool topic = header(line, "+CMQTTRXTOPIC: ", &count, NULL);
    if (topic || header(line, "+CMQTTRXPAYLOAD: ", &count, NULL)) {
        size_t *left = topic ? &at->topic_left : &at->payload_left;
        if (count > *left) { /* more than was announced: a digit was garbled */
            break_message(at);
            return true;
        }

        *left -= count;
        at->part = count == 0 ? AT_NO_PART : topic ? AT_TOPIC_PART : AT_PAYLOAD_PART;
        at->part_left = count;
        at->counted_at = now;
        return true;
    }

    if (text_begins(line, "+CMQTTRXEND:")) {
        if (at->topic_left != 0 || at->payload_left != 0) {
            break_message(at);
        } else {
            at->in_message = false;
            *event = AT_MESSAGE;
        }

        return true;
    }

    return false;
}

static enum at_event after_final(struct at *at, enum at_outcome outcome, uint32_t now)
{
    at->final_seen = true;
    at->outcome = outcome;
    at->owed = 0;
    if (outcome == AT_ERROR && at->command.result != NULL && at->code < 0) {
        at->phase = AT_WAIT_LATE_RESULT;
        at->deadline = now + LATE_RESULT_MS;
        return AT_NOTHING;
    }

    if (outcome == AT_OK && at->command.needs_result && at->code < 0 && !CARELESSLY(CARELESS_NO_RESULT)) {
        at->phase = AT_WAIT_RESULT;
        return AT_NOTHING;
    }

    return done(at, outcome);
}

static enum at_event command_line(struct at *at, const char *line, uint32_t now)
{
    enum at_outcome outcome;
    if (at->phase == AT_STEP_QUIET || at->phase == AT_STEP_QUERY) {
        if (at->phase == AT_STEP_QUERY && text_begins(line, step_answer)) {
            at->step_answered = true;
            return AT_NOTHING;
        }

        if (final_result(line, &outcome)) {
            if (at->phase == AT_STEP_QUERY && at->step_answered && outcome == AT_OK) {
                at->out_of_step = false;
                at->perhaps_owed = 0;
                transmit(at, now);
            }

            return AT_NOTHING; /* else it is late and belongs to nobody */
        }
    } else if (at->phase != AT_IDLE) {
        if (final_result(line, &outcome)) {
            return at->final_seen ? AT_NOTHING : after_final(at, outcome, now);
        }

        const char *cursor;
        uint32_t code;
        if (at->command.result != NULL && at->code < 0 && text_begins(line, at->command.result)) {
            cursor = line + text_length(at->command.result);
            if (text_number(&cursor, &code) && *cursor == '\0' && code < 1000) {
                at->code = (int)code;
                if (at->final_seen) {
                    return done(at, at->outcome);
                }

                if (!time_reached(now + LATE_FINAL_MS, at->deadline)) {
                    at->deadline = now + LATE_FINAL_MS;
                }

                return AT_NOTHING;
            }
        }

        if (at->command.info != NULL && text_begins(line, at->command.info)) {
            copy_line(at->info, line);
            return AT_NOTHING;
        }
    } else if (final_result(line, &outcome)) {
        return AT_NOTHING; /* nobody asked */
    }

    copy_line(at->line, line);
    return AT_URC;
}

static enum at_event end_of_line(struct at *at, uint32_t now)
{
    char *line = at->input;
    while (at->input_length > 0 && (line[at->input_length - 1] == '\r' || line[at->input_length - 1] == ' ')) {
        at->input_length--;
    }

    line[at->input_length] = '\0';
    while (*line == '\r' || *line == ' ') {
        line++;
    }

    at->input_length = 0;
    if (*line == '\0') {
        return AT_NOTHING;
    }

    enum at_event event = AT_NOTHING;
    return message_line(at, line, now, &event) ? event : command_line(at, line, now);
}

static void counted_byte(struct at *at, uint8_t byte, uint32_t now)
{
    if (at->part == AT_TOPIC_PART) {
        if (at->message.topic_length < AT_TOPIC_SIZE) {
            at->message.topic[at->message.topic_length] = byte;
        }

        at->message.topic_length++;
    } else {
        if (at->message.payload_length < AT_PAYLOAD_SIZE) {
            at->message.payload[at->message.payload_length] = byte;
        }

        at->message.payload_length++;
    }

    at->counted_at = now;
    if (--at->part_left == 0) {
        at->part = AT_NO_PART;
    }
}

enum at_event at_feed(struct at *at, uint8_t byte, uint32_t now)
{
    if (at->phase == AT_STEP_QUIET) {
        at->quiet_at = now + QUIET_MS;
    }

    if (at->part != AT_NO_PART) {
        counted_byte(at, byte, now);
        return AT_NOTHING;
    }

    if (byte == '\n') {
        return end_of_line(at, now);
    }

    if (byte == '>' && at->input_length == 0 && at->phase == AT_WAIT_PROMPT) {
        at->owed = 0;
        write_data(at);
        at->owed = at->command.data_length; /* until OK tells that all of it arrived */
        at->phase = AT_WAIT_FINAL;
        return AT_NOTHING;
    }

    if (byte == '\0' || (at->input_length == 0 && (byte == '\r' || byte == ' '))) {
        return AT_NOTHING;
    }

    if (at->input_length < sizeof at->input - 1) { /* of a longer line the beginning tells what it is */
        at->input[at->input_length++] = (char)byte;
    }

    return AT_NOTHING;
}

static enum at_event silent(struct at *at)
{
    at->timeouts++;
    at->out_of_step = !CARELESSLY(CARELESS_EARLY | CARELESS_NO_FINAL);
    at->owed = at->command.data == NULL ? at->owed : at->command.data_length;
    return done(at, AT_SILENT);
}

enum at_event at_tick(struct at *at, uint32_t now)
{
    if (at->part != AT_NO_PART && time_reached(now, at->counted_at + COUNTED_GAP_MS)) {
        break_message(at);
    }

    switch (at->phase) {
    case AT_IDLE:
        return AT_NOTHING;

    case AT_STEP_QUIET:
        if (time_reached(now, at->step_until)) {
            return silent(at);
        }

        if (time_reached(now, at->quiet_at)) {
            at->step_answered = false;
            at->phase = AT_STEP_QUERY;
            at->deadline = now + STEP_QUERY_MS;
            write_text(at, step_query);
        }

        return AT_NOTHING;

    case AT_STEP_QUERY:
        if (time_reached(now, at->deadline)) {
            if (time_reached(now, at->step_until)) {
                return silent(at);
            }

            at->quiet_at = now + QUIET_MS;
            at->phase = AT_STEP_QUIET;
            if (at->perhaps_owed > 0) {
                at->owed = at->perhaps_owed;
                at->perhaps_owed = 0;
                fill_owed(at, now);
            }
        }

        return AT_NOTHING;

    case AT_WAIT_LATE_RESULT:
        return time_reached(now, at->deadline) ? done(at, AT_ERROR) : AT_NOTHING;

    default:
        if (!time_reached(now, at->deadline)) {
            return AT_NOTHING;
        }

        if (CARELESSLY(CARELESS_NO_FINAL)) {
            return done(at, AT_OK);
        }

        return silent(at);
    }
}
