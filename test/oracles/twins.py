"""The samples of media/samples/python-email as Python's email.mime makes them, and how both read.

Standard input: a JSON object of sample names and messages (base64). Standard output: a JSON object of sample names,
each with "ours" and "twin": what email.policy.default finds in either message.
"""

import base64
import email
import email.policy
import hashlib
import json
import pathlib
import sys
from email import encoders
from email.header import Header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.audio import MIMEAudio
from email.mime.base import MIMEBase
from email.mime.image import MIMEImage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formataddr

files = pathlib.Path(sys.argv[1])


def octets(name):
    return (files / name).read_bytes()


def with_header(message, subject, sender=("Ann", "ann@example.com"), to=("Jo Doe", "jo@example.org"), charset="utf-8"):
    message["From"] = formataddr(sender, charset)
    message["To"] = formataddr(to, charset)
    message["Subject"] = Header(subject, charset) if not subject.isascii() else subject
    return message


def attached(part, name):
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part


def mixed(subject, text, *parts, **header):
    message = with_header(MIMEMultipart(), subject, **header)
    message.attach(MIMEText(text, "plain", "utf-8"))
    for part in parts:
        message.attach(part)
    return message


def mimetext():
    text = "Dear Jo,\n\nthe café is open again – see you there.\n\nAnn\n"
    return with_header(MIMEText(text, "plain", "utf-8"), "Résumé of the week", sender=("Ann Zoë", "ann@example.com"))


def mimetext_html():
    return with_header(MIMEText("<p>The figures are <b>up</b> by 12 %.</p>\n", "html", "utf-8"), "An HTML message")


wang = {"sender": ("小王", "wang@example.com"), "to": ("朋友", "friend@example.org")}


def mimetext_gb2312():
    text = MIMEText("你好，\n\n这是一个测试邮件。\n\n小王\n", "plain", "gb2312")
    return with_header(text, "测试邮件", charset="gb2312", **wang)


def mimemultipart_alternative():
    message = with_header(MIMEMultipart("alternative"), "Two forms of one text")
    message.attach(MIMEText("The figures are up by 12 %.\n", "plain", "utf-8"))
    message.attach(MIMEText("<p>The figures are <b>up</b> by 12 %.</p>\n", "html", "utf-8"))
    return message


def mimemultipart_mixed():
    figures = MIMEBase("text", "csv", charset="us-ascii")
    figures.set_payload(octets("figures.csv"))
    encoders.encode_base64(figures)
    return mixed(
        "A text and its files",
        "The report and its figures are attached.\n",
        attached(MIMEApplication(octets("report.pdf"), "pdf"), "report.pdf"),
        attached(figures, "figures.csv"),
    )


def earlier():
    return email.message_from_bytes(octets("earlier.eml"))


def mimemultipart_nested():
    forms = MIMEMultipart("alternative")
    forms.attach(MIMEText("Both forms, and what came before.\n", "plain", "utf-8"))
    forms.attach(MIMEText("<p>Both forms, and what came before.</p>\n", "html", "utf-8"))
    digest = MIMEMultipart("digest")
    digest.attach(MIMEMessage(earlier()))
    message = with_header(MIMEMultipart("mixed"), "Parts within parts")
    message.attach(forms)
    message.attach(digest)
    return message


def mimeimage():
    picture = attached(MIMEImage(octets("chart.png")), "chart.png")
    return mixed("A picture beside the text", "The chart is attached.\n", picture)


def mimeimage_in_the_text():
    html = '<p>Revenue by quarter:</p>\n<p><img src="cid:chart" alt="Five bars, the last one highest" width="120" height="64"></p>\n'
    picture = MIMEImage(octets("chart.png"))
    picture.add_header("Content-ID", "<chart>")
    picture.add_header("Content-Disposition", "inline", filename="chart.png")
    related = MIMEMultipart("related", type="text/html")
    related.attach(MIMEText(html, "html", "utf-8"))
    related.attach(picture)
    message = with_header(MIMEMultipart("alternative"), "A picture in the text")
    message.attach(MIMEText("The chart is in the HTML form of this message.\n", "plain", "utf-8"))
    message.attach(related)
    return message


