#include "cmqtt.h"

#include "careless.h"
#include "text.h"

#define SEARCH_MS 2000u
#define SEARCHES_BEFORE_RESET 90u     /* three minutes */
#define BOOT_MS 40000u                /* PB DONE is due 10 to 30 s after a reset */
#define BUSY_MS 1000u
#define BUSY_LIMIT 5u
#define PROBES_BEFORE_POWER 20u       /* about a minute */
#define BACKOFF_FIRST_MS 1000u
#define BACKOFF_LIMIT_MS 60000u
#define FAILURES_BEFORE_SERVICE 3u
#define FAILURES_BEFORE_RESET 8u
#define AFTER_LOSS_MS 2000u           /* for a result line that the lost connection will hardly bring */

#define SHORT_MS 5000u
#define NETWORK_MS 125000u            /* the manual says 120 s for START, CONNECT, SUB, PUB, DISC, REL */
#define PUBLISH_MS 70000u             /* its own limit, 60 s, and a margin */

static struct text command_text;
static char command_buffer[AT_COMMAND_SIZE];

static void add(const char *string) { text_add(&command_text, string); }
static void number(size_t value) { text_add_number(&command_text, (uint32_t)value); }

static void send(struct cmqtt *client, uint32_t now, struct at_command command)
{
    command.text = command_buffer;
    at_send(&client->at, &command, now);
}

static void send_plain(struct cmqtt *client, uint32_t now, const char *text, const char *result, bool needs_result, uint32_t limit_ms)
{
    add(text);
    send(client, now, (struct at_command){ .result = result, .needs_result = needs_result, .limit_ms = limit_ms });
}

static void send_data(struct cmqtt *client, uint32_t now, const char *result, bool needs_result, const uint8_t *data, size_t length, uint32_t limit_ms)
{
    send(client, now, (struct at_command){ .data = data, .data_length = length, .result = result, .needs_result = needs_result, .limit_ms = limit_ms });
}

/* What a state does when it is entered. */

static void enter_probe(struct cmqtt *client, uint32_t now)
{
    if (CARELESSLY(CARELESS_EARLY)) {
        send_plain(client, now, "AT", NULL, false, 1);
        return;
    }

    if (++client->probes % PROBES_BEFORE_POWER == 0 && client->application->power_cycle != NULL) {
        client->application->power_cycle();
    }

    at_distrust(&client->at);
    send_plain(client, now, "AT", NULL, false, SHORT_MS);
}

static void enter_echo(struct cmqtt *client, uint32_t now)
{
    client->probes = 0;
    send_plain(client, now, "ATE0", NULL, false, SHORT_MS);
}

static void enter_register(struct cmqtt *client, uint32_t now)
{
    bool lte = client->searches++ % 2 == 0; /* either will do: LTE, or packet service on 2G and 3G */
    add(lte ? "AT+CEREG?" : "AT+CGREG?");
    send(client, now, (struct at_command){ .info = lte ? "+CEREG:" : "+CGREG:", .limit_ms = SHORT_MS });
}

static void enter_start(struct cmqtt *client, uint32_t now)
{
    client->searches = 0;
    client->lost = client->no_network = client->service_needed = false;
    send_plain(client, now, "AT+CMQTTSTART", "+CMQTTSTART: ", true, NETWORK_MS);
}

static void enter_acquire(struct cmqtt *client, uint32_t now)
{
    add("AT+CMQTTACCQ=0,\"");
    add(client->application->client_id);
    send_plain(client, now, "\",0", "+CMQTTACCQ: 0,", false, SHORT_MS);
}

static void enter_will_topic(struct cmqtt *client, uint32_t now)
{
    const char *topic = client->application->will_topic;
    add("AT+CMQTTWILLTOPIC=0,");
    number(text_length(topic));
    send_data(client, now, "+CMQTTWILLTOPIC: 0,", false, (const uint8_t *)topic, text_length(topic), SHORT_MS);
}

