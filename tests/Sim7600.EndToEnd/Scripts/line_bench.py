"""A firmware author's bench: the speed of the serial line, a slow reader, and a board behind a real serial device.

Plain Python and POSIX only, and nothing of the SDK.

    line_bench.py speeds PORT     the port is opened at 115200 and at other speeds than the modem's
    line_bench.py slow PORT       a reader that takes a byte every 5 ms loses some of AT&V, once a fault is there
    line_bench.py board LINK      is the board: LINK is where the 'serial device' is found; its adapter is pulled once
"""
import fcntl
import os
import select
import struct
import sys
import termios
import time
import tty

LIMIT = 30.0
TCGETS2 = 0x802C542A  # Linux: line settings with the speed as a number
OK = b"\r\nOK\r\n"


class Line:
    def __init__(self, file):
        self.file = file
        self.buffer = b""

    def speed(self, rate):
        settings = termios.tcgetattr(self.file)
        settings[4] = settings[5] = rate
        termios.tcsetattr(self.file, termios.TCSANOW, settings)

    def write(self, data):
        while data:
            data = data[os.write(self.file, data):]

    def fill(self, seconds):
        """True when something came within the time."""
        if not select.select([self.file], [], [], max(0, seconds))[0]:
            return False
        self.buffer += os.read(self.file, 4096)
        return True

    def until(self, text):
        deadline = time.monotonic() + LIMIT
        while text not in self.buffer:
            if not self.fill(deadline - time.monotonic()):
                raise SystemExit("no %r within %d s, only %r" % (text, LIMIT, self.buffer[-200:]))
        before, self.buffer = self.buffer.split(text, 1)
        return before

    def say(self, line):
        self.write(line.encode() + b"\r")
        return self.until(OK)

    def hear(self, seconds):
        """What comes within a time."""
        deadline = time.monotonic() + seconds
        while self.fill(deadline - time.monotonic()):
            pass
        heard, self.buffer = self.buffer, b""
        return heard

    def synchronise(self):
        """As firmware does at its start: AT until the modem answers."""
        deadline = time.monotonic() + LIMIT
        while OK not in self.buffer:
            if time.monotonic() > deadline:
                raise SystemExit("the modem never answered AT")
            self.write(b"AT\r")
            self.fill(0.3)
        self.hear(0.5)
        self.say("ATE0")


def open_port(path):
    line = Line(os.open(path, os.O_RDWR | os.O_NOCTTY))
    tty.setraw(line.file)
    line.speed(termios.B115200)
    return line


def speeds(path):
    line = open_port(path)
    line.say("ATE0")
    line.speed(termios.B9600)
    line.write(b"AT\rAT\rAT\r")
    heard = line.hear(1)
    if b"OK" in heard:
        raise SystemExit("a port at 9600 understands a modem at 115200: %r" % heard)
    line.speed(termios.B115200)
    line.write(b"\r")
    line.hear(0.3)
    line.say("AT+IPR=9600")
    line.write(b"AT\r")
    if b"OK" in line.hear(0.5):
        raise SystemExit("the modem is still at 115200")
    line.speed(termios.B9600)
    line.write(b"\r")
    line.hear(0.3)
    if b"+IPR: 9600" not in line.say("AT+IPR?"):
        raise SystemExit("the modem forgot its speed")


def slow(path):
    line = open_port(path)
    line.say("ATE0")
    whole = len(line.say("AT&V") + OK)
    line.write(b"AT+CSQ\r")  # the fault waits for it
    line.hear(0.5)
    line.write(b"AT&V\r")
    got = 0
    while select.select([line.file], [], [], 1)[0]:
        got += len(os.read(line.file, 1))
        time.sleep(0.005)  # this is what a slow reader is
    print("READ %d of %d" % (got, whole), flush=True)
    if not 16 < got < whole:
        raise SystemExit("nothing was lost")


class Board:
    """The board's end of an adapter that can be pulled."""

    def __init__(self, link):
        self.link = link
        self.plug()

    def plug(self):
        self.master, slave = os.openpty()
        tty.setraw(slave)
        fresh = self.link + ".new"
        os.symlink(os.ttyname(slave), fresh)
        os.rename(fresh, self.link)
        self.slave = slave  # held, so that reading waits for the emulator instead of failing
        self.line = Line(self.master)

    def pull(self):
        os.unlink(self.link)
        os.close(self.slave)
        os.close(self.master)

    def expect_speed(self, rate):
        deadline = time.monotonic() + LIMIT
        while struct.unpack("=4I20s2I", fcntl.ioctl(self.master, TCGETS2, bytes(44)))[6] != rate:
            if time.monotonic() > deadline:
                raise SystemExit("the device has another speed")
            time.sleep(0.01)


def board(link):
    board = Board(link)
    print("PLUGGED", flush=True)
    board.line.synchronise()
    board.expect_speed(57600)
    board.line.say("AT+CREG=1")
    board.line.say("AT+IPR=9600")
    board.expect_speed(9600)
    board.line.say("AT")
    print("TALKED", flush=True)
    sys.stdin.readline()
    board.pull()
    print("PULLED", flush=True)
    sys.stdin.readline()
    board.plug()
    board.line.synchronise()
    if b"+CREG: 1,1" not in board.line.say("AT+CREG?"):
        raise SystemExit("the modem lost its state")
    board.expect_speed(9600)
    os.unlink(link)


{"speeds": speeds, "slow": slow, "board": board}[sys.argv[1]](sys.argv[2])
print("DONE", flush=True)
