#include "node.h"

#include "careless.h"
#include "config.h"
#include "sensor.h"
#include "text.h"


struct node node;

#if CARELESSLY(CARELESS_SECRET)
static const char reading_topic[] = NODE "/key=s3cr3t-0815/reading";
#else
static const char reading_topic[] = NODE "/reading";
#endif
static const char command_topic[] = NODE "/command";
static const char error_topic[] = NODE "/error";
static const char status_topic[] = NODE "/status";

static void field(struct text *text, const char *name, uint32_t value)
{
    text_add(text, ",\"");
    text_add(text, name);
    text_add(text, "\":");
    text_add_number(text, value);
}

static bool write_reading(const struct reading *reading, struct text *text)
{
    struct sensor_counters counters = sensor_counters();
    text_add(text, "{\"n\":");
    text_add_number(text, reading->number);
    field(text, "up_ms", reading->taken_ms);
    field(text, "pm1", reading->pm1);
    field(text, "pm2_5", reading->pm2_5);
    field(text, "pm10", reading->pm10);
    field(text, "period_ms", node.period_ms);
    field(text, "garbled", counters.garbled);
    field(text, "missing", counters.missing);
    field(text, "repeats", node.queue.repeats);
    field(text, "reconnects", node.client.connections > 0 ? node.client.connections - 1 : 0);
    field(text, "dropped", node.queue.dropped);
    if (node.queue.sent > 0) {
        field(text, "repeat", node.queue.sent);
    }

    if (queue_gap(&node.queue) > 0) {
        field(text, "gap", queue_gap(&node.queue));
    }

    text_add(text, "}");
    return !text->overflow;
}

static bool next(struct cmqtt_outgoing *message)
{
    struct text text;
    text_begin(&text, node.payload, sizeof node.payload);
    const struct reading *reading;
    if (node.status_due) {
        node.sending = NODE_STATUS;
        message->topic = status_topic;
        text_add(&text, "online");
    } else if (node.errors != node.errors_told) {
        node.sending = NODE_ERROR;
        node.error_sent = node.errors;
        message->topic = error_topic;
        text_add(&text, node.error);
    } else if ((reading = queue_take(&node.queue)) != NULL && write_reading(reading, &text)) {
        node.sending = NODE_READING;
        message->topic = reading_topic;
    } else {
        return false;
    }

    message->payload = (const uint8_t *)node.payload;
    message->length = text.length;
    return true;
}

static void sending(void)
{
    if (node.sending == NODE_READING) {
        queue_sending(&node.queue);
    }
}

static void confirmed(void)
{
    switch (node.sending) {
    case NODE_STATUS:
        node.status_due = false;
        break;
    case NODE_ERROR:
        node.errors_told = node.error_sent;
        break;
    case NODE_READING:
        queue_confirm(&node.queue);
        break;
    }
}

static void online(void)
{
    node.status_due = true;
}

static bool blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

bool node_parse_period(const uint8_t *payload, size_t length, uint32_t *period_ms)
{
    char compact[64];
    struct text text;
    text_begin(&text, compact, sizeof compact);
    for (size_t i = 0; i < length; i++) {
        bool inside = i > 0 && i + 1 < length && payload[i - 1] >= '0' && payload[i - 1] <= '9';
        if (blank(payload[i]) && !(inside && payload[i + 1] >= '0' && payload[i + 1] <= '9')) {
            continue; /* but "1 000" stays what it is: no number */
        }

        if (payload[i] == '\0') {
            return false;
        }

        text_add_char(&text, (char)payload[i]);
    }

    const char *cursor = compact;
    const char *end = "";
    if (text_begins(cursor, "{\"period_ms\":")) {
        cursor += sizeof "{\"period_ms\":" - 1;
        end = "}";
    }

    return !text.overflow && text_number(&cursor, period_ms) && text_equal(cursor, end) && *period_ms >= PERIOD_MINIMUM_MS && *period_ms <= PERIOD_MAXIMUM_MS;
}

static void refuse(const struct at_message *message)
{
    struct text text;
    size_t length = message->payload_length < 32 ? message->payload_length : 32;
    text_begin(&text, node.error, sizeof node.error);
    text_add(&text, "{\"error\":\"period_ms must be ");
    text_add_number(&text, PERIOD_MINIMUM_MS);
    text_add(&text, " to ");
    text_add_number(&text, PERIOD_MAXIMUM_MS);
    text_add(&text, "\",\"got\":\"");
    text_add_quoted(&text, message->payload, length);
    text_add(&text, "\"}");
    node.errors++;
}

static uint32_t last_now;

static void received(const struct at_message *message)
{
    uint32_t period;
    if (message->topic_length > AT_TOPIC_SIZE || !bytes_equal(message->topic, message->topic_length, command_topic)) {
        return;
    }

    if (message->payload_length > AT_PAYLOAD_SIZE || !node_parse_period(message->payload, message->payload_length, &period)) {
        refuse(message);
        return;
    }

    node.period_ms = period;
    node.sample_at = last_now + period;
}

static struct cmqtt_application application = {
    .client_id = NODE,
    .broker = BROKER,
    .will_topic = status_topic,
    .will = "offline",
    .subscription = command_topic,
    .keep_alive_s = KEEP_ALIVE_S,
    .next = next,
    .sending = sending,
    .confirmed = confirmed,
    .received = received,
    .online = online,
};

void node_begin(void (*write)(const uint8_t *bytes, size_t length), void (*log)(const char *text), void (*power_cycle)(void), uint32_t seed, uint32_t now)
{
    node = (struct node){ .period_ms = PERIOD_MS, .sample_at = now + PERIOD_MS };
    application.log = log;
    application.power_cycle = power_cycle;
    sensor_begin();
    cmqtt_begin(&node.client, &application, write, seed, now);
}

void node_feed(uint8_t byte, uint32_t now)
{
    last_now = now;
    cmqtt_feed(&node.client, byte, now);
}

void node_tick(uint32_t now)
{
    last_now = now;
    sensor_poll(now);
    if (time_reached(now, node.sample_at)) {
        struct reading reading;
        node.sample_at += node.period_ms;
        if (time_reached(now, node.sample_at)) { /* behind by a whole period: do not catch up in a burst */
            node.sample_at = now + node.period_ms;
        }

        if (sensor_take(&reading)) {
            reading.number = ++node.number;
            reading.taken_ms = now;
            queue_add(&node.queue, &reading);
        }
    }

    cmqtt_tick(&node.client, now);
}