static void enter_will_message(struct cmqtt *client, uint32_t now)
{
    const char *will = client->application->will;
    add("AT+CMQTTWILLMSG=0,");
    number(text_length(will));
    add(",1");
    send_data(client, now, "+CMQTTWILLMSG: 0,", false, (const uint8_t *)will, text_length(will), SHORT_MS);
}

static void enter_connect(struct cmqtt *client, uint32_t now)
{
    const struct cmqtt_application *application = client->application;
    client->lost = false;
    add("AT+CMQTTCONNECT=0,\"");
    add(application->broker);
    add("\",");
    number(application->keep_alive_s);
    add(",1");
    if (application->user != NULL) {
        add(",\"");
        add(application->user);
        add("\",\"");
        add(application->password == NULL ? "" : application->password);
        add("\"");
    }

    send_plain(client, now, "", "+CMQTTCONNECT: 0,", true, NETWORK_MS);
}

static void enter_subscribe(struct cmqtt *client, uint32_t now)
{
    const char *topic = client->application->subscription;
    add("AT+CMQTTSUB=0,");
    number(text_length(topic));
    add(",1");
    send_data(client, now, "+CMQTTSUB: 0,", true, (const uint8_t *)topic, text_length(topic), NETWORK_MS);
}

static void enter_topic(struct cmqtt *client, uint32_t now)
{
    add("AT+CMQTTTOPIC=0,");
    number(text_length(client->outgoing.topic));
    send_data(client, now, "+CMQTTTOPIC: 0,", false, (const uint8_t *)client->outgoing.topic, text_length(client->outgoing.topic), SHORT_MS);
}

static void enter_payload(struct cmqtt *client, uint32_t now)
{
    add("AT+CMQTTPAYLOAD=0,");
    number(client->outgoing.length);
    send_data(client, now, "+CMQTTPAYLOAD: 0,", false, client->outgoing.payload, client->outgoing.length, SHORT_MS);
}

static void enter_publish(struct cmqtt *client, uint32_t now)
{
    client->application->sending();
    send_plain(client, now, "AT+CMQTTPUB=0,1,60", "+CMQTTPUB: 0,", true, PUBLISH_MS);
}

static void enter_disconnect(struct cmqtt *client, uint32_t now)
{
    send_plain(client, now, "AT+CMQTTDISC=0,60", "+CMQTTDISC: 0,", true, NETWORK_MS);
}

static void enter_release(struct cmqtt *client, uint32_t now)
{
    send_plain(client, now, "AT+CMQTTREL=0", "+CMQTTREL: 0,", false, NETWORK_MS);
}

static void enter_stop(struct cmqtt *client, uint32_t now)
{
    send_plain(client, now, "AT+CMQTTSTOP", "+CMQTTSTOP: ", true, NETWORK_MS);
}

static void enter_reset(struct cmqtt *client, uint32_t now)
{
    client->resets++;
    client->failures = 0;
    send_plain(client, now, "AT+CRESET", NULL, false, SHORT_MS);
}

static void enter_backoff(struct cmqtt *client, uint32_t now)
{
    uint32_t delay = BACKOFF_FIRST_MS;
    for (uint32_t i = 0; i < client->failures && delay < BACKOFF_LIMIT_MS; i++) {
        delay *= 2;
    }

    if (delay > BACKOFF_LIMIT_MS) {
        delay = BACKOFF_LIMIT_MS;
    }

    client->random ^= client->random << 13; /* xorshift: a thousand nodes must not come back at the same moment */
    client->random ^= client->random >> 17;
    client->random ^= client->random << 5;
    client->failures++;
    client->busy = 0;
    client->lost = false;
    client->timer_runs = true;
    client->timer = now + delay / 2 + client->random % delay;
}

