#include "queue.h"

static void remove_at(struct queue *queue, uint32_t index)
{
    for (uint32_t i = index + 1; i < queue->count; i++) {
        queue->readings[i - 1] = queue->readings[i];
    }

    queue->count--;
}

void queue_add(struct queue *queue, const struct reading *reading)
{
    if (queue->count == QUEUE_SIZE) {
        remove_at(queue, queue->taken ? 1 : 0);
        queue->dropped++;
    }

    queue->readings[queue->count++] = *reading;
}

const struct reading *queue_take(struct queue *queue)
{
    queue->taken = queue->count > 0;
    return queue->taken ? &queue->readings[0] : (const struct reading *)0;
}

uint32_t queue_gap(const struct queue *queue)
{
    return queue->count == 0 ? 0 : queue->readings[0].number - queue->confirmed - 1;
}

void queue_sending(struct queue *queue)
{
    if (queue->sent > 0) {
        queue->repeats++;
    }

    queue->sent++;
}

void queue_confirm(struct queue *queue)
{
    if (queue->count == 0) {
        return;
    }

    queue->confirmed = queue->readings[0].number;
    queue->sent = 0;
    queue->taken = false;
    remove_at(queue, 0);
}