def mimeaudio():
    tone = attached(MIMEAudio(octets("tone.wav"), "wav"), "tone.wav")
    return mixed("A sound", "Listen to this.\n", tone)


def mimeapplication():
    report = MIMEApplication(octets("report.pdf"), "pdf", name="Q3 report.pdf")
    return mixed("A report", "The report is attached.\n", attached(report, "Q3 report.pdf"))


def mimebase():
    part = MIMEBase("application", "octet-stream")
    part.set_payload(octets("figures.csv"))
    encoders.encode_base64(part)
    return mixed("Bytes", "The bytes are attached.\n", attached(part, "figures.dat"))


def mimemessage():
    return mixed(
        "Fwd: When will it be ready?", "Please see below.\n", attached(MIMEMessage(earlier()), "earlier.eml")
    )


def add_header():
    part = attached(MIMEApplication(octets("report.pdf"), "pdf"), "report.pdf")
    part.set_param("version", "1.4")
    part.add_header("Content-Description", "The report of the third quarter")
    part.add_header("Content-Language", "en")
    part.add_header("X-Checked-By", "Ann")
    message = mixed("Re: When will it be ready?", "Here it is.\n", part)
    message["Reply-To"] = formataddr(("Desk", "desk@example.com"))
    message["In-Reply-To"] = "<question-1@example.org>"
    message["References"] = "<question-1@example.org>"
    message.add_header("X-Campaign", "spring", batch="7")
    return message


def chinese_name():
    report = MIMEApplication(octets("report.pdf"), "pdf")
    report.add_header("Content-Disposition", "attachment", filename=("utf-8", "", "第三季度报表.pdf"))
    return mixed("附件的名字是中文", "附件里是第三季度的报表。\n", report, **wang)


def several_recipients():
    message = MIMEText("Hello, everybody.\n", "plain", "utf-8")
    message["From"] = "Ann <ann@example.com>"
    friends = Header("朋友", "utf-8").encode()
    message["To"] = f'"Doe, Jo" <jo@example.org>, {friends} <friend@example.org>, Team: li@example.org, maria@example.org;'
    message["Cc"] = ", ".join(["kim@example.net"])
    message["Subject"] = "To all of you"
    return message


def sha(data):
    return hashlib.sha256(data).hexdigest()


def part_facts(part):
    """What can be told apart in a part; of a text, the text."""
    facts = {
        "type": part.get_content_type(),
        "name": part.get_filename(),
        "disposition": part.get_content_disposition(),
        "defects": [type(defect).__name__ for defect in part.defects],
    }
    for name in ("Content-ID", "Content-Description", "Content-Language", "X-Checked-By"):
        facts[name] = str(part[name]) if name in part else None
    facts["parameters"] = {
        name: str(value)
        for name, value in part.get_params()[1:]
        if name not in ("boundary", "name", "charset")
    }
    if part.get_content_maintype() == "text":
        facts["charset"] = part.get_content_charset()
    if part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment":
        facts["text"] = part.get_content().replace("\r\n", "\n")
    elif not part.is_multipart():
        facts["sha"] = sha(part.get_content() if part.get_content_maintype() != "text" else part.get_payload(decode=True))
    return facts


def facts(data):
    message = email.message_from_bytes(data, policy=email.policy.default)
    header = {
        name: str(message[name])
        for name in ("From", "To", "Cc", "Bcc", "Reply-To", "Subject", "In-Reply-To", "References", "X-Campaign")
        if name in message
    }
    addresses = [
        [address.display_name, address.addr_spec]
        for name in ("From", "To", "Cc", "Reply-To")
        if name in message
        for address in message[name].addresses
    ]
    groups = [str(group.display_name) for group in message["To"].groups if group.display_name]
    return {
        "header": header,
        "addresses": addresses,
        "groups": groups,
        "parts": [part_facts(part) for part in message.walk()],
    }


def twin(name):
    message: Message = globals()[name.replace("-", "_")]()
    return message.as_bytes()


ours = json.load(sys.stdin)
print(json.dumps({name: {"ours": facts(base64.b64decode(data)), "twin": facts(twin(name))} for name, data in ours.items()}))
