#include "board.h"

#include "registers.h"
#include "ring.h"
#include "text.h"

#define LOG_BAUD 115200u
#define MODEM_BAUD 115200u
#define SENSOR_BAUD 9600u
#define HSE_MHZ 25u         /* the crystal of a Netduino Plus 2; 8 on many other boards */
#define TRIES 200000u       /* some ten milliseconds */
#define ADC_TRIES 2000u     /* a conversion takes 24 us */

static volatile uint32_t milliseconds;
static struct ring modem_ring;
static struct ring sensor_ring;
static volatile uint32_t overruns;
static uint32_t core_hz, apb1_hz, apb2_hz;

void systick_handler(void);
void usart2_handler(void);
void usart3_handler(void);

void systick_handler(void)
{
    milliseconds = milliseconds + 1;
}

static void receive(struct usart *usart, struct ring *ring)
{
    uint32_t status = usart->status;
    if (status & (USART_RECEIVED | USART_OVERRUN)) {
        uint8_t byte = (uint8_t)usart->data; /* reading status, then data, clears both */
        if (status & USART_OVERRUN) {
            overruns = overruns + 1;
        }

        if (status & USART_RECEIVED) {
            ring_put(ring, byte);
        }
    }
}

void usart2_handler(void)
{
    receive(USART2, &modem_ring);
}

void usart3_handler(void)
{
    receive(USART3, &sensor_ring);
}

static bool wait_for(volatile uint32_t *where, uint32_t bits, uint32_t value, uint32_t tries)
{
    for (uint32_t i = 0; i < tries; i++) {
        if ((*where & bits) == value) {
            return true;
        }
    }

    return false;
}

/* 168 MHz from the crystal; 16 MHz from the internal oscillator when that fails. Never waits for ever. */
static void clock_begin(void)
{
    if (RCC_CR == 0) { /* cannot be on silicon, whose oscillator runs: a model without clock tree, whose core clock is fixed */
        core_hz = 168000000;
        apb1_hz = core_hz / 4;
        apb2_hz = core_hz / 2;
        return;
    }

    core_hz = apb1_hz = apb2_hz = 16000000;
    RCC_CR |= 1u << 16; /* HSE on */
    if (!wait_for(&RCC_CR, 1u << 17, 1u << 17, TRIES)) {
        return;
    }

    RCC_PLLCFGR = HSE_MHZ | 336u << 6 | 0u << 16 | 1u << 22 | 7u << 24; /* 1 MHz x 336 / 2, from HSE */
    RCC_CR |= 1u << 24;
    if (!wait_for(&RCC_CR, 1u << 25, 1u << 25, TRIES)) {
        return;
    }

    FLASH_ACR = 5u | 1u << 8 | 1u << 9 | 1u << 10; /* five wait states, prefetch, both caches, before the clock rises */
    RCC_CFGR = 5u << 10 | 4u << 13;                /* APB1 by 4, APB2 by 2 */
    RCC_CFGR |= 2u;                                /* switch to the PLL */
    if (!wait_for(&RCC_CFGR, 3u << 2, 2u << 2, TRIES)) {
        RCC_CFGR = 0;
        return;
    }

    core_hz = 168000000;
    apb1_hz = core_hz / 4;
    apb2_hz = core_hz / 2;
}

static void alternate(struct gpio *port, uint32_t pin, uint32_t function)
{
    port->alternate[pin / 8] = (port->alternate[pin / 8] & ~(15u << pin % 8 * 4)) | function << pin % 8 * 4;
    port->mode = (port->mode & ~(3u << pin * 2)) | 2u << pin * 2;
    port->pull = (port->pull & ~(3u << pin * 2)) | 1u << pin * 2; /* up: an open line is idle */
}

static void usart_begin(struct usart *usart, uint32_t hz, uint32_t baud, bool receives)
{
    usart->baud = (hz + baud / 2) / baud;
    usart->control2 = 0;
    usart->control3 = 0;
    usart->control1 = 1u << 13 | 1u << 3 | (receives ? 1u << 2 | 1u << 5 : 0); /* on, transmit, receive with interrupt */
}

