"""aiosmtpd on two loopback ports, SMTP and LMTP: each message becomes a file of its octets, the envelope before them.

Arguments: folder, SMTP port, LMTP port, certificate, key, user, password.
"""

import asyncio
import json
import os
import signal
import ssl
import sys

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, AuthResult

folder, smtp_port, lmtp_port, certificate, key, user, password = sys.argv[1:]
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(certificate, key)
count = 0


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused@"):
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server, session, envelope):
        global count
        count += 1
        # The null reverse-path comes as "<>", other addresses without brackets.
        sender = "" if envelope.mail_from in (None, "<>") else envelope.mail_from
        head = {"sender": sender, "recipients": envelope.rcpt_tos}
        path = os.path.join(folder, str(count))
        with open(path + ".tmp", "wb") as file:
            file.write(json.dumps(head).encode() + b"\n" + envelope.original_content)
        os.rename(path + ".tmp", path + ".message")
        return "250 2.0.0 Ok"


def authenticate(server, session, envelope, mechanism, data):
    right = data.login == user.encode() and data.password == password.encode()
    return AuthResult(success=right, handled=False)


def new(kind):
    return lambda: kind(
        Handler(),
        hostname="aiosmtpd.test",
        tls_context=context,
        enable_SMTPUTF8=True,
        data_size_limit=5_000_000,
        auth_require_tls=True,
        authenticator=authenticate,
        loop=asyncio.get_running_loop(),
    )


async def main():
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    await loop.create_server(new(SMTP), "127.0.0.1", int(smtp_port))
    await loop.create_server(new(LMTP), "127.0.0.1", int(lmtp_port))
    await stop.wait()


asyncio.run(main())
