/* What the node wants from a sensor. sensor_pms.c has a PMS5003-like one on a USART, sensor_adc.c one on an ADC pin; the build chooses. */
#ifndef SENSOR_H
#define SENSOR_H

#include <stdbool.h>
#include <stdint.h>

#include "reading.h"

struct sensor_counters {
    uint32_t garbled; /* frames that were broken: wrong length or checksum */
    uint32_t missing; /* samples for which there was no fresh value */
};

void sensor_begin(void);

/* Called often; takes what has come. */
void sensor_poll(uint32_t now);

/* The newest value, once. False, and counted, when there is none since the last call. */
bool sensor_take(struct reading *reading);

struct sensor_counters sensor_counters(void);

#endif
