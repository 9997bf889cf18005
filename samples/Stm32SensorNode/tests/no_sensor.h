/* A sensor for tests that link the node and have nothing to measure. */
#ifndef NO_SENSOR_H
#define NO_SENSOR_H

#include "sensor.h"

void sensor_begin(void) { }
void sensor_poll(uint32_t now) { (void)now; }

bool sensor_take(struct reading *reading)
{
    (void)reading;
    return false;
}

struct sensor_counters sensor_counters(void) { return (struct sensor_counters){ 0 }; }

#endif
