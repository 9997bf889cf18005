/* The whole node on a clock of the test's own, against a small modem that lives in this file and can be told to fail. */
#include "node.h"

#include "check.h"
#include "sensor.h"

/* The sensor: a fresh value whenever it is asked, unless it is silent. */
static bool sensor_silent;
static uint32_t missing;

void sensor_begin(void) { }
void sensor_poll(uint32_t now) { (void)now; }
struct sensor_counters sensor_counters(void) { return (struct sensor_counters){ .missing = missing }; }

bool sensor_take(struct reading *reading)
{
    missing += sensor_silent;
    *reading = (struct reading){ .pm1 = 1, .pm2_5 = 2, .pm10 = 3 };
    return !sensor_silent;
}

/* The modem. */
static struct {
    bool off;            /* says nothing, hears nothing */
    bool deaf_publish;   /* says OK to PUB and no more, but the broker has it */
    bool searching;
    bool result_first;
    int refuse_connect;  /* the code, 0: it connects */
    int busy;            /* so many TOPICs are answered with 14 */
    bool started, acquired, connected, subscribed;
    char line[600];
    size_t length;
    size_t data_left;
    char data[600];
    size_t data_length;
    char data_for[32];
    char topic[100], payload[600];
    uint32_t resets, stops, publishes, power_cycles;
    char last_topic[100], last_payload[600];
    char commands[20000]; /* all lines that came */
} modem;

static char answer[8192];
static size_t answer_length;
static uint32_t now;

static void say(const char *line)
{
    int count = snprintf(answer + answer_length, sizeof answer - answer_length, "\r\n%s\r\n", line);
    CHECK(count > 0 && (size_t)count < sizeof answer - answer_length);
    answer_length += (size_t)count;
}

static void result(const char *prefix, int code)
{
    char line[64];
    snprintf(line, sizeof line, "%s%d", prefix, code);
    if (code != 0 || modem.result_first) {
        say(line);
        say(code == 0 ? "OK" : "ERROR");
    } else {
        say("OK");
        say(line);
    }
}

static void prompt(const char *command, size_t length)
{
    snprintf(modem.data_for, sizeof modem.data_for, "%s", command);
    modem.data_left = length;
    modem.data_length = 0;
    answer_length += (size_t)snprintf(answer + answer_length, sizeof answer - answer_length, "\r\n>");
}

static bool is(const char *line, const char *begins)
{
    return strncmp(line, begins, strlen(begins)) == 0;
}

static void late_result(const char *prefix, int code)
{
    char line[64];
    snprintf(line, sizeof line, "%s%d", prefix, code);
    say("OK");
    say(line);
}

static void data_is_there(void)
{
    modem.data[modem.data_length] = '\0';
    if (is(modem.data_for, "SUB")) {
        modem.subscribed = true;
        late_result("+CMQTTSUB: 0,", 0);
        return;
    }

    if (is(modem.data_for, "TOPIC")) {
        snprintf(modem.topic, sizeof modem.topic, "%.99s", modem.data);
    } else if (is(modem.data_for, "PAYLOAD")) {
        memcpy(modem.payload, modem.data, sizeof modem.payload);
    }

    say("OK");
}