struct state_row {
    const char *name;
    void (*enter)(struct cmqtt *client, uint32_t now);
    uint32_t limit_ms; /* then CMQTT_TIME; 0: never */
};

static const struct state_row states[CMQTT_STATES] = {
    [CMQTT_PROBE] = { "probe", enter_probe, 0 },
    [CMQTT_BOOT] = { "boot", NULL, BOOT_MS },
    [CMQTT_ECHO] = { "echo", enter_echo, 0 },
    [CMQTT_REGISTER] = { "register", enter_register, 0 },
    [CMQTT_SEARCH] = { "search", NULL, SEARCH_MS },
    [CMQTT_START] = { "start", enter_start, 0 },
    [CMQTT_ACQUIRE] = { "acquire", enter_acquire, 0 },
    [CMQTT_WILL_TOPIC] = { "will topic", enter_will_topic, 0 },
    [CMQTT_WILL_MESSAGE] = { "will message", enter_will_message, 0 },
    [CMQTT_CONNECT] = { "connect", enter_connect, 0 },
    [CMQTT_SUBSCRIBE] = { "subscribe", enter_subscribe, 0 },
    [CMQTT_ONLINE] = { "online", NULL, 0 },
    [CMQTT_TOPIC] = { "topic", enter_topic, 0 },
    [CMQTT_PAYLOAD] = { "payload", enter_payload, 0 },
    [CMQTT_PUBLISH] = { "publish", enter_publish, 0 },
    [CMQTT_BUSY] = { "busy", NULL, BUSY_MS },
    [CMQTT_BACKOFF] = { "back-off", enter_backoff, 0 },
    [CMQTT_RECONNECT] = { "reconnect", enter_disconnect, 0 },
    [CMQTT_DISCONNECT] = { "disconnect", enter_disconnect, 0 },
    [CMQTT_RELEASE] = { "release", enter_release, 0 },
    [CMQTT_STOP] = { "stop", enter_stop, 0 },
    [CMQTT_RESET] = { "reset", enter_reset, 0 },
};

/* What an event does beside leading to the next state. */

static void subscribed(struct cmqtt *client)
{
    client->connections++;
    client->application->online();
}

static void confirmed(struct cmqtt *client)
{
    client->failures = client->busy = 0;
    client->application->confirmed();
}

/* What was sent last may still be carried out, or the service is gone: begin with a service that was stopped. */
static void from_service(struct cmqtt *client)
{
    client->no_network = false;
    client->service_needed = true;
}

struct transition {
    enum cmqtt_state from; /* CMQTT_STATES: any */
    enum cmqtt_event on;
    void (*action)(struct cmqtt *client);
    enum cmqtt_state to;
};

#define ANY CMQTT_STATES

