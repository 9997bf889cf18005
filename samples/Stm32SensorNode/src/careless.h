/* Faults that firmware in the field has, on purpose: make CARELESS=<sum of bits>. 1 is all of them. Never ship with it. */
#ifndef CARELESS_H
#define CARELESS_H

#ifndef CARELESS
#define CARELESS 0
#endif

#define CARELESS_NO_PROMPT    2   /* data follows its command at once, without waiting for '>' */
#define CARELESS_WRONG_LENGTH 4   /* two bytes more are promised than sent: a line end was counted that is never sent */
#define CARELESS_NO_FINAL     8   /* the next command goes out before the final result of the last one */
#define CARELESS_NO_RESULT    16  /* OK is taken for the end: the next command goes out before +CMQTTx: */
#define CARELESS_IGNORE_CODES 32  /* ERROR and result codes count as success */
#define CARELESS_NO_TEARDOWN  64  /* after a fault START again, with no DISC, REL, STOP */
#define CARELESS_NO_RECOVERY  128 /* +CMQTTCONNLOST, +CMQTTNONET, +CMQTTPING and RDY are not looked at */
#define CARELESS_EARLY        256 /* commands from the first millisecond: no AT that is answered, no PB DONE, no registration */
#define CARELESS_SECRET       512 /* a key is part of the topic, where every broker log shows it */

#define CARELESSLY(bit) (CARELESS == 1 || (CARELESS & (bit)) != 0)

#endif