static void command(const char *line)
{
    CHECK(strlen(modem.commands) + strlen(line) + 2 < sizeof modem.commands);
    strcat(modem.commands, line);
    strcat(modem.commands, "\n");
    size_t length = 0;
    if (is(line, "AT+CMQTTTOPIC=0,")) {
        (void)sscanf(line, "AT+CMQTTTOPIC=0,%zu", &length);
        if (modem.busy > 0) {
            modem.busy--;
            result("+CMQTTTOPIC: 0,", 14);
        } else if (!modem.connected) {
            result("+CMQTTTOPIC: 0,", 11);
        } else {
            prompt("TOPIC", length);
        }
    } else if (is(line, "AT+CMQTTPAYLOAD=0,")) {
        (void)sscanf(line, "AT+CMQTTPAYLOAD=0,%zu", &length);
        prompt("PAYLOAD", length);
    } else if (is(line, "AT+CMQTTPUB=")) {
        modem.publishes++;
        memcpy(modem.last_topic, modem.topic, sizeof modem.last_topic);
        memcpy(modem.last_payload, modem.payload, sizeof modem.last_payload);
        if (modem.deaf_publish) {
            say("OK");
        } else {
            late_result("+CMQTTPUB: 0,", 0);
        }
    } else if (is(line, "AT+CMQTTSUB=0,")) {
        (void)sscanf(line, "AT+CMQTTSUB=0,%zu", &length);
        prompt("SUB", length);
    } else if (is(line, "AT+CMQTTWILL")) {
        if (!modem.acquired || modem.connected) {
            result(is(line, "AT+CMQTTWILLTOPIC") ? "+CMQTTWILLTOPIC: 0," : "+CMQTTWILLMSG: 0,", modem.connected ? 13 : 20);
        } else {
            (void)sscanf(strchr(line, ',') + 1, "%zu", &length);
            prompt("WILL", length);
        }
    } else if (is(line, "AT+CMQTTSTART")) {
        result("+CMQTTSTART: ", modem.started ? 23 : 0);
        modem.started = true;
    } else if (is(line, "AT+CMQTTACCQ=")) {
        if (modem.acquired) {
            result("+CMQTTACCQ: 0,", 19);
        } else {
            modem.acquired = true;
            say("OK");
        }
    } else if (is(line, "AT+CMQTTCONNECT=")) {
        if (modem.connected || !modem.acquired) {
            result("+CMQTTCONNECT: 0,", modem.connected ? 13 : 20);
        } else {
            modem.connected = modem.refuse_connect == 0;
            late_result("+CMQTTCONNECT: 0,", modem.refuse_connect);
        }
    } else if (is(line, "AT+CMQTTDISC=")) {
        result("+CMQTTDISC: 0,", modem.connected ? 0 : 11);
        modem.connected = modem.subscribed = false;
    } else if (is(line, "AT+CMQTTREL=")) {
        modem.acquired = false;
        say("OK");
    } else if (is(line, "AT+CMQTTSTOP")) {
        modem.stops++;
        result("+CMQTTSTOP: ", modem.acquired ? 21 : modem.started ? 0 : 9);
        modem.started = false;
    } else if (is(line, "AT+CEREG?")) {
        say(modem.searching ? "+CEREG: 0,2" : "+CEREG: 0,1");
        say("OK");
    } else if (is(line, "AT+CGREG?")) {
        say(modem.searching ? "+CGREG: 0,2" : "+CGREG: 0,5");
        say("OK");
    } else if (is(line, "AT+CMEE?")) {
        say("+CMEE: 2");
        say("OK");
    } else if (is(line, "AT+CRESET")) {
        modem.resets++;
        modem.started = modem.acquired = modem.connected = modem.subscribed = false;
        say("OK");
        say("RDY");
        say("+CPIN: READY");
        say("SMS DONE");
        say("PB DONE");
    } else if (is(line, "AT")) {
        say("OK");
    }
}

static void to_modem(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length && !modem.off; i++) {
        if (modem.data_left > 0) {
            CHECK(modem.data_length + 1 < sizeof modem.data);
            modem.data[modem.data_length++] = (char)bytes[i];
            if (--modem.data_left == 0) {
                data_is_there();
            }
        } else if (bytes[i] == '\r') {
            modem.line[modem.length] = '\0';
            modem.length = 0;
            command(modem.line + strspn(modem.line, " "));
        } else if (bytes[i] != '\n') {
            CHECK(modem.length + 1 < sizeof modem.line);
            modem.line[modem.length++] = (char)bytes[i];
        }
    }
}

static void power_cycle(void) { modem.power_cycles++; }

/* What came out of the run so far. */
static uint32_t seen;            /* publishes that were judged */
static uint32_t last_number;
static uint32_t gaps, repeats;
static uint32_t statuses, errors;

static uint32_t value(const char *name)
{
    char quoted[32];
    unsigned found = 0;
    snprintf(quoted, sizeof quoted, "\"%s\":", name);
    const char *at = strstr(modem.last_payload, quoted);
    return at != NULL && sscanf(at + strlen(quoted), "%u", &found) == 1 ? found : 0;
}

/* The promise of the node, held against each publish: no number is skipped untold, none comes twice untold. */
static void judge(void)
{
    if (modem.publishes == seen) {
        return;
    }

    CHECK(modem.publishes == seen + 1);
    seen++;
    if (strcmp(modem.last_topic, "node-1/status") == 0) {
        CHECK_TEXT(modem.last_payload, "online");
        statuses++;
    } else if (strcmp(modem.last_topic, "node-1/error") == 0) {
        errors++;
    } else {
        CHECK_TEXT(modem.last_topic, "node-1/reading");
        uint32_t n = value("n");
        if (n == last_number) {
            CHECK(value("repeat") >= 1);
            repeats++;
        } else {
            CHECK(n == last_number + 1 + value("gap"));
            gaps += value("gap");
        }

        last_number = n;
    }
}

