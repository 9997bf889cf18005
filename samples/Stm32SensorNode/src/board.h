/* What the firmware needs from an STM32F405: a clock, three USARTs, sleep. The rest of the firmware knows no register. */
#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Clock, pins, SysTick, USARTs, watchdog. */
void board_begin(void);

/* Milliseconds since the start. */
uint32_t board_now(void);

/* Sleeps until something has come or a millisecond is over, and keeps the watchdog quiet. */
void board_sleep(void);

void board_modem_write(const uint8_t *bytes, size_t length);
bool board_modem_read(uint8_t *byte);
bool board_sensor_read(uint8_t *byte);

/* Bytes that were lost before the firmware saw them: the ring was full, or the USART overran. */
uint32_t board_lost_bytes(void);

/* One line on the log USART. */
void board_log(const char *text);

/* Pulls the modem's PWRKEY: needs a pin and a transistor, see README.md. */
void board_modem_power_cycle(void);

/* A number that differs from board to board and from start to start, as far as there is one. */
uint32_t board_seed(void);

/* One conversion of ADC1 channel 8 (PB0), 12 bits. False when the converter does not answer. */
bool board_adc_read(uint16_t *value);

#endif
