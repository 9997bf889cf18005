#!/usr/bin/env python3
"""Plays a PMS5003-like sensor: 32-byte frames on a UNIX socket, to whoever connects. Plain Python."""
import argparse
import os
import random
import select
import socket
import struct
import sys
import time


def frame(pm1, pm2_5, pm10):
    words = [28, pm1, pm2_5, pm10, pm1, pm2_5, pm10, pm10 * 90, pm10 * 25, pm10 * 6, pm10, pm10 // 2, 2, 0x9700]
    body = b"\x42\x4d" + struct.pack(">14H", *words)
    return body + struct.pack(">H", sum(body) & 0xFFFF)


def values(arguments):
    """Endless (PM1, PM2.5, PM10): of the file, over and over, or a random walk of the seed."""
    if arguments.values:
        with open(arguments.values, encoding="ascii") as file:
            rows = [tuple(int(word) for word in line.split()) for line in file if line.strip() and not line.startswith("#")]
        if not rows or any(len(row) != 3 or not all(0 <= value <= 700 for value in row) for row in rows):
            sys.exit(f"{arguments.values}: wants lines of three numbers of 0 to 700: PM1 PM2.5 PM10")
        while True:
            yield from rows
    dice = random.Random(arguments.seed)
    level = 12
    while True:
        level = min(200, max(1, level + dice.randint(-3, 3)))
        yield level * 2 // 3, level, level + dice.randint(0, 9)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("socket", metavar="PATH", help="the UNIX socket to serve")
    parser.add_argument("--seed", type=int, default=1, help="of the values (default 1)")
    parser.add_argument("--values", metavar="FILE", help="values instead: lines of PM1 PM2.5 PM10")
    parser.add_argument("--interval-ms", type=int, default=250, help="between frames (default 250; the real sensor: 200 to 800)")
    parser.add_argument("--garble-every", type=int, default=0, metavar="N", help="every Nth frame has a wrong byte")
    parser.add_argument("--drop-every", type=int, default=0, metavar="N", help="every Nth frame loses a byte on the way")
    arguments = parser.parse_args()
    if os.path.exists(arguments.socket):
        os.unlink(arguments.socket)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(arguments.socket)
    server.listen(1)
    print("ready", flush=True)
    source = values(arguments)
    number = 0
    while True:
        client, _ = server.accept()
        client.settimeout(5)
        due = time.monotonic()
        try:
            while True:
                number += 1
                data = bytearray(frame(*next(source)))
                if arguments.garble_every and number % arguments.garble_every == 0:
                    data[12 + number % 4] ^= 0x21
                if arguments.drop_every and number % arguments.drop_every == 0:
                    del data[20]
                client.sendall(data)
                due += arguments.interval_ms / 1000
                readable, _, _ = select.select([client], [], [], max(0.0, due - time.monotonic()))
                if readable and not client.recv(4096):
                    break
        except OSError:
            pass
        client.close()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
