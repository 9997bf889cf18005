/*
 * Frames of a PMS5003-like sensor: 32 bytes, 0x42 0x4D, a length of 28, thirteen words, the sum of the first 30 bytes. Words are
 * big-endian. Words 4, 5 and 6 are PM1.0, PM2.5 and PM10 under atmospheric conditions.
 */
#ifndef PMS_H
#define PMS_H

#include <stdbool.h>
#include <stdint.h>

#define PMS_FRAME_LENGTH 32u

struct pms {
    uint8_t frame[PMS_FRAME_LENGTH];
    uint32_t length;
    uint32_t garbled;
};

struct pms_values {
    uint16_t pm1;
    uint16_t pm2_5;
    uint16_t pm10;
};

/* True when the byte ended a good frame. After a broken one the search for a start goes on within its bytes. */
bool pms_feed(struct pms *pms, uint8_t byte, struct pms_values *values);

#endif