/* The first row that fits counts; an event without a row is ignored. */
static const struct transition transitions[] = {
    { ANY, CMQTT_BOOTED, NULL, CMQTT_BOOT },

    { CMQTT_PROBE, CMQTT_OK, NULL, CMQTT_ECHO },
    { CMQTT_PROBE, CMQTT_REFUSED, NULL, CMQTT_PROBE },
    { CMQTT_PROBE, CMQTT_SILENT, NULL, CMQTT_PROBE },
    { CMQTT_BOOT, CMQTT_READY, NULL, CMQTT_ECHO },
    { CMQTT_BOOT, CMQTT_TIME, NULL, CMQTT_PROBE },
    { CMQTT_ECHO, CMQTT_OK, NULL, CMQTT_REGISTER },

    { CMQTT_REGISTER, CMQTT_OK, NULL, CMQTT_START },
    { CMQTT_REGISTER, CMQTT_REFUSED, NULL, CMQTT_SEARCH },
    { CMQTT_SEARCH, CMQTT_TIME, NULL, CMQTT_REGISTER },
    { CMQTT_SEARCH, CMQTT_TRY_RESET, NULL, CMQTT_RESET },

    { CMQTT_START, CMQTT_OK, NULL, CMQTT_ACQUIRE },
    { CMQTT_START, CMQTT_ALREADY, NULL, CMQTT_ACQUIRE },
    { CMQTT_ACQUIRE, CMQTT_OK, NULL, CMQTT_WILL_TOPIC },
    { CMQTT_ACQUIRE, CMQTT_ALREADY, NULL, CMQTT_WILL_TOPIC },
    { CMQTT_WILL_TOPIC, CMQTT_OK, NULL, CMQTT_WILL_MESSAGE },
    { CMQTT_WILL_TOPIC, CMQTT_ALREADY, NULL, CMQTT_CONNECT },
    { CMQTT_WILL_MESSAGE, CMQTT_OK, NULL, CMQTT_CONNECT },
    { CMQTT_CONNECT, CMQTT_OK, NULL, CMQTT_SUBSCRIBE },
    { CMQTT_CONNECT, CMQTT_ALREADY, NULL, CMQTT_SUBSCRIBE },
    { CMQTT_SUBSCRIBE, CMQTT_OK, subscribed, CMQTT_ONLINE },

    { CMQTT_ONLINE, CMQTT_WORK, NULL, CMQTT_TOPIC },
    { CMQTT_TOPIC, CMQTT_OK, NULL, CMQTT_PAYLOAD },
    { CMQTT_TOPIC, CMQTT_IS_BUSY, NULL, CMQTT_BUSY },
    { CMQTT_PAYLOAD, CMQTT_OK, NULL, CMQTT_PUBLISH },
    { CMQTT_PAYLOAD, CMQTT_IS_BUSY, NULL, CMQTT_BUSY },
    { CMQTT_PUBLISH, CMQTT_OK, confirmed, CMQTT_ONLINE },
    { CMQTT_PUBLISH, CMQTT_IS_BUSY, NULL, CMQTT_BUSY },
    { CMQTT_BUSY, CMQTT_TIME, NULL, CMQTT_ONLINE },

    { CMQTT_BACKOFF, CMQTT_TRY_CONNECT, NULL, CMQTT_RECONNECT },
    { CMQTT_BACKOFF, CMQTT_TRY_SERVICE, NULL, CMQTT_DISCONNECT },
    { CMQTT_BACKOFF, CMQTT_TRY_RESET, NULL, CMQTT_RESET },
    { CMQTT_BACKOFF, CMQTT_READY, NULL, CMQTT_ECHO }, /* a boot whose RDY was lost */
    { CMQTT_RECONNECT, CMQTT_OK, NULL, CMQTT_WILL_TOPIC },
    { CMQTT_RECONNECT, CMQTT_REFUSED, NULL, CMQTT_WILL_TOPIC }, /* 11: it was not connected any more */
    { CMQTT_DISCONNECT, CMQTT_OK, NULL, CMQTT_RELEASE },
    { CMQTT_DISCONNECT, CMQTT_REFUSED, NULL, CMQTT_RELEASE },
    { CMQTT_RELEASE, CMQTT_OK, NULL, CMQTT_STOP },
    { CMQTT_RELEASE, CMQTT_REFUSED, NULL, CMQTT_STOP },
    { CMQTT_STOP, CMQTT_OK, NULL, CMQTT_ECHO },
    { CMQTT_STOP, CMQTT_REFUSED, NULL, CMQTT_ECHO },
    { CMQTT_RESET, CMQTT_OK, NULL, CMQTT_BOOT },
    { CMQTT_RESET, CMQTT_REFUSED, NULL, CMQTT_PROBE },
    { CMQTT_RESET, CMQTT_SILENT, NULL, CMQTT_PROBE },

    { ANY, CMQTT_NO_NETWORK, from_service, CMQTT_BACKOFF },
    { ANY, CMQTT_NO_SERVICE, from_service, CMQTT_BACKOFF },
    { ANY, CMQTT_SILENT, from_service, CMQTT_BACKOFF },
    { ANY, CMQTT_IS_BUSY, from_service, CMQTT_BACKOFF },
    { ANY, CMQTT_LOST, NULL, CMQTT_BACKOFF },
    { ANY, CMQTT_REFUSED, NULL, CMQTT_BACKOFF },
};

