"""Reads messages, one JSON line each ({"id", "message" in base64}), by Python's email and tells what it found, one JSON line each."""

import base64
import email
import email.policy
import hashlib
import json
import sys


def sha(octets):
    return hashlib.sha256(octets).hexdigest()


def addresses(message, name):
    found = []
    for header in message.get_all(name, []):
        for address in header.addresses:
            # Octets of UTF-8 come out of a header as surrogates.
            spec = address.addr_spec.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            found.append([address.display_name, spec])
    return found


def node(part):
    kind = part.get_content_type()
    if part.get_content_maintype() == "multipart":
        return {"type": kind, "children": [node(child) for child in part.iter_parts()]}
    found = {
        "type": kind,
        "name": part.get_filename(),
        "legacyName": part.get_param("name", header="content-type"),
        "disposition": part.get_content_disposition(),
        "cid": part["content-id"],
        "description": part["content-description"],
        "charset": part.get_content_charset(),
        "method": part.get_param("method"),
    }
    if isinstance(found["legacyName"], tuple):
        found["legacyName"] = None
    if kind == "message/rfc822":
        found["inner"] = str(part.get_content()["subject"])
        return found
    octets = part.get_payload(decode=True) or b""
    found["sha"] = sha(octets)
    if part.get_content_maintype() == "text":
        try:
            text = octets.decode(part.get_content_charset() or "us-ascii")
            found["text"] = sha(text.replace("\r\n", "\n").rstrip("\n").encode("utf-8", "surrogatepass"))
        except (LookupError, UnicodeDecodeError) as error:
            found["text"] = "error: " + str(error)
    return found


def header(message, name):
    value = message[name]
    return None if value is None else str(value)


def read(octets, extra):
    message = email.message_from_bytes(octets, policy=email.policy.default)
    defects = [type(d).__name__ for part in message.walk() for d in part.defects]
    return {
        "subject": header(message, "subject"),
        "extra": header(message, extra) if extra else None,
        "messageId": header(message, "message-id"),
        "references": header(message, "references"),
        "from": addresses(message, "from"),
        "to": addresses(message, "to"),
        "cc": addresses(message, "cc"),
        "tree": node(message),
        "defects": defects,
    }


for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = read(base64.b64decode(request["message"]), request.get("extra"))
    except Exception as error:  # a crash of the reader is an answer too
        answer = {"error": type(error).__name__ + ": " + str(error)}
    answer["id"] = request["id"]
    print(json.dumps(answer), flush=True)