static void run(uint32_t milliseconds)
{
    for (uint32_t i = 0; i < milliseconds; i++) {
        static char incoming[sizeof answer];
        size_t length = answer_length;
        memcpy(incoming, answer, length);
        answer_length = 0;
        for (size_t b = 0; b < length; b++) {
            node_feed((uint8_t)incoming[b], now);
            judge();
        }

        node_tick(now);
        judge();
        now++;
    }
}

static void begin(void)
{
    memset(&modem, 0, sizeof modem);
    answer_length = 0;
    sensor_silent = false;
    missing = seen = last_number = gaps = repeats = statuses = errors = 0;
    now = UINT32_MAX - 20000; /* the clock wraps while it runs */
    node_begin(to_modem, NULL, power_cycle, 42, now);
}

static void readings_flow(void)
{
    for (int order = 0; order < 2; order++) {
        begin();
        modem.result_first = order == 1;
        run(60000);
        CHECK(modem.connected && modem.subscribed && statuses == 1);
        CHECK(last_number >= 58 && gaps == 0 && repeats == 0 && node.client.failures == 0);
    }
}

static void what_the_modem_still_knows_is_adopted(void)
{
    begin();
    modem.started = modem.acquired = modem.connected = true;
    run(5000);
    CHECK(last_number >= 2 && modem.stops == 0 && strstr(modem.commands, "AT+CMQTTDISC=0") == NULL);
}

static void a_lost_connection_comes_back(void)
{
    begin();
    run(5000);
    modem.connected = false;
    sensor_silent = true; /* so that no refused publish tells it */
    say("+CMQTTCONNLOST: 0,1");
    run(5000);
    CHECK(modem.connected);
    sensor_silent = false;
    run(20000);
    CHECK(modem.connected && gaps == 0 && node.client.connections == 2 && statuses == 2 && modem.stops == 0);
    CHECK(last_number >= 23);
}

static void without_network_the_service_is_restarted(void)
{
    begin();
    run(5000);
    modem.connected = false;
    modem.searching = true;
    say("+CMQTTCONNLOST: 0,3");
    say("+CMQTTNONET");
    run(40000);
    CHECK(!modem.connected && modem.stops == 1 && modem.resets == 0);
    modem.searching = false;
    run(10000);
    CHECK(modem.connected && gaps > 0 && node.queue.dropped == gaps && last_number >= 53);
}

static void a_reset_of_the_modem_is_seen(void)
{
    begin();
    run(5100);
    modem.started = modem.acquired = modem.connected = false;
    say("RDY");
    run(100);
    CHECK(node.client.state == CMQTT_BOOT);
    say("PB DONE");
    run(3000);
    CHECK(modem.connected && gaps == 0 && last_number >= 7);
}

static void a_reset_of_which_nobody_speaks_is_found_out(void)
{
    begin();
    run(5000);
    modem.started = modem.acquired = modem.connected = false;
    run(20000);
    CHECK(modem.connected && gaps == 0 && modem.resets == 0);
}

static void an_unconfirmed_reading_is_repeated_under_its_number(void)
{
    begin();
    run(5000);
    modem.deaf_publish = true;
    run(3000);
    modem.deaf_publish = false;
    run(120000);
    CHECK(repeats >= 1 && node.queue.repeats == repeats && modem.stops >= 1 && gaps == node.queue.dropped);
    CHECK(node.client.state == CMQTT_ONLINE && last_number > 120);
}

static void a_busy_modem_is_asked_again(void)
{
    begin();
    run(5000);
    modem.busy = 3;
    run(10000);
    CHECK(modem.stops == 0 && node.client.connections == 1 && gaps == 0 && last_number >= 13);
    modem.busy = 1000000; /* for ever: then the service is to blame */
    run(60000);
    CHECK(modem.stops >= 1);
}

static void failures_climb_the_ladder(void)
{
    begin();
    modem.refuse_connect = 3;
    run(4000); /* the first three delays are 3.5 s at least */
    CHECK(modem.stops == 0 && modem.resets == 0);
    run(60000);
    CHECK(modem.stops >= 1 && modem.resets == 0);
    run(400000);
    CHECK(modem.resets >= 1 && modem.power_cycles == 0);
    modem.refuse_connect = 0;
    run(100000);
    CHECK(modem.connected && gaps > 400 && last_number > 560);
}

