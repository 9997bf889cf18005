"""A client of a serial port in plain Python, told on stdin what to do, one answer a line.

It stands for a user's own script: it has no code of ours, does not flush the port, and sets only what it is told to.
"""
import errno
import fcntl
import os
import select
import sys
import termios


def opened(port):
    return os.open(port, os.O_RDWR | os.O_NOCTTY)


def read(fd, count):
    got = b""
    while len(got) < count:
        try:
            some = os.read(fd, count - len(got))
        except OSError as error:
            return got.hex() + " " + errno.errorcode[error.errno]
        if not some:
            return got.hex() + " end"
        got += some
    return got.hex()


def write(fd, data):
    sent = 0
    while sent < len(data):
        sent += os.write(fd, data[sent:])
    return str(sent)


def wait(fd):
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    poll.poll()
    return "something is there"


def speed(fd, baud):
    attributes = termios.tcgetattr(fd)
    attributes[4] = attributes[5] = getattr(termios, "B" + baud)
    termios.tcsetattr(fd, termios.TCSANOW, attributes)
    return baud


def cook(fd):
    attributes = termios.tcgetattr(fd)
    attributes[0] |= termios.ICRNL | termios.IXON
    attributes[1] |= termios.OPOST | termios.ONLCR
    attributes[3] |= termios.ECHO | termios.ICANON | termios.ISIG
    termios.tcsetattr(fd, termios.TCSANOW, attributes)
    return "cooked"


def translations(fd):
    attributes = termios.tcgetattr(fd)
    on = [name for name in ("ICRNL", "INLCR", "IGNCR", "IXON", "IXOFF", "ISTRIP", "BRKINT") if attributes[0] & getattr(termios, name)]
    on += [name for name in ("OPOST",) if attributes[1] & getattr(termios, name)]
    on += [name for name in ("ECHO", "ICANON", "ISIG", "IEXTEN") if attributes[3] & getattr(termios, name)]
    return " ".join(on) or "none"


def main():
    port = sys.argv[1]
    fd = -1
    print("here", flush=True)
    for line in iter(sys.stdin.readline, ""):
        verb, *words = line.split()
        try:
            if verb == "open":
                fd = opened(port)
                answer = "open"
            elif verb == "read":
                answer = read(fd, int(words[0]))
            elif verb == "write":
                answer = write(fd, bytes.fromhex(words[0]))
            elif verb == "wait":
                answer = wait(fd)
            elif verb == "speed":
                answer = speed(fd, words[0])
            elif verb == "cook":
                answer = cook(fd)
            elif verb == "translations":
                answer = translations(fd)
            elif verb == "lock":
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                answer = "locked"
            elif verb == "close":
                os.close(fd)
                answer = "closed"
            else:
                answer = "what?"
        except OSError as error:
            answer = errno.errorcode[error.errno]
        print(answer, flush=True)


main()
