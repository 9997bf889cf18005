/* A PMS5003-like sensor in its active mode: it sends a frame by itself, every 200 to 2300 ms. */
#include "board.h"
#include "pms.h"
#include "sensor.h"

static struct pms pms;
static struct pms_values newest;
static bool fresh;
static uint32_t missing;

void sensor_begin(void)
{
    fresh = false;
}

void sensor_poll(uint32_t now)
{
    (void)now;
    uint8_t byte;
    while (board_sensor_read(&byte)) {
        fresh |= pms_feed(&pms, byte, &newest);
    }
}

bool sensor_take(struct reading *reading)
{
    if (!fresh) {
        missing++;
        return false;
    }

    fresh = false;
    reading->pm1 = newest.pm1;
    reading->pm2_5 = newest.pm2_5;
    reading->pm10 = newest.pm10;
    return true;
}

struct sensor_counters sensor_counters(void)
{
    return (struct sensor_counters){ .garbled = pms.garbled, .missing = missing };
}
