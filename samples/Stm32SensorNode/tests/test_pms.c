#include "pms.h"

#include "check.h"
#include "no_sensor.h"

static void make(uint8_t *frame, uint16_t pm1, uint16_t pm2_5, uint16_t pm10)
{
    memset(frame, 0, PMS_FRAME_LENGTH);
    frame[0] = 0x42;
    frame[1] = 0x4D;
    frame[3] = 28;
    const uint16_t values[] = { pm1, pm2_5, pm10 };
    for (int i = 0; i < 3; i++) {
        frame[10 + 2 * i] = (uint8_t)(values[i] >> 8);
        frame[11 + 2 * i] = (uint8_t)values[i];
    }

    uint16_t sum = 0;
    for (int i = 0; i < 30; i++) {
        sum = (uint16_t)(sum + frame[i]);
    }

    frame[30] = (uint8_t)(sum >> 8);
    frame[31] = (uint8_t)sum;
}

static int feed(struct pms *pms, const uint8_t *bytes, size_t length, struct pms_values *values)
{
    int good = 0;
    for (size_t i = 0; i < length; i++) {
        good += pms_feed(pms, bytes[i], values);
    }

    return good;
}

static void frames_are_read(void)
{
    struct pms pms = { 0 };
    struct pms_values values = { 0 };
    uint8_t frame[PMS_FRAME_LENGTH];
    make(frame, 0x0102, 0x4D42, 0xFFFF);
    CHECK(feed(&pms, frame, sizeof frame, &values) == 1);
    CHECK(values.pm1 == 0x0102 && values.pm2_5 == 0x4D42 && values.pm10 == 0xFFFF && pms.garbled == 0);
    CHECK(feed(&pms, (const uint8_t *)"noise\x42\x42", 7, &values) == 0);
    CHECK(feed(&pms, frame, sizeof frame, &values) == 1 && pms.garbled == 0);
}

static void a_frame_after_a_broken_one_is_read(void)
{
    uint8_t first[PMS_FRAME_LENGTH];
    uint8_t second[PMS_FRAME_LENGTH];
    make(first, 1, 0x424D, 3); /* what looks like a start inside a frame */
    make(second, 4, 5, 6);
    for (size_t i = 0; i < PMS_FRAME_LENGTH; i++) { /* every byte wrong, and every byte lost */
        for (int lost = 0; lost < 2; lost++) {
            struct pms pms = { 0 };
            struct pms_values values = { 0 };
            uint8_t broken[PMS_FRAME_LENGTH];
            size_t length = PMS_FRAME_LENGTH;
            memcpy(broken, first, sizeof broken);
            if (lost) {
                memmove(broken + i, broken + i + 1, PMS_FRAME_LENGTH - i - 1);
                length--;
            } else {
                broken[i] ^= 0x10;
            }

            int good = feed(&pms, broken, length, &values) + feed(&pms, second, sizeof second, &values);
            CHECK(good == 1 && values.pm1 == 4 && values.pm2_5 == 5 && values.pm10 == 6);
            CHECK(pms.garbled >= 1 || i < 3); /* of what does not begin as a frame nobody knows that it was one */
        }
    }
}

int main(void)
{
    frames_are_read();
    a_frame_after_a_broken_one_is_read();
    return 0;
}
