#include "queue.h"

#include "check.h"
#include "no_sensor.h"

static void add(struct queue *queue, uint32_t number)
{
    queue_add(queue, &(struct reading){ .number = number });
}

static void readings_leave_in_order(void)
{
    struct queue queue = { 0 };
    CHECK(queue_take(&queue) == NULL && queue_gap(&queue) == 0);
    for (uint32_t n = 1; n <= 3; n++) {
        add(&queue, n);
    }

    for (uint32_t n = 1; n <= 3; n++) {
        CHECK(queue_take(&queue)->number == n && queue_gap(&queue) == 0);
        queue_sending(&queue);
        queue_confirm(&queue);
    }

    CHECK(queue_take(&queue) == NULL && queue.repeats == 0 && queue.dropped == 0 && queue.confirmed == 3);
    queue_confirm(&queue); /* nothing to confirm: nothing happens */
    CHECK(queue.count == 0);
}

static void full_it_drops_the_oldest_and_tells_the_gap(void)
{
    struct queue queue = { 0 };
    for (uint32_t n = 1; n <= QUEUE_SIZE + 5; n++) {
        add(&queue, n);
    }

    CHECK(queue.count == QUEUE_SIZE && queue.dropped == 5);
    CHECK(queue_take(&queue)->number == 6 && queue_gap(&queue) == 5);
    queue_sending(&queue);
    queue_confirm(&queue);
    CHECK(queue_take(&queue)->number == 7 && queue_gap(&queue) == 0);
}

static void what_is_being_sent_is_not_dropped(void)
{
    struct queue queue = { 0 };
    add(&queue, 1);
    CHECK(queue_take(&queue)->number == 1); /* topic and payload are on their way to the modem, PUB is not */
    for (uint32_t n = 2; n <= QUEUE_SIZE + 2; n++) {
        add(&queue, n);
    }

    CHECK(queue_take(&queue)->number == 1 && queue_gap(&queue) == 0 && queue.dropped == 2);
    queue_sending(&queue);
    add(&queue, QUEUE_SIZE + 3);
    CHECK(queue_take(&queue)->number == 1 && queue.dropped == 3);
    queue_sending(&queue);
    CHECK(queue.repeats == 1);
    queue_confirm(&queue);
    CHECK(queue_take(&queue)->number == 5 && queue_gap(&queue) == 3);
    queue_sending(&queue);
    CHECK(queue.repeats == 1);
}

int main(void)
{
    readings_leave_in_order();
    full_it_drops_the_oldest_and_tells_the_gap();
    what_is_being_sent_is_not_dropped();
    return 0;
}
