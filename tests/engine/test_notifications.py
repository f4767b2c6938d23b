"""Notices reach those concerned and nobody else; letters are made of them, and none smuggles headers in."""

import socketserver
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import notifications
from engine.mail import SmtpSettings, compose, smtp
from engine.notifications import Letter
from models.notifications import Mail, Notification
from models.users import Person


def give_addresses(session, world, *logins):
    for login in logins:
        session.get_one(Person, world.person(login)).email = f"{login}@vi-du.example"
    session.flush()


def addresses(session):
    return sorted(session.scalars(select(Mail.to)))


def test_a_notice_to_a_role_is_read_by_its_holders_alone(session, world):
    notifications.notify(session, "task:opened", organization_id=world.ward_front, role="locality_signer", title="Ký")
    session.flush()
    readers = [
        login for login in ("mttq.phuong", "canbo.phuong", "mttq.xa", "phunu")
        if notifications.unread(session, world.actor(login))
    ]  # fmt: skip
    assert readers == ["mttq.phuong"]


def test_notices_are_counted_until_they_are_read(session, world):
    actor = world.actor("phunu")
    for _ in range(3):
        notifications.notify(session, "task:opened", person_id=actor.person_id)
    session.flush()
    assert notifications.unread(session, actor) == 3
    for _ in range(2):
        notifications.mark_read(session, actor=actor)
        session.flush()
    assert notifications.unread(session, actor) == 0
    session.info["now"] += timedelta(seconds=1)
    notifications.notify(session, "task:opened", person_id=actor.person_id)
    session.flush()
    assert notifications.unread(session, actor) == 1


def test_values_of_a_notice_are_kept_as_plain_values(session, world):
    key = notifications.notify(session, "x", person_id=world.person("phunu"), due=session.info["now"], none=None)
    assert session.get_one(Notification, key).facts == {"due": "2018-10-12T01:07:00.000000+00:00"}


def test_everybody_concerned_with_an_address_gets_one_letter_once(session, world):
    give_addresses(session, world, "phunu", "phunu.2", "nongdan")
    notifications.notify(session, "task:opened", organization_id=world.women, role="lead", title="Lập kế hoạch")
    notifications.notify(session, "task:urged", person_id=world.person("nongdan"), title="Đôn đốc")
    session.flush()
    assert notifications.write_mails(session) == 3
    session.flush()
    assert notifications.write_mails(session) == 0
    assert addresses(session) == ["nongdan@vi-du.example", "phunu.2@vi-du.example", "phunu@vi-du.example"]


def test_without_addresses_notices_are_settled_without_letters(session, world):
    notifications.notify(session, "task:opened", organization_id=world.women)
    session.flush()
    assert notifications.write_mails(session) == 0
    assert session.scalars(select(Notification).where(Notification.mailed_at.is_(None))).all() == []


def test_the_registered_writer_makes_the_sentences_in_the_readers_language(session, world, monkeypatch):
    monkeypatch.setattr(notifications, "_writer", notifications._writer)
    notifications.set_writer(lambda notice, locale: (f"[{locale}] {notice.fact}", notice.facts["title"]))
    give_addresses(session, world, "phunu")
    session.get_one(Person, world.person("phunu")).locale = "en"
    notifications.notify(session, "task:opened", person_id=world.person("phunu"), title="Nhập kết quả")
    session.flush()
    notifications.write_mails(session)
    mail = session.scalars(select(Mail)).one()
    assert (mail.subject, mail.body) == ("[en] task:opened", "Nhập kết quả")


def test_a_claimed_letter_is_left_alone_and_comes_again_if_its_sender_dies(session, world):
    give_addresses(session, world, "phunu")
    notifications.notify(session, "task:opened", person_id=world.person("phunu"))
    session.flush()
    notifications.write_mails(session)
    session.flush()
    first = notifications.claim_mails(session)
    assert notifications.claim_mails(session) == []
    session.info["now"] += timedelta(minutes=1)
    assert notifications.claim_mails(session) == first
    session.info["now"] += timedelta(minutes=1)
    assert notifications.claim_mails(session) == []
    notifications.record_sent(session, first[0].id)
    session.info["now"] += timedelta(days=1)
    assert notifications.claim_mails(session) == []


