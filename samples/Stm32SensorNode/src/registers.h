/* The few registers of the STM32F405 (reference manual RM0090) that are used here. */
#ifndef REGISTERS_H
#define REGISTERS_H

#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t *)(address))

#define RCC_CR      REGISTER(0x40023800)
#define RCC_PLLCFGR REGISTER(0x40023804)
#define RCC_CFGR    REGISTER(0x40023808)
#define RCC_AHB1ENR REGISTER(0x40023830)
#define RCC_APB1ENR REGISTER(0x40023840)
#define RCC_APB2ENR REGISTER(0x40023844)

#define FLASH_ACR REGISTER(0x40023C00)

struct gpio {
    volatile uint32_t mode, type, speed, pull, input, output, set_reset, lock, alternate[2];
};

#define GPIOA ((struct gpio *)0x40020000)
#define GPIOB ((struct gpio *)0x40020400)
#define GPIOC ((struct gpio *)0x40020800)

struct usart {
    volatile uint32_t status, data, baud, control1, control2, control3;
};

#define USART1 ((struct usart *)0x40011000)
#define USART2 ((struct usart *)0x40004400)
#define USART3 ((struct usart *)0x40004800)

#define USART_OVERRUN  (1u << 3)
#define USART_RECEIVED (1u << 5)
#define USART_EMPTY    (1u << 7)

#define ADC1_STATUS   REGISTER(0x40012000)
#define ADC1_CONTROL2 REGISTER(0x40012008)
#define ADC1_SAMPLE2  REGISTER(0x40012010)
#define ADC1_SEQUENCE3 REGISTER(0x40012034)
#define ADC1_DATA     REGISTER(0x4001204C)

#define WATCHDOG_KEY      REGISTER(0x40003000)
#define WATCHDOG_PRESCALE REGISTER(0x40003004)
#define WATCHDOG_RELOAD   REGISTER(0x40003008)

#define SYSTICK_CONTROL REGISTER(0xE000E010)
#define SYSTICK_LOAD    REGISTER(0xE000E014)
#define SYSTICK_VALUE   REGISTER(0xE000E018)
#define NVIC_ENABLE1    REGISTER(0xE000E104)
#define SCB_RESET       REGISTER(0xE000ED0C)

#endif
