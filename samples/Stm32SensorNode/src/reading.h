/* One value of the sensor. Particles below 1, 2.5 and 10 micrometres, in micrograms a cubic metre. */
#ifndef READING_H
#define READING_H

#include <stdint.h>

struct reading {
    uint32_t number; /* 1, 2, 3, ... since this firmware started: a number that is missing was dropped, one that comes twice is a repeat */
    uint32_t taken_ms;
    uint16_t pm1;
    uint16_t pm2_5;
    uint16_t pm10;
};

#endif