def test_nobody_gets_a_letter_before_an_earlier_one(session, world):
    give_addresses(session, world, "phunu", "nongdan")
    for login in ("phunu", "phunu", "nongdan"):
        notifications.notify(session, "task:opened", person_id=world.person(login), title="Lập kế hoạch")
    notifications.write_mails(session)
    refused, other = notifications.claim_mails(session)
    assert (refused.to, other.to) == ("phunu@vi-du.example", "nongdan@vi-du.example")
    notifications.record_failure(session, refused.id, "451 later")
    notifications.record_sent(session, other.id)
    assert notifications.claim_mails(session) == []
    session.info["now"] += timedelta(hours=1)
    (again,) = notifications.claim_mails(session)
    assert again == refused
    notifications.record_sent(session, again.id)
    (later,) = notifications.claim_mails(session)
    assert later.to == refused.to and later.id > refused.id


def test_a_letter_nobody_takes_is_given_up_and_says_why(session, world):
    give_addresses(session, world, "phunu")
    notifications.notify(session, "task:opened", person_id=world.person("phunu"))
    session.flush()
    notifications.write_mails(session)
    session.flush()
    tries = 0
    while letters := notifications.claim_mails(session):
        notifications.record_failure(session, letters[0].id, "550")
        session.flush()
        session.info["now"] += timedelta(hours=6)
        tries += 1
    assert tries == notifications.MOST_TRIES
    assert session.scalars(select(Mail)).one().last_error == "550"


HOSTILE = "Ký\r\nBcc: ai.do@vi-du.example\r\n\r\n<script>\x00"


def test_nobody_smuggles_a_header_in():
    message = compose(Letter("1", "a@vi-du.example", HOSTILE, "Thân"), sender="Liên Thông <lt@vi-du.example>")
    again = message.as_bytes()
    assert message["Bcc"] is None
    assert b"\nBcc:" not in again
    assert message["Subject"] == "Ký Bcc: ai.do@vi-du.example <script>"


def test_the_message_id_is_the_same_at_every_try():
    letter = Letter("abc", "a@vi-du.example", "x", "y")
    ids = {compose(letter, sender="lt@vi-du.example")["Message-ID"] for _ in range(2)}
    assert ids == {"<abc@vi-du.example>"}


class _Server(socketserver.ThreadingTCPServer):
    """A mail server of a few lines: keeps what it is given, refuses one address."""

    daemon_threads, allow_reuse_address = True, True

    def __init__(self):
        self.connections, self.letters = 0, []
        super().__init__(("127.0.0.1", 0), _Talk)


class _Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.connections += 1
        self.wfile.write(b"220 ok\r\n")
        while line := self.rfile.readline().strip():
            if line.upper().startswith(b"RCPT") and b"khong-co" in line:
                self.wfile.write(b"550 no such user\r\n")
            elif line.upper() == b"DATA":
                self.wfile.write(b"354 go\r\n")
                body = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    body += part
                self.server.letters.append(body)
                self.wfile.write(b"250 ok\r\n")
            else:
                self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def server():
    with _Server() as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def test_letters_share_a_connection_and_one_refused_does_not_spoil_the_next(server):
    settings = SmtpSettings("127.0.0.1", server.server_address[1], "lt@vi-du.example", security="none")
    with smtp(settings) as send:
        send(Letter("1", "a@vi-du.example", "Một", "Nội dung tiếng Việt"))
        send(Letter("2", "b@vi-du.example", "Hai", "x"))
        with pytest.raises(Exception, match="no such user"):
            send(Letter("3", "khong-co@vi-du.example", "Ba", "x"))
        send(Letter("4", "d@vi-du.example", "Bốn", "x"))
    assert len(server.letters) == 3
    assert server.connections == 2


def test_a_server_without_tls_gets_nothing_when_tls_is_asked_for(server):
    settings = SmtpSettings("127.0.0.1", server.server_address[1], "lt@vi-du.example")
    with smtp(settings) as send, pytest.raises(Exception, match="STARTTLS"):
        send(Letter("1", "a@vi-du.example", "Một", "x"))
    assert server.letters == []
