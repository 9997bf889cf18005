#include "pms.h"

static uint16_t word(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static bool can_begin(const struct pms *pms)
{
    static const uint8_t start[] = { 0x42, 0x4D, 0, PMS_FRAME_LENGTH - 4 };
    for (uint32_t i = 0; i < pms->length && i < sizeof start; i++) {
        if (pms->frame[i] != start[i]) {
            return false;
        }
    }

    return true;
}

static void drop_first(struct pms *pms)
{
    do {
        pms->length--;
        for (uint32_t i = 0; i < pms->length; i++) {
            pms->frame[i] = pms->frame[i + 1];
        }
    } while (pms->length > 0 && !can_begin(pms));
}

bool pms_feed(struct pms *pms, uint8_t byte, struct pms_values *values)
{
    pms->frame[pms->length++] = byte;
    if (!can_begin(pms)) {
        if (pms->length > 2) { /* it began as a frame does */
            pms->garbled++;
        }

        drop_first(pms);
        return false;
    }

    if (pms->length < PMS_FRAME_LENGTH) {
        return false;
    }

    uint16_t sum = 0;
    for (uint32_t i = 0; i < PMS_FRAME_LENGTH - 2; i++) {
        sum = (uint16_t)(sum + pms->frame[i]);
    }

    if (sum != word(pms->frame + PMS_FRAME_LENGTH - 2)) {
        pms->garbled++;
        drop_first(pms);
        return false;
    }

    values->pm1 = word(pms->frame + 10);
    values->pm2_5 = word(pms->frame + 12);
    values->pm10 = word(pms->frame + 14);
    pms->length = 0;
    return true;
}
