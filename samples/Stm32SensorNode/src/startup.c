/* Vector table and what has to happen before main. */
#include <stdint.h>

#include "registers.h"

extern uint32_t data_source, data_start, data_end, bss_start, bss_end, stack_top;

int main(void);
void reset_handler(void);
void fault_handler(void);
void systick_handler(void);
void usart2_handler(void);
void usart3_handler(void);

void reset_handler(void)
{
    uint32_t *from = &data_source;
    for (uint32_t *to = &data_start; to < &data_end;) {
        *to++ = *from++;
    }

    for (uint32_t *to = &bss_start; to < &bss_end;) {
        *to++ = 0;
    }

    (void)main();
    fault_handler();
}

/* A fault: start anew. The broker sees the will, and n begins at 1. */
void fault_handler(void)
{
    SCB_RESET = 0x05FA0004;
    for (;;) {
    }
}

#define PERIPHERALS 82 /* of the STM32F405 */

struct vectors {
    uint32_t *stack;
    void (*core[15])(void);
    void (*peripheral[PERIPHERALS])(void);
};

__attribute__((section(".vectors"), used)) static const struct vectors vectors = {
    .stack = &stack_top,
    .core = {
        [0] = reset_handler, [1] = fault_handler, [2] = fault_handler, [3] = fault_handler, [4] = fault_handler, [5] = fault_handler,
        [10] = fault_handler, [11] = fault_handler, [13] = fault_handler, [14] = systick_handler,
    },
    .peripheral = { [0 ... 37] = fault_handler, [38] = usart2_handler, [39] = usart3_handler, [40 ... PERIPHERALS - 1] = fault_handler },
};
