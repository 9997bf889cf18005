"""Echoes what comes, one connection after the other, over TCP or with three more arguments over TLS with a client certificate."""
import socket
import ssl
import sys

listener = socket.create_server(("127.0.0.1", 0))
print("port", listener.getsockname()[1], flush=True)
while True:
    connection, _ = listener.accept()
    try:
        if len(sys.argv) > 1:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[1], sys.argv[2])
            context.load_verify_locations(sys.argv[3])
            context.verify_mode = ssl.CERT_REQUIRED
            connection = context.wrap_socket(connection, server_side=True)
            subject = dict(pair[0] for pair in connection.getpeercert()["subject"])
            print("client", subject["commonName"], flush=True)
        while data := connection.recv(65536):
            if data.endswith(b"quit"):
                break
            connection.sendall(data)  # waits while nobody reads the echo
    except OSError as error:
        print("error", error, flush=True)
    connection.close()
    print("closed", flush=True)
