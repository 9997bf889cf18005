#!/usr/bin/env python3
"""Measures the speed of the emulator's serial line from the client's side of a PTY: plain Python and POSIX, nothing of the SDK.

    measure.py [--seconds S] [--from N] RATE ...

For each rate it starts `sim7600 emulate --baud RATE` ($SIM7600 names another command) and opens the PTY at that speed. Then a
file goes into the modem with AT+CFTRANRX, timed from its first byte to the modem's OK, and comes out with AT+CFTRANTX, timed
from the first byte read to the last. With --from the emulator starts at rate N, and AT+IPR takes it to RATE.
"""
import argparse
import glob
import json
import os
import select
import shlex
import subprocess
import sys
import tempfile
import termios
import time
import tty

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OK = b"\r\nOK\r\n"


class Port:
    def __init__(self, path, rate):
        self.file = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self.file)
        self.set(rate)

    def set(self, rate):
        settings = termios.tcgetattr(self.file)
        settings[4] = settings[5] = getattr(termios, f"B{rate}")
        termios.tcsetattr(self.file, termios.TCSANOW, settings)

    def write(self, data):
        while data:
            data = data[os.write(self.file, data):]

    def read(self, limit=10.0):
        if not select.select([self.file], [], [], limit)[0]:
            sys.exit("the modem says nothing for 10 s")
        return os.read(self.file, 65536)

    def until(self, text):
        got = b""
        while not got.endswith(text):
            got += self.read()
        return got

    def say(self, line, expected=OK):
        self.write(line.encode() + b"\r")
        return self.until(expected)


def send(port, size):
    """A file into the modem; returns seconds for its bytes and the OK behind them, and how many bytes that were."""
    port.say(f'AT+CFTRANRX="C:/line.bin",{size}', b">")
    start = time.monotonic()
    port.write(bytes(range(256)) * (size // 256))
    port.until(OK)
    return time.monotonic() - start, size + len(OK)


def receive(port, size):
    """A file out of the modem; returns seconds from its first bytes to its last, and how many bytes that were."""
    port.write(b'AT+CFTRANTX="C:/line.bin"\r')
    got = port.read()
    start, first = time.monotonic(), len(got)
    while not got.endswith(b"+CFTRANTX: 0\r\n\r\nOK\r\n"):
        got += port.read()
    seconds = time.monotonic() - start
    if len(got) < size:
        sys.exit(f"{size} bytes went in, {len(got)} came out")
    return seconds, len(got) - first


def tool():
    if "SIM7600" in os.environ:
        return shlex.split(os.environ["SIM7600"])
    found = glob.glob(os.path.join(ROOT, "src", "Sim7600.Cli", "bin", "*", "net10.0", "Sim7600.Cli.dll"))
    return ["dotnet", max(found, key=os.path.getmtime)] if found else ["dotnet", "run", "--project", os.path.join(ROOT, "src", "Sim7600.Cli"), "--"]


def measure(rate, seconds, first):
    size = max(256, int(rate / 10 * seconds) // 256 * 256)
    with tempfile.TemporaryDirectory() as folder:
        command = tool() + ["emulate", "--json", "--pty", os.path.join(folder, "modem"), "--broker-port", "0", "--broker-tls-port", "off", "--baud", str(first or rate)]
        emulator = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=sys.stderr)
        try:
            port = Port(json.loads(emulator.stdout.readline())["ports"][0], first or rate)
            port.say("ATE0")
            if first:
                port.say(f"AT+IPR={rate}")
                port.set(rate)
                port.say("AT")
            for name, step in (("to the modem", send), ("to the host", receive)):
                took, count = step(port, size)
                ideal = count * 10 / rate
                print(f"{rate:>7} baud, {name:<12}  {count:>8} bytes in {took:7.3f} s = {count / took:8.0f} bytes/s, {100 * ideal / took - 100:+.2f} % of the line's {rate / 10:.0f}", flush=True)
            os.close(port.file)
        finally:
            emulator.terminate()
            emulator.wait(30)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rates", type=int, nargs="*", default=[9600, 115200, 921600], metavar="RATE", help="speeds in baud (default 9600 115200 921600)")
    parser.add_argument("--seconds", type=float, default=10, metavar="S", help="how long each file takes (default 10)")
    parser.add_argument("--from", type=int, dest="first", metavar="N", help="the speed to start at; AT+IPR changes it")
    arguments = parser.parse_args()
    for rate in arguments.rates:
        measure(rate, arguments.seconds, arguments.first)


main()
