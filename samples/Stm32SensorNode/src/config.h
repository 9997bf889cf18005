/* What belongs to this device. make NODE=… BROKER=… sets the first two; the rest is changed here. */
#ifndef CONFIG_H
#define CONFIG_H

#ifndef NODE
#define NODE "node-1" /* MQTT client id, and the first part of every topic */
#endif

#ifndef BROKER
#define BROKER "tcp://broker.example:1883" /* always tcp://, as the modem wants it */
#endif

#define KEEP_ALIVE_S 60
#define PERIOD_MS 1000u         /* between samples, until a command changes it */
#define PERIOD_MINIMUM_MS 100u
#define PERIOD_MAXIMUM_MS 3600000u

#endif
