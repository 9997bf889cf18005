"""A firmware author's script: types AT+CMQTT* commands on a serial port and reads what the modem prints.

Plain Python and POSIX only, and nothing of the SDK: it is the independent party of the end-to-end tests.

    at_dialogue.py PORT publish BROKER TOPIC FILE [QOS [INDEX]]
    at_dialogue.py PORT receive BROKER FILTER FILE [COUNT]
    at_dialogue.py PORT both    BROKER TOPIC FILE
    at_dialogue.py PORT tls     BROKER TOPIC FILE CAFILE

`publish` walks START..STOP, `receive` subscribes, says SUBSCRIBED and writes the payloads that arrive to FILE,
`both` uses the two clients at once: client 1 subscribes to what client 0 publishes, `tls` loads a CA certificate
into the modem and publishes over TLS with the server verified.
"""
import os
import select
import sys
import termios
import time
import tty

LIMIT = 30.0


class Modem:
    def __init__(self, path):
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self.fd)
        termios.tcflush(self.fd, termios.TCIOFLUSH)
        self.buffer = b""

    def write(self, data):
        while data:
            _, ready, _ = select.select([], [self.fd], [], LIMIT)
            if not ready:
                raise SystemExit("the port takes no bytes")
            data = data[os.write(self.fd, data):]

    def fill(self, deadline, waiting_for):
        rest = deadline - time.monotonic()
        ready, _, _ = select.select([self.fd], [], [], max(rest, 0))
        if not ready:
            raise SystemExit("no %r within %d s, only %r" % (waiting_for, LIMIT, self.buffer[-200:]))
        data = os.read(self.fd, 65536)
        if not data:
            raise SystemExit("the port was closed")
        self.buffer += data

    def until(self, text):
        """Reads up to and including text; returns what stood before it."""
        deadline = time.monotonic() + LIMIT
        while text not in self.buffer:
            self.fill(deadline, text)
        before, self.buffer = self.buffer.split(text, 1)
        return before

    def peek(self, length):
        deadline = time.monotonic() + LIMIT
        while len(self.buffer) < length:
            self.fill(deadline, "%d bytes" % length)
        return self.buffer[:length]

    def count(self, length):
        deadline = time.monotonic() + LIMIT
        while len(self.buffer) < length:
            self.fill(deadline, "%d bytes" % length)
        data, self.buffer = self.buffer[:length], self.buffer[length:]
        return data

    def command(self, line, expect):
        """Sends a command line and demands the next bytes to be exactly these."""
        self.write(line.encode() + b"\r")
        got = self.count(len(expect))
        if got != expect:
            raise SystemExit("%s: expected %r, got %r" % (line, expect, got))

    def data(self, line, data):
        self.command(line, b"\r\n>")
        self.write(data)
        got = self.count(6)
        if got != b"\r\nOK\r\n":
            raise SystemExit("%s: no OK after the data, got %r" % (line, got))

    def result(self, line):
        expect = b"\r\n" + line.encode() + b"\r\n"
        got = self.count(len(expect))
        if got != expect:
            raise SystemExit("expected %r, got %r" % (expect, got))

    def message(self):
        """Reads one RXSTART..RXEND block by its counts."""
        self.until(b"\r\n+CMQTTRXSTART: ")
        index, topic_total, payload_total = [int(part) for part in self.until(b"\r\n").split(b",")]
        topic, payload = b"", b""
        while True:
            header = self.until(b"\r\n")
            if not header:
                continue
            name, _, numbers = header.partition(b": ")
            if name == b"+CMQTTRXEND":
                break
            length = int(numbers.split(b",")[1])
            piece = self.count(length)
            if self.count(2) != b"\r\n":
                raise SystemExit("no CR LF after %r" % header)
            if name == b"+CMQTTRXTOPIC":
                topic += piece
            elif name == b"+CMQTTRXPAYLOAD":
                if length > 1500:
                    raise SystemExit("a piece of %d bytes" % length)
                payload += piece
            else:
                raise SystemExit("unexpected %r inside a message" % header)
        if (len(topic), len(payload)) != (topic_total, payload_total):
            raise SystemExit("the counts do not add up")
        return index, topic, payload


OK = b"\r\nOK\r\n"


def open_modem(path):
    modem = Modem(path)
    modem.write(b"ATE0\r")
    modem.until(b"\r\nOK\r\n")
    return modem


