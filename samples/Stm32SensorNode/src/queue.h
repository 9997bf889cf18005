/*
 * Readings that the broker has not confirmed yet. When it is full the oldest goes, but never the one that was taken to be sent: that one
 * may be confirmed any moment, and would be reported as dropped although it arrived, or another confirmed in its place.
 */
#ifndef QUEUE_H
#define QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "reading.h"

#define QUEUE_SIZE 16u

struct queue {
    struct reading readings[QUEUE_SIZE];
    uint32_t count;
    bool taken;         /* the first one is being sent, or was */
    uint32_t sent;      /* how often it was */
    uint32_t confirmed; /* number of the last confirmed reading, 0 before the first */
    uint32_t dropped;
    uint32_t repeats;
};

/* Adds a reading. Numbers have to rise. */
void queue_add(struct queue *queue, const struct reading *reading);

/* The reading to send now, or NULL. It stays the first until it is confirmed. */
const struct reading *queue_take(struct queue *queue);

/* How many readings between the last confirmed one and the first were dropped. */
uint32_t queue_gap(const struct queue *queue);

/* The first reading goes out now. From here on it may have arrived, whatever the modem says. */
void queue_sending(struct queue *queue);

/* The broker has the first reading. */
void queue_confirm(struct queue *queue);

#endif
