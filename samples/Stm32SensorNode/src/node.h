/*
 * The node: samples the sensor, keeps what the broker has not confirmed, writes JSON, obeys commands. No register is touched here,
 * so that all of it runs in a test on a PC.
 *
 *   <node>/reading  {"n":12,"up_ms":34567,"pm1":3,"pm2_5":5,"pm10":9,"period_ms":1000,"garbled":0,"missing":0,"repeats":0,"reconnects":0,"dropped":0}
 *                   and "gap":3 when 3 readings before this one were dropped because the queue was full,
 *                   "repeat":1 when it was sent once before and that may have arrived
 *   <node>/command  a number, or {"period_ms":2000}: the time between samples
 *   <node>/error    {"error":"period_ms must be 100 to 3600000","got":"..."}: a command that was ignored
 *   <node>/status   online; offline as the will
 */
#ifndef NODE_H
#define NODE_H

#include "cmqtt.h"
#include "queue.h"

struct node {
    struct queue queue;
    struct cmqtt client;
    uint32_t number;
    uint32_t period_ms;
    uint32_t sample_at;
    bool status_due;
    char error[128];       /* about the last command that was ignored */
    uint32_t errors;
    uint32_t error_sent;
    uint32_t errors_told;
    char payload[320];
    enum node_message { NODE_STATUS, NODE_ERROR, NODE_READING } sending;
};

extern struct node node;

/* write: to the modem; log: may be NULL; power_cycle: may be NULL. */
void node_begin(void (*write)(const uint8_t *bytes, size_t length), void (*log)(const char *text), void (*power_cycle)(void), uint32_t seed, uint32_t now);

/* Bytes from the modem. */
void node_feed(uint8_t byte, uint32_t now);

/* Called often, at least every few milliseconds. */
void node_tick(uint32_t now);

/* What a command asks for. False: it is none. */
bool node_parse_period(const uint8_t *payload, size_t length, uint32_t *period_ms);

#endif
