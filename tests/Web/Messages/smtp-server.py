"""A mail server for tests: Debian's python3-aiosmtpd on a free port of this machine. It prints its port, then each message it takes as one line of JSON.

smtp-server.py [--certificate FILE --key FILE] [--user NAME:PASSWORD] [--refuse ADDRESS] [--defer ADDRESS]
"""
import argparse
import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

arguments = argparse.ArgumentParser()
for name in ("certificate", "key", "user", "refuse", "defer"):
    arguments.add_argument(f"--{name}")
options = arguments.parse_args()


class Taker:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address == options.refuse:
            return "550 5.1.1 No such mailbox"
        if address == options.defer:
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        content = envelope.content if isinstance(envelope.content, str) else envelope.content.decode("utf-8", "surrogateescape")
        print(json.dumps({"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None, "content": content}), flush=True)
        return "250 Taken"


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=f"{data.login.decode()}:{data.password.decode()}" == options.user)


def protocol():
    tls = None
    if options.certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(options.certificate, options.key)
    return SMTP(Taker(), hostname="localhost", enable_SMTPUTF8=True, tls_context=tls, require_starttls=bool(tls),
                auth_required=bool(options.user), auth_require_tls=True, authenticator=authenticate if options.user else None)


async def serve():
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    # It ends when its parent does.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(serve())
