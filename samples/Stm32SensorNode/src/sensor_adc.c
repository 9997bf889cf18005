/* An analogue sensor on PB0 (ADC1 channel 8): the same number for all three sizes. Scale it for the part on your board. */
#include "board.h"
#include "sensor.h"

static uint32_t missing;

void sensor_begin(void)
{
}

void sensor_poll(uint32_t now)
{
    (void)now;
}

bool sensor_take(struct reading *reading)
{
    uint16_t value;
    if (!board_adc_read(&value)) { /* the conversion never ended */
        missing++;
        return false;
    }

    reading->pm1 = reading->pm2_5 = reading->pm10 = value;
    return true;
}

struct sensor_counters sensor_counters(void)
{
    return (struct sensor_counters){ .missing = missing };
}
