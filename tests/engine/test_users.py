"""Accounts: passwords, a throttle that stops guessing and not people, sessions and tokens that really end."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import passwords, users
from engine.clock import now
from engine.users import NotSignedIn, Policy, TooManyAttempts
from models.audit import AuditEntry
from models.errors import Invalid, NotAllowed
from models.organizations import Post
from models.permissions import SYSTEM, Actor
from models.users import ApiToken, Person, SignInAttempt, WebSession
from tests.world import PASSWORD

HOME = "203.0.113.7"


def person(session, world, login):
    return session.get_one(Person, world.person(login))


def facts(session):
    session.flush()
    from engine import audit

    audit.flush(session)
    return [entry.fact for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.seq))]


def guess(session, login, password, address=HOME):
    """Try a password as the web does, in three steps."""
    known = users.credentials(session, login, address=address)
    if passwords.check_password(known.password_hash, password):
        return users.sign_in(session, known)
    users.record_failure(session, known)
    session.flush()
    return None


def fail(session, login, times, address=HOME):
    for _ in range(times):
        known = users.Credentials(login, address, None, None)
        users.record_failure(session, known)
    session.flush()


def test_the_right_password_signs_in_whatever_the_case_of_the_login(session, world):
    assert guess(session, " PhuNu ", PASSWORD).id == world.person("phunu")


def test_a_password_is_the_same_typed_on_a_keyboard_that_decomposes(session, world):
    users.set_password(
        session, person(session, world, "phunu"), actor=world.actor("phunu"),
        password_hash=passwords.hash_password("Hoà bình 1975 ơi"),
    )  # fmt: skip
    assert guess(session, "phunu", "Hoa\u0300 bi\u0300nh 1975 o\u031bi")


@pytest.mark.parametrize("login", ["phunu", "khong-co-ai"])
def test_wrong_login_and_wrong_password_look_the_same(login, session, world):
    assert guess(session, login, "sai mat khau roi") is None
    attempt = session.scalars(select(SignInAttempt)).one()
    assert (attempt.login, attempt.succeeded) == (login, False)


def test_a_login_that_does_not_exist_takes_as_long(agreed_cost):
    passwords._dummy_hash.cache_clear()  # other tests have made it at less cost
    hashed = passwords.hash_password(PASSWORD)
    passwords.check_password(hashed, "lần đầu")

    def took(stored):
        begun = time.process_time()
        for _ in range(5):
            assert not passwords.check_password(stored, "sai mat khau roi")
        return time.process_time() - begun

    ratio = took(None) / took(hashed)
    passwords._dummy_hash.cache_clear()
    assert 0.5 < ratio < 2


def test_a_disabled_account_cannot_sign_in_and_its_sessions_end(session, world):
    token = users.open_session(session, person(session, world, "phunu"))
    users.disable(session, person(session, world, "phunu"), actor=world.actor("quantri"), reason="nghỉ việc")
    session.flush()
    assert guess(session, "phunu", PASSWORD) is None
    with pytest.raises(NotSignedIn):
        users.session_of(session, token)


def test_after_five_failures_the_wait_grows_up_to_fifteen_minutes(session, world):
    fail(session, "phunu", 4)
    assert users.credentials(session, "phunu", address=HOME)
    waits = []
    for _ in range(12):
        fail(session, "phunu", 1)
        with pytest.raises(TooManyAttempts) as refused:
            users.credentials(session, "phunu", address=HOME)
        waits.append(refused.value.facts["seconds"])
    assert waits[:4] == [11, 21, 41, 81]
    assert waits[-1] == 901


def test_the_victim_signs_in_from_its_own_place_and_the_wait_ends(session, world):
    fail(session, "phunu", 12, address="198.51.100.1")
    assert guess(session, "phunu", PASSWORD, address=HOME)
    fail(session, "nongdan", 12)
    session.info["now"] += timedelta(minutes=15, seconds=1)
    assert guess(session, "nongdan", PASSWORD)


def test_one_account_guessed_from_many_addresses_is_closed_for_a_while(session, world):
    for n in range(20):
        fail(session, "phunu", 1, address=f"198.51.100.{n}")
    with pytest.raises(TooManyAttempts):
        users.credentials(session, "phunu", address=HOME)


def test_an_address_that_guesses_many_accounts_is_closed_for_a_while(session, world):
    for n in range(100):
        fail(session, f"ai.do.{n}", 1)
    with pytest.raises(TooManyAttempts):
        users.credentials(session, "phunu", address=HOME)


def test_success_begins_the_count_anew(session, world):
    fail(session, "phunu", 4)
    session.info["now"] += timedelta(seconds=1)
    guess(session, "phunu", PASSWORD)
    session.flush()
    session.info["now"] += timedelta(seconds=1)
    fail(session, "phunu", 4)
    assert users.credentials(session, "phunu", address=HOME)


def test_a_guess_that_ran_beside_the_fifth_failure_does_not_count(session, world):
    known = users.credentials(session, "phunu", address=HOME)
    fail(session, "phunu", 5)
    with pytest.raises(TooManyAttempts):
        users.sign_in(session, known)


def test_refused_attempts_do_not_prolong_the_wait(session, world):
    fail(session, "phunu", 5)
    for _ in range(3):
        with pytest.raises(TooManyAttempts):
            users.credentials(session, "phunu", address=HOME)
    session.info["now"] += timedelta(seconds=11)
    assert guess(session, "phunu", PASSWORD)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("ngắn quá", "password_too_short"),
        ("a" * 257, "password_too_long"),
        ("matkhau123456", "password_common"),
        ("Mật khẩu 123456", "password_common"),
        ("P@ssw0rd12345", "password_common"),
        ("Password123456", "password_common"),
        ("123456789012", "password_common"),
        ("aaaaaaaaaaaabb", "password_common"),
        ("anhyeuem123456", "password_common"),
        ("truong.khu cua toi", "password_names_login"),
        ("tre xanh ben dong", None),
        ("x" * 20 + "một cụm từ dài hơn sáu mươi tư ký tự vẫn được nhận như thường", None),
    ],
)
def test_what_makes_a_password_good_enough(password, reason):
    if reason is None:
        passwords.require_good(password, login="truong.khu")
        return
    with pytest.raises(Invalid) as refused:
        passwords.require_good(password, login="truong.khu")
    assert refused.value.fields == {"password": reason}


def test_hashes_are_argon2id_with_the_agreed_cost(agreed_cost):
    made = passwords.hash_password("Hoà bình 1975 ơi")
    assert made.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not passwords.is_outdated(made)


def test_a_session_ends_when_idle_when_old_and_at_sign_out(session, world):
    someone, policy = person(session, world, "phunu"), Policy()
    token = users.open_session(session, someone, device="Firefox")
    session.flush()
    row = users.session_of(session, token)
    assert row.token_hash != token
    begun = session.info["now"]
    session.info["now"] = begun + policy.idle + timedelta(seconds=1)
    with pytest.raises(NotSignedIn):
        users.session_of(session, token)
    for minutes in range(20, 12 * 60, 20):
        session.info["now"] = begun + timedelta(minutes=minutes)
        assert users.is_stale(row, now(session))
        users.seen(session, row.id)
        session.expire(row)
        users.session_of(session, token)
    session.info["now"] = begun + policy.absolute + timedelta(seconds=1)
    with pytest.raises(NotSignedIn):
        users.session_of(session, token)
    session.info["now"] = begun + timedelta(minutes=1)
    users.end_session(session, row, actor=world.actor("phunu"))
    session.flush()
    with pytest.raises(NotSignedIn):
        users.session_of(session, token)


def test_a_device_somebody_trusts_stays_signed_in_longer(session, world):
    token = users.open_session(session, person(session, world, "truong.khu"), trusted=True)
    session.info["now"] += timedelta(hours=11)
    assert users.session_of(session, token)
    session.info["now"] += timedelta(hours=2)
    with pytest.raises(NotSignedIn):
        users.session_of(session, token)


def test_seen_is_written_once_a_minute_at_most(session, world):
    token = users.open_session(session, person(session, world, "phunu"))
    row = users.session_of(session, token)
    assert not users.is_stale(row, now(session) + timedelta(seconds=59))
    assert users.is_stale(row, now(session) + timedelta(seconds=60))


def test_a_new_password_ends_every_session_and_every_token(session, world):
    phunu = person(session, world, "phunu")
    bearer = users.create_token(
        session, phunu, session.get(Post, world.post("phunu")), actor=world.actor("phunu"), label="máy"
    )
    tokens = [users.open_session(session, person(session, world, "phunu")) for _ in range(2)]
    users.set_password(
        session, person(session, world, "phunu"), actor=world.actor("phunu"), password_hash="$argon2id$x"
    )
    for token in tokens:
        with pytest.raises(NotSignedIn):
            users.session_of(session, token)
    with pytest.raises(NotSignedIn):
        users.token_actor(session, bearer)
    assert facts(session)[-4:] == ["password:changed", "session:ended", "session:ended", "token:revoked"]


def test_nobody_changes_the_password_or_ends_the_session_of_another(session, world):
    token = users.open_session(session, person(session, world, "phunu"))
    row = users.session_of(session, token)
    for act in (
        lambda: users.set_password(
            session, person(session, world, "phunu"), actor=world.actor("truong.khoi"), password_hash="x"
        ),
        lambda: users.end_session(session, row, actor=world.actor("truong.khoi")),
        lambda: users.choose_post(session, row, post_id=world.post("truong.khoi"), actor=world.actor("truong.khoi")),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert users.session_of(session, token)


def test_a_person_chooses_only_a_post_it_holds(session, world):
    row = users.session_of(session, users.open_session(session, person(session, world, "phunu")))
    me = Actor(world.person("phunu"), None, None)
    with pytest.raises(NotAllowed):
        users.choose_post(session, row, post_id=world.post("truong.khoi"), actor=me)
    assert users.choose_post(session, row, post_id=world.post("phunu"), actor=me).organization_id == world.women
    assert session.get_one(WebSession, row.id).post_id == world.post("phunu")
    assert facts(session)[-1] == "post:chosen"


def test_a_token_acts_as_its_post_until_it_expires_or_is_revoked(session, world):
    someone, post = person(session, world, "phunu"), session.get_one(Post, world.post("phunu"))
    text = users.create_token(session, someone, post, actor=world.actor("phunu"), label="máy tính", days=2)
    session.flush()
    assert text.startswith("lt_")
    actor = users.token_actor(session, text, request_id="r")
    assert (actor.person_id, actor.post_id, actor.channel) == (someone.id, post.id, "api")
    with pytest.raises(NotSignedIn):
        users.token_actor(session, text + "x")
    row = session.scalars(select(ApiToken)).one()
    assert text not in (row.token_hash, row.label)
    session.info["now"] += timedelta(days=2)
    with pytest.raises(NotSignedIn):
        users.token_actor(session, text)
    session.info["now"] -= timedelta(days=1)
    users.revoke_token(session, row, actor=world.actor("phunu"))
    session.flush()
    with pytest.raises(NotSignedIn):
        users.token_actor(session, text)


def test_nobody_makes_a_token_for_another_or_for_a_post_not_held(session, world):
    someone = person(session, world, "phunu")
    with pytest.raises(NotAllowed):
        users.create_token(
            session, someone, session.get_one(Post, world.post("phunu")), actor=world.actor("nongdan"), label="x"
        )
    with pytest.raises(NotAllowed):
        users.create_token(
            session, someone, session.get_one(Post, world.post("truong.khoi")), actor=world.actor("phunu"), label="x"
        )


@pytest.mark.parametrize("login", ["", "Phunu", "hội", "a b", "../x", "phunu"])
def test_a_login_is_plain_and_unique(login, session, world):
    with pytest.raises(Invalid):
        users.add_person(session, login, actor=SYSTEM, name="Cán bộ")


@pytest.mark.parametrize("email", ["x", "a@b\r\nBcc: c@d", "a@b,c@d", "<a@b>"])
def test_an_address_is_one_address(email, session, world):
    with pytest.raises(Invalid):
        users.add_person(session, "can.bo.moi", actor=SYSTEM, name="Cán bộ", email=email)


def test_old_attempts_are_forgotten(session, world):
    fail(session, "phunu", 3)
    session.info["now"] += timedelta(days=1, seconds=1)
    users.forget_attempts(session)
    assert session.scalars(select(SignInAttempt)).all() == []