static void a_dead_modem_is_switched_off_and_on(void)
{
    begin();
    run(5000);
    modem.off = true;
    run(600000);
    CHECK(modem.power_cycles >= 1);
    modem.off = false;
    run(70000);
    CHECK(modem.connected && gaps > 500);
}

static void half_given_data_does_not_swallow_commands(void)
{
    begin();
    modem.data_left = 400; /* the host restarted in the middle of a payload */
    snprintf(modem.data_for, sizeof modem.data_for, "PAYLOAD");
    run(5000);
    CHECK(modem.connected && last_number >= 2);
}

static void message(const char *payload)
{
    char block[400];
    snprintf(block, sizeof block, "\r\n+CMQTTRXSTART: 0,14,%zu\r\n\r\n+CMQTTRXTOPIC: 0,14\r\nnode-1/command\r\n+CMQTTRXPAYLOAD: 0,%zu\r\n%s\r\n+CMQTTRXEND: 0\r\n",
        strlen(payload), strlen(payload), payload);
    CHECK(answer_length + strlen(block) < sizeof answer);
    memcpy(answer + answer_length, block, strlen(block));
    answer_length += strlen(block);
}

static void a_command_changes_the_period(void)
{
    begin();
    run(5000);
    message("{\"period_ms\":200}");
    run(10);
    uint32_t before = last_number;
    run(10000);
    CHECK(node.period_ms == 200 && last_number - before >= 49 && last_number - before <= 51 && errors == 0);
    message("nonsense");
    run(1000);
    CHECK(node.period_ms == 200 && errors == 1);
}

/* A sample that finds the queue full while a reading is on its way to the modem, at every moment of that way. */
static void a_full_queue_loses_nothing_untold(void)
{
    for (uint32_t moment = 0; moment < 100; moment++) {
        begin();
        run(3000);
        message("100");
        run(500 + moment);
        modem.connected = false;
        modem.refuse_connect = 3;
        say("+CMQTTCONNLOST: 0,1");
        run(5000 + moment);
        modem.refuse_connect = 0;
        run(15000);
        CHECK(modem.connected && gaps > 0 && gaps == node.queue.dropped);
    }
}

static void commands_are_read(void)
{
    static const struct { const char *text; uint32_t period; } cases[] = {
        { "2000", 2000 }, { " 2000\r\n", 2000 }, { "{\"period_ms\":2000}", 2000 }, { " { \"period_ms\" : 2000 } \n", 2000 }, { "100", 100 }, { "3600000", 3600000 },
        { "", 0 }, { "99", 0 }, { "3600001", 0 }, { "-5", 0 }, { "1e3", 0 }, { "2000x", 0 }, { "20 00", 0 }, { "{\"period_ms\":}", 0 }, { "{\"period_ms\":2000", 0 },
        { "{\"period_ms\":\"2000\"}", 0 }, { "{\"period\":2000}", 0 }, { "99999999999999999999", 0 }, { "2000}", 0 },
        { "                                                                        2000", 2000 },
        { "0000000000000000000000000000000000000000000000000000000000000000000002000", 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t period = 0;
        bool good = node_parse_period((const uint8_t *)cases[i].text, strlen(cases[i].text), &period);
        CHECK(good == (cases[i].period != 0));
        CHECK(!good || period == cases[i].period);
    }

    uint32_t period;
    CHECK(!node_parse_period((const uint8_t *)"2000\0", 5, &period));
}

static void no_value_is_no_reading(void)
{
    begin();
    run(5000);
    uint32_t before = last_number;
    sensor_silent = true;
    run(5000);
    CHECK(last_number <= before + 1 && missing == 5);
    sensor_silent = false;
    run(2000);
    CHECK(gaps == 0 && last_number > before && value("missing") == 5);
}

int main(void)
{
    readings_flow();
    what_the_modem_still_knows_is_adopted();
    a_lost_connection_comes_back();
    without_network_the_service_is_restarted();
    a_reset_of_the_modem_is_seen();
    a_reset_of_which_nobody_speaks_is_found_out();
    an_unconfirmed_reading_is_repeated_under_its_number();
    a_busy_modem_is_asked_again();
    failures_climb_the_ladder();
    a_dead_modem_is_switched_off_and_on();
    half_given_data_does_not_swallow_commands();
    a_command_changes_the_period();
    a_full_queue_loses_nothing_untold();
    commands_are_read();
    no_value_is_no_reading();
    return 0;
}