def connect(modem, broker, index, name):
    modem.command('AT+CMQTTACCQ=%d,"%s"' % (index, name), OK)
    modem.command('AT+CMQTTCONNECT=%d,"tcp://%s",60,1' % (index, broker), OK)
    modem.result("+CMQTTCONNECT: %d,0" % index)


def publish(modem, index, topic, payload, qos):
    modem.data("AT+CMQTTTOPIC=%d,%d" % (index, len(topic)), topic.encode())
    modem.data("AT+CMQTTPAYLOAD=%d,%d" % (index, len(payload)), payload)
    modem.command("AT+CMQTTPUB=%d,%d,60" % (index, qos), OK)
    modem.result("+CMQTTPUB: %d,0" % index)


def subscribe(modem, index, topic_filter, qos):
    modem.command("AT+CMQTTSUB=%d,%d,%d" % (index, len(topic_filter), qos), b"\r\n>")
    modem.write(topic_filter.encode())
    modem.result("OK")
    modem.result("+CMQTTSUB: %d,0" % index)


def finish(modem, *indexes):
    for index in indexes:
        modem.command("AT+CMQTTDISC=%d,60" % index, OK)
        modem.result("+CMQTTDISC: %d,0" % index)
        modem.command("AT+CMQTTREL=%d" % index, OK)
    modem.command("AT+CMQTTSTOP", b"\r\n+CMQTTSTOP: 0\r\n" + OK)


def main():
    port, action, broker, topic, path = sys.argv[1:6]
    rest = sys.argv[6:]
    modem = open_modem(port)
    modem.command("AT+CMQTTSTART", b"\r\n+CMQTTSTART: 0\r\n" + OK)
    name = "python-%d" % os.getpid()
    if action == "publish":
        qos = int(rest[0]) if rest else 1
        index = int(rest[1]) if len(rest) > 1 else 0
        connect(modem, broker, index, name)
        with open(path, "rb") as file:
            publish(modem, index, topic, file.read(), qos)
        finish(modem, index)
    elif action == "receive":
        count = int(rest[0]) if rest else 1
        connect(modem, broker, 0, name)
        subscribe(modem, 0, topic, 1)
        print("SUBSCRIBED", flush=True)
        with open(path, "wb") as file:
            for _ in range(count):
                file.write(modem.message()[2])
        finish(modem, 0)
    elif action == "both":
        connect(modem, broker, 0, name + "-a")
        connect(modem, broker, 1, name + "-b")
        subscribe(modem, 1, topic, 1)
        with open(path, "rb") as file:
            payload = file.read()
        modem.data("AT+CMQTTTOPIC=0,%d" % len(topic), topic.encode())
        modem.data("AT+CMQTTPAYLOAD=0,%d" % len(payload), payload)
        modem.command("AT+CMQTTPUB=0,1,60", OK)
        # The broker may serve client 1 before it acknowledges client 0: the two lines come in either order.
        result = b"\r\n+CMQTTPUB: 0,0\r\n"
        result_first = modem.peek(len(result)) == result
        if result_first:
            modem.count(len(result))
        index, got_topic, got_payload = modem.message()
        if not result_first:
            modem.result("+CMQTTPUB: 0,0")
        if (index, got_topic, got_payload) != (1, topic.encode(), payload):
            raise SystemExit("client 1 received something else")
        finish(modem, 0, 1)
    elif action == "tls":
        with open(rest[0], "rb") as file:
            ca = file.read()
        modem.data('AT+CCERTDOWN="ca.pem",%d' % len(ca), ca)
        modem.command("AT+CCERTLIST", b'\r\n+CCERTLIST: "ca.pem"\r\n' + OK)
        for setting in ('"sslversion",0,4', '"authmode",0,1', '"cacert",0,"ca.pem"', '"enableSNI",0,1'):
            modem.command("AT+CSSLCFG=" + setting, OK)
        modem.command('AT+CMQTTACCQ=0,"%s",1' % name, OK)
        modem.command("AT+CMQTTSSLCFG=0,0", OK)
        modem.command('AT+CMQTTCONNECT=0,"tcp://%s",60,1' % broker, OK)
        modem.result("+CMQTTCONNECT: 0,0")
        with open(path, "rb") as file:
            publish(modem, 0, topic, file.read(), 1)
        finish(modem, 0)
        modem.command('AT+CCERTDELE="ca.pem"', OK)
    print("DONE", flush=True)


main()
