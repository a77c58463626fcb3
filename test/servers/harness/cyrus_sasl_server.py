"""Cyrus SASL behind TLS and as much of SMTP as AUTH needs: the library decides who is let in, and what to bind to.

None of Debian 12's mail servers offers SCRAM-…-PLUS, though this library, which Postfix logs people in with, has it:
a server has to tell it of the channel, and none does. Here OpenSSL tells of it, by Debian's pyOpenSSL.

Arguments: folder (with `sasl2/` for the library's configuration), port, certificate, key, TLS version (1.2 or 1.3),
type of channel binding.
"""

import base64
import ctypes
import hashlib
import os
import socket
import sys

folder, port, certificate, key, version, binding = sys.argv[1:]
os.environ["SASL_CONF_PATH"] = os.path.join(folder, "sasl2")

from OpenSSL import SSL, crypto  # noqa: E402

sasl = ctypes.CDLL("libsasl2.so.2")
SASL_OK, SASL_CONTINUE, SASL_CHANNEL_BINDING = 0, 1, 21


class ChannelBinding(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_char_p),
        ("critical", ctypes.c_int),
        ("len", ctypes.c_ulong),
        ("data", ctypes.c_char_p),
    ]


def check(code, what):
    if code != SASL_OK:
        raise RuntimeError(f"{what}: {code}")


def channel(connection):
    """The octets of the channel, as OpenSSL knows them."""
    if binding == "tls-exporter":
        return connection.export_keying_material(b"EXPORTER-Channel-Binding", 32, b"")
    if binding == "tls-unique":
        return connection.get_peer_finished()
    der = crypto.dump_certificate(crypto.FILETYPE_ASN1, connection.get_context().certificate)
    return hashlib.sha256(der).digest()


def serve(connection):
    connection.do_handshake()
    data = channel(connection)
    held = ChannelBinding(binding.encode(), 0, len(data), data)
    session = ctypes.c_void_p()
    check(sasl.sasl_server_new(b"smtp", b"sasl.test", None, None, None, None, 0, ctypes.byref(session)), "new")
    check(sasl.sasl_setprop(session, SASL_CHANNEL_BINDING, ctypes.byref(held)), "channel binding")
    names = ctypes.c_char_p()
    check(sasl.sasl_listmech(session, None, b"", b" ", b"", ctypes.byref(names), None, None), "list")
    say = lambda line: connection.sendall(line + b"\r\n")
    say(b"220 sasl.test ESMTP")
    lines = iter(lambda: read(connection), None)
    for line in lines:
        verb, _, rest = line.partition(b" ")
        if verb == b"EHLO":
            say(b"250-sasl.test\r\n250 AUTH " + names.value)
        elif verb == b"AUTH":
            name, _, initial = rest.partition(b" ")
            out, length = ctypes.c_char_p(), ctypes.c_uint()
            first = base64.b64decode(initial)
            code = sasl.sasl_server_start(
                session, name, first, len(first), ctypes.byref(out), ctypes.byref(length)
            )
            while code == SASL_CONTINUE:
                say(b"334 " + base64.b64encode(ctypes.string_at(out, length.value)))
                answer = base64.b64decode(next(lines))
                code = sasl.sasl_server_step(session, answer, len(answer), ctypes.byref(out), ctypes.byref(length))
            print(name.decode(), code, flush=True)
            say(b"235 2.7.0 Ok" if code == SASL_OK else b"535 5.7.8 Error %d" % code)
        elif verb == b"QUIT":
            say(b"221 Bye")
            break
        else:
            say(b"250 Ok")
    sasl.sasl_dispose(ctypes.byref(session))
    connection.shutdown()
    connection.close()


def read(connection):
    line = b""
    while not line.endswith(b"\r\n"):
        try:
            line += connection.recv(1)
        except SSL.Error:
            return None
    return line[:-2]


context = SSL.Context(SSL.TLS_SERVER_METHOD)
context.set_min_proto_version(SSL.TLS1_3_VERSION if version == "1.3" else SSL.TLS1_2_VERSION)
context.set_max_proto_version(SSL.TLS1_3_VERSION if version == "1.3" else SSL.TLS1_2_VERSION)
context.set_options(SSL.OP_NO_TICKET)
context.use_certificate_file(certificate)
context.use_privatekey_file(key)
with open(certificate, "rb") as file:
    context.certificate = crypto.load_certificate(crypto.FILETYPE_PEM, file.read())
check(sasl.sasl_server_init(None, b"mailbench"), "init")
listener = socket.create_server(("127.0.0.1", int(port)))


def accept(plain):
    connection = SSL.Connection(context, plain)
    connection.set_accept_state()
    try:
        serve(connection)
    except (SSL.Error, ConnectionError) as error:
        print(repr(error), flush=True)
        plain.close()


# One after another: the library has no locks of its own.
while True:
    accept(listener.accept()[0])