void board_begin(void)
{
    clock_begin();
    RCC_AHB1ENR |= 7u;                  /* GPIO A, B, C */
    RCC_APB1ENR |= 1u << 17 | 1u << 18; /* USART2, USART3 */
    RCC_APB2ENR |= 1u << 4 | 1u << 8;   /* USART1, ADC1 */
    alternate(GPIOA, 9, 7);
    alternate(GPIOA, 10, 7);
    alternate(GPIOA, 2, 7);
    alternate(GPIOA, 3, 7);
    alternate(GPIOB, 10, 7);
    alternate(GPIOB, 11, 7);
    usart_begin(USART1, apb2_hz, LOG_BAUD, false);
    usart_begin(USART2, apb1_hz, MODEM_BAUD, true);
    usart_begin(USART3, apb1_hz, SENSOR_BAUD, true);

    SYSTICK_LOAD = core_hz / 1000 - 1;
    SYSTICK_VALUE = 0;
    SYSTICK_CONTROL = 7;
    NVIC_ENABLE1 = 1u << (38 - 32) | 1u << (39 - 32); /* USART2, USART3 */

    WATCHDOG_KEY = 0x5555;
    WATCHDOG_PRESCALE = 5;    /* 32 kHz by 128: 4 ms a step */
    WATCHDOG_RELOAD = 2000;   /* 8 s */
    WATCHDOG_KEY = 0xCCCC;
}

uint32_t board_now(void)
{
    return milliseconds;
}

void board_sleep(void)
{
    WATCHDOG_KEY = 0xAAAA;
    __asm volatile("wfi"); /* an interrupt between the last look and here costs one millisecond at most: SysTick wakes */
}

static void write_byte(struct usart *usart, uint8_t byte)
{
    for (uint32_t i = 0; i < TRIES && (usart->status & USART_EMPTY) == 0; i++) {
    }

    usart->data = byte & 0xFFu;
}

void board_modem_write(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        write_byte(USART2, bytes[i]);
    }
}

bool board_modem_read(uint8_t *byte)
{
    return ring_take(&modem_ring, byte);
}

bool board_sensor_read(uint8_t *byte)
{
    return ring_take(&sensor_ring, byte);
}

uint32_t board_lost_bytes(void)
{
    return overruns + modem_ring.lost + sensor_ring.lost;
}

void board_log(const char *text)
{
    static char buffer[16];
    struct text stamp;
    text_begin(&stamp, buffer, sizeof buffer);
    text_add_number(&stamp, milliseconds);
    text_add(&stamp, " ms ");
    for (const char *part = buffer; *part != '\0'; part++) {
        write_byte(USART1, (uint8_t)*part);
    }

    for (; *text != '\0'; text++) {
        write_byte(USART1, (uint8_t)*text);
    }

    write_byte(USART1, '\r');
    write_byte(USART1, '\n');
}

void board_modem_power_cycle(void)
{
    /* Nothing is wired here. On a board: pull PWRKEY for 2.5 s to switch off, wait 25 s, pull it for 0.5 s, by a small state machine that never blocks. */
}

uint32_t board_seed(void)
{
    uint16_t noise = 0;
    uint32_t seed = 2166136261u;
    for (int i = 0; i < 8; i++) {
        (void)board_adc_read(&noise);
        seed = (seed ^ noise ^ SYSTICK_VALUE) * 16777619u;
    }

    return seed;
}

bool board_adc_read(uint16_t *value)
{
    ADC1_SAMPLE2 = 7u << 24; /* channel 8: 480 cycles */
    ADC1_SEQUENCE3 = 8;
    ADC1_CONTROL2 = 1;
    ADC1_CONTROL2 = 1u | 1u << 30;
    bool ended = wait_for(&ADC1_STATUS, 2, 2, ADC_TRIES);
    *value = (uint16_t)(ADC1_DATA & 0xFFFu);
    return ended;
}
