/*
 * AT engine for a SIM7600: bytes in, one event at a time out. It never waits: the main loop feeds received bytes and the time.
 *
 * - One command at a time. A command is over when its final result and, where it has one, its result line (+CMQTTPUB: 0,0) have come, in either order.
 * - Data goes out after '>' only, and always as many bytes as were promised.
 * - +CMQTTRXTOPIC and +CMQTTRXPAYLOAD are taken by count: they may hold CR LF, "OK" or '>'.
 * - Every wait ends. After a command that had no answer, the promised count is completed and an AT+CMEE? is answered before anything else is sent.
 */
#ifndef AT_H
#define AT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AT_LINE_SIZE 128
#define AT_COMMAND_SIZE 256
#define AT_TOPIC_SIZE 96
#define AT_PAYLOAD_SIZE 128
#define AT_DATA_LIMIT 512 /* the most that a command of this firmware promises */

enum at_event {
    AT_NOTHING,
    AT_DONE,    /* the command is over: see outcome, code, info */
    AT_URC,     /* a line that belongs to no command: see line */
    AT_MESSAGE, /* a whole MQTT message: see message */
};

enum at_outcome {
    AT_OK,
    AT_ERROR,
    AT_SILENT, /* no answer in time: it may or may not have been carried out */
};

struct at_command {
    const char *text;      /* without CR; copied */
    const uint8_t *data;   /* what follows '>', or NULL; must live until the command is done */
    size_t data_length;    /* 1 to AT_DATA_LIMIT with data */
    const char *result;    /* how the result line begins, its number follows: "+CMQTTPUB: 0,"; or NULL */
    bool needs_result;     /* OK alone is not the end */
    const char *info;      /* how the line that is asked for begins, or NULL */
    uint32_t limit_ms;     /* for all of it */
};

struct at_message {
    uint8_t topic[AT_TOPIC_SIZE];
    uint8_t payload[AT_PAYLOAD_SIZE];
    size_t topic_length;   /* as sent; may be more than was kept */
    size_t payload_length; /* as sent; may be more than was kept */
};

struct at {
    void (*write)(const uint8_t *bytes, size_t length);

    /* of the last event */
    enum at_outcome outcome;
    int code;                  /* of the result line; -1: there was none */
    char info[AT_LINE_SIZE];   /* the line that was asked for; empty: there was none */
    char line[AT_LINE_SIZE];
    struct at_message message;

    /* counters */
    uint32_t timeouts;
    uint32_t broken_messages;  /* messages of which bytes were missing */

    /* the command */
    enum at_phase { AT_IDLE, AT_STEP_QUIET, AT_STEP_QUERY, AT_WAIT_PROMPT, AT_WAIT_FINAL, AT_WAIT_RESULT, AT_WAIT_LATE_RESULT } phase;
    struct at_command command;
    char text[AT_COMMAND_SIZE];
    uint32_t deadline;
    uint32_t quiet_at;
    uint32_t step_until;
    bool final_seen;
    bool step_answered;
    bool out_of_step;
    size_t owed;               /* data bytes for which the modem still waits, unless it did not hear the command */
    size_t perhaps_owed;       /* the same of a time before this side started: given only when it does not answer */

    /* the line that is being received */
    char input[AT_LINE_SIZE];
    size_t input_length;

    /* the message that is being received */
    enum { AT_NO_PART, AT_TOPIC_PART, AT_PAYLOAD_PART } part;
    bool in_message;
    size_t part_left;
    size_t topic_left;
    size_t payload_left;
    uint32_t counted_at;       /* when its last byte came */
};

void at_begin(struct at *at, void (*write)(const uint8_t *bytes, size_t length));

/* Whether a command may be sent. */
static inline bool at_idle(const struct at *at) { return at->phase == AT_IDLE; }

/* Sends a command. Only when at_idle(). */
void at_send(struct at *at, const struct at_command *command, uint32_t now);

/* Before the next command, get in step first: the modem may be in the middle of anything, as after a restart of this side. */
void at_distrust(struct at *at);

/* The modem has restarted: whatever was running is gone. */
void at_abort(struct at *at);

/* The connection is gone: a result line that is still awaited has this long to come, no longer. */
void at_hurry(struct at *at, uint32_t now, uint32_t limit_ms);

enum at_event at_feed(struct at *at, uint8_t byte, uint32_t now);
enum at_event at_tick(struct at *at, uint32_t now);

/* Times wrap after 49 days; differences do not mind. */
static inline bool time_reached(uint32_t now, uint32_t when) { return (int32_t)(now - when) >= 0; }

#endif
