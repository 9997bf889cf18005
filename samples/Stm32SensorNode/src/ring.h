/* One producer (an interrupt), one consumer (the main loop), no locks: the producer moves head only, the consumer tail only. */
#ifndef RING_H
#define RING_H

#include <stdbool.h>
#include <stdint.h>

#define RING_SIZE 2048u /* a power of two; holds one burst of RXSTART to RXEND while the loop is busy sending */

struct ring {
    uint8_t bytes[RING_SIZE];
    volatile uint32_t head;
    volatile uint32_t tail;
    volatile uint32_t lost; /* bytes that found the ring full */
};

static inline void ring_put(struct ring *ring, uint8_t byte)
{
    uint32_t head = ring->head;
    if (head - ring->tail == RING_SIZE) {
        ring->lost = ring->lost + 1;
        return;
    }

    ring->bytes[head % RING_SIZE] = byte;
    __atomic_signal_fence(__ATOMIC_RELEASE); /* one core: the compiler must not reorder; across cores this needs more */
    ring->head = head + 1;
}

static inline bool ring_take(struct ring *ring, uint8_t *byte)
{
    uint32_t tail = ring->tail;
    if (tail == ring->head) {
        return false;
    }

    __atomic_signal_fence(__ATOMIC_ACQUIRE);
    *byte = ring->bytes[tail % RING_SIZE];
    ring->tail = tail + 1;
    return true;
}

#endif