const char *cmqtt_state_name(enum cmqtt_state state)
{
    return states[state].name;
}

static void enter(struct cmqtt *client, enum cmqtt_state state, uint32_t now)
{
    client->state = state;
    client->timer_runs = states[state].limit_ms != 0;
    client->timer = now + states[state].limit_ms;
    text_begin(&command_text, command_buffer, sizeof command_buffer);
    if (states[state].enter != NULL) {
        states[state].enter(client, now);
    }
}

static void log_change(struct cmqtt *client, enum cmqtt_state to)
{
    static char buffer[64];
    struct text text;
    bool working = to == CMQTT_TOPIC || to == CMQTT_PAYLOAD || to == CMQTT_PUBLISH;
    if (client->application->log == NULL || (to == client->state && to != CMQTT_PROBE) || working || (to == CMQTT_ONLINE && client->state == CMQTT_PUBLISH)) {
        return;
    }

    text_begin(&text, buffer, sizeof buffer);
    text_add(&text, states[client->state].name);
    text_add(&text, " -> ");
    text_add(&text, states[to].name);
    if (client->at.code > 0) {
        text_add(&text, " (");
        text_add_number(&text, (uint32_t)client->at.code);
        text_add(&text, ")");
    }

    client->application->log(buffer);
}

static void dispatch(struct cmqtt *client, enum cmqtt_event event, uint32_t now)
{
    for (size_t i = 0; i < sizeof transitions / sizeof transitions[0]; i++) {
        const struct transition *row = &transitions[i];
        if (row->on != event || (row->from != ANY && row->from != client->state)) {
            continue;
        }

        enum cmqtt_state to = row->to;
        if (CARELESSLY(CARELESS_NO_TEARDOWN) && (to == CMQTT_RECONNECT || to == CMQTT_DISCONNECT)) {
            to = CMQTT_START;
        }

        if (row->action != NULL) {
            row->action(client);
        }

        log_change(client, to);
        enter(client, to, now);
        return;
    }
}

/* "+CEREG: 0,1", "+CEREG: 2,5,...": home or roaming. */
static bool registered(const char *line)
{
    uint32_t mode;
    uint32_t status;
    const char *cursor = line;
    while (*cursor != '\0' && *cursor++ != ' ') {
    }

    return text_number(&cursor, &mode) && *cursor++ == ',' && text_number(&cursor, &status) && (status == 1 || status == 5);
}

static enum cmqtt_event outcome(struct cmqtt *client)
{
    const struct at *at = &client->at;
    if (CARELESSLY(CARELESS_IGNORE_CODES) || (CARELESSLY(CARELESS_EARLY) && client->state == CMQTT_PROBE)) {
        return CMQTT_OK;
    }

    if (at->outcome == AT_SILENT) {
        return CMQTT_SILENT;
    }

    if (client->state == CMQTT_REGISTER) {
        return (at->outcome == AT_OK && registered(at->info)) || CARELESSLY(CARELESS_EARLY) ? CMQTT_OK : CMQTT_REFUSED;
    }

    if (at->outcome == AT_OK && at->code <= 0) {
        return CMQTT_OK;
    }

    if ((client->state == CMQTT_START && at->code == 23) || (client->state == CMQTT_ACQUIRE && at->code == 19)
        || ((client->state == CMQTT_CONNECT || client->state == CMQTT_WILL_TOPIC) && at->code == 13)) {
        return CMQTT_ALREADY;
    }

