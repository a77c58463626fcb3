"""Messages per second of Python's email: small, typical, and one large attachment. One JSON line a round."""

import json
import sys
import time
from email.message import EmailMessage
from email.policy import SMTP

text, html, picture_path, large_path, rounds = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5])
picture = open(picture_path, "rb").read()


def head():
    message = EmailMessage(policy=SMTP)
    message["From"] = "Ann Example <ann@a.example>"
    message["To"] = "Bob Example <bob@b.example>"
    message["Subject"] = "Quarterly figures"
    message["Date"] = "Tue, 3 Mar 2026 15:00:00 +0100"
    message["Message-ID"] = "<1@a.example>"
    return message


def small():
    message = head()
    message.set_content(text)
    return message.as_bytes()


def typical():
    message = head()
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    body = message.get_payload()[1]
    for number in (1, 2):
        body.add_related(picture, "image", "png", cid=f"<picture{number}>", filename=f"picture{number}.png", disposition="inline")
    return message.as_bytes()


def large():
    message = head()
    message.set_content(text)
    with open(large_path, "rb") as file:
        message.add_attachment(file.read(), "application", "octet-stream", filename="large.bin")
    return message.as_bytes()


def rate(build, seconds):
    build()
    count = 0
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        build()
        count += 1
    return count / (time.perf_counter() - start)


for _ in range(rounds):
    start = time.perf_counter()
    large()
    took = time.perf_counter() - start
    print(json.dumps({"small": rate(small, 0.4), "typical": rate(typical, 0.4), "large": took}), flush=True)
