/*
 * MQTT over AT+CMQTT*: brings a SIM7600 from whatever state it is in to a connected client, keeps it there, publishes one message
 * after the other at QoS 1. What happens when is in two tables in cmqtt.c: what each state sends, and which event leads where.
 */
#ifndef CMQTT_H
#define CMQTT_H

#include "at.h"

enum cmqtt_state {
    CMQTT_PROBE,
    CMQTT_BOOT,
    CMQTT_ECHO,
    CMQTT_REGISTER,
    CMQTT_SEARCH,
    CMQTT_START,
    CMQTT_ACQUIRE,
    CMQTT_WILL_TOPIC,
    CMQTT_WILL_MESSAGE,
    CMQTT_CONNECT,
    CMQTT_SUBSCRIBE,
    CMQTT_ONLINE,
    CMQTT_TOPIC,
    CMQTT_PAYLOAD,
    CMQTT_PUBLISH,
    CMQTT_BUSY,
    CMQTT_BACKOFF,
    CMQTT_RECONNECT,
    CMQTT_DISCONNECT,
    CMQTT_RELEASE,
    CMQTT_STOP,
    CMQTT_RESET,
    CMQTT_STATES,
};

enum cmqtt_event {
    CMQTT_OK,
    CMQTT_ALREADY,      /* 23, 19, 13: it is as it should be, from before this side restarted */
    CMQTT_REFUSED,
    CMQTT_IS_BUSY,      /* 14 */
    CMQTT_NO_SERVICE,   /* 9, 20: the modem has restarted, and nobody said so */
    CMQTT_SILENT,
    CMQTT_TIME,         /* the state's time is up */
    CMQTT_WORK,         /* there is something to publish */
    CMQTT_LOST,         /* CONNLOST, PING */
    CMQTT_NO_NETWORK,   /* NONET */
    CMQTT_BOOTED,       /* RDY */
    CMQTT_READY,        /* PB DONE */
    CMQTT_TRY_CONNECT,  /* after a back-off: how far down to go */
    CMQTT_TRY_SERVICE,
    CMQTT_TRY_RESET,
    CMQTT_EVENTS,
};

struct cmqtt_outgoing {
    const char *topic;
    const uint8_t *payload;
    size_t length;
};

/* The application. All of it is called from cmqtt_feed and cmqtt_tick. */
struct cmqtt_application {
    const char *client_id;
    const char *broker;
    const char *user;       /* or NULL */
    const char *password;   /* or NULL */
    const char *will_topic;
    const char *will;
    const char *subscription;
    uint32_t keep_alive_s;

    bool (*next)(struct cmqtt_outgoing *message); /* what to publish next; the same again until it is confirmed */
    void (*sending)(void);                        /* it goes out now, and may arrive even if it is not confirmed */
    void (*confirmed)(void);                      /* the broker has it */
    void (*received)(const struct at_message *message);
    void (*online)(void);
    void (*log)(const char *text);
    void (*power_cycle)(void);                    /* the modem does not answer at all: PWRKEY or the supply; or NULL */
};

struct cmqtt {
    struct at at;
    const struct cmqtt_application *application;
    enum cmqtt_state state;
    uint32_t timer;
    bool timer_runs;
    bool lost;
    bool no_network;
    bool service_needed;
    uint32_t failures;       /* since the last confirmed publish */
    uint32_t busy;
    uint32_t searches;
    uint32_t probes;
    uint32_t connections;
    uint32_t resets;
    uint32_t random;
    struct cmqtt_outgoing outgoing;
};

void cmqtt_begin(struct cmqtt *client, const struct cmqtt_application *application, void (*write)(const uint8_t *bytes, size_t length), uint32_t seed, uint32_t now);
void cmqtt_feed(struct cmqtt *client, uint8_t byte, uint32_t now);
void cmqtt_tick(struct cmqtt *client, uint32_t now);
const char *cmqtt_state_name(enum cmqtt_state state);

#endif