    if ((at->code == 9 || at->code == 20) && (client->state == CMQTT_ACQUIRE || client->state == CMQTT_WILL_TOPIC || client->state == CMQTT_CONNECT)) {
        return CMQTT_NO_SERVICE;
    }

    if (at->code == 14) {
        return ++client->busy <= BUSY_LIMIT ? CMQTT_IS_BUSY : CMQTT_REFUSED;
    }

    return CMQTT_REFUSED;
}

/* A loss leads somewhere only between two commands, and not while all is torn down anyway. */
static void pending_loss(struct cmqtt *client, uint32_t now)
{
    bool torn_down = client->state >= CMQTT_RECONNECT || client->state < CMQTT_START;
    if (!at_idle(&client->at)) {
        if (client->lost || client->no_network) {
            at_hurry(&client->at, now, AFTER_LOSS_MS);
        }
    } else if (torn_down) {
        client->lost = client->no_network = false;
    } else if (client->no_network) {
        dispatch(client, CMQTT_NO_NETWORK, now);
    } else if (client->lost && client->state != CMQTT_BACKOFF) {
        dispatch(client, CMQTT_LOST, now);
    }
}

static void unsolicited(struct cmqtt *client, uint32_t now)
{
    const char *line = client->at.line;
    if (CARELESSLY(CARELESS_NO_RECOVERY)) {
        return;
    }

    if (text_equal(line, "RDY")) {
        at_abort(&client->at);
        client->lost = client->no_network = false;
        dispatch(client, CMQTT_BOOTED, now);
    } else if (text_equal(line, "PB DONE")) {
        if (at_idle(&client->at)) {
            dispatch(client, CMQTT_READY, now);
        }
    } else if (text_begins(line, "+CMQTTCONNLOST: 0,") || text_begins(line, "+CMQTTPING: 0,")) {
        client->lost = true;
    } else if (text_equal(line, "+CMQTTNONET")) {
        client->no_network = true;
    }
}

static void handle(struct cmqtt *client, enum at_event event, uint32_t now)
{
    if (event == AT_MESSAGE) {
        client->application->received(&client->at.message);
    } else if (event == AT_URC) {
        unsolicited(client, now);
    } else if (event == AT_DONE) {
        dispatch(client, outcome(client), now);
    }
}

void cmqtt_begin(struct cmqtt *client, const struct cmqtt_application *application, void (*write)(const uint8_t *bytes, size_t length), uint32_t seed, uint32_t now)
{
    *client = (struct cmqtt){ .application = application, .random = seed | 1 };
    at_begin(&client->at, write);
    enter(client, CMQTT_PROBE, now);
}

void cmqtt_feed(struct cmqtt *client, uint8_t byte, uint32_t now)
{
    handle(client, at_feed(&client->at, byte, now), now);
}

static void time_up(struct cmqtt *client, uint32_t now)
{
    client->timer_runs = false;
    if (client->state == CMQTT_BACKOFF) {
        enum cmqtt_event rung = client->failures > FAILURES_BEFORE_RESET ? CMQTT_TRY_RESET
            : client->service_needed || client->failures > FAILURES_BEFORE_SERVICE ? CMQTT_TRY_SERVICE : CMQTT_TRY_CONNECT;
        dispatch(client, rung, now);
    } else if (client->state == CMQTT_SEARCH && client->searches >= SEARCHES_BEFORE_RESET) {
        client->searches = 0;
        dispatch(client, CMQTT_TRY_RESET, now);
    } else {
        dispatch(client, CMQTT_TIME, now);
    }
}

void cmqtt_tick(struct cmqtt *client, uint32_t now)
{
    handle(client, at_tick(&client->at, now), now);
    pending_loss(client, now);
    if (client->timer_runs && time_reached(now, client->timer)) {
        time_up(client, now);
    }

    if (client->state == CMQTT_ONLINE && at_idle(&client->at) && client->application->next(&client->outgoing)) {
        dispatch(client, CMQTT_WORK, now);
    }
}
