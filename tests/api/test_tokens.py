"""Tokens: shown once, kept as a digest, limited in scope and time, ended at once."""

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.access.models import User
from backoffice.api import tokens
from backoffice.api.models import ApiToken
from backoffice.audit.models import Act, Change
from backoffice.core.errors import Refused
from tests.api.conftest import client_of

NOW = timezone.now


def test_only_the_digest_is_kept(clerk):
    token, secret = tokens.make(by=clerk, name="till", scope="read", expires_at=NOW() + timedelta(days=30))

    assert secret.startswith("bo_") and len(secret) > 40
    assert token.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(ApiToken.objects.values().get(pk=token.pk))
    assert not [row for row in Change.objects.all() if secret in str(row.after) or token.digest in str(row.after)]


def test_making_and_revoking_are_written_down(clerk):
    token, _secret = tokens.make(by=clerk, name="till", scope="read", expires_at=NOW() + timedelta(days=30))
    tokens.revoke(token, by=clerk, at=NOW())
    tokens.revoke(token, by=clerk, at=NOW())

    assert list(Act.objects.order_by("id").values_list("verb", "by")) == [
        ("make_token", clerk.pk),
        ("revoke_token", clerk.pk),
    ]


@pytest.mark.parametrize("days", [0, -1, 400])
def test_a_token_ends_within_a_year(clerk, days):
    with pytest.raises(Refused):
        tokens.make(by=clerk, name="till", scope="read", expires_at=NOW() + timedelta(days=days))


def test_a_reading_token_writes_nothing(clerk, entry_body):
    reader = client_of(clerk, scope="read")

    assert reader.get("/api/v1/ledger/entries/").status_code == 200
    answer = reader.post("/api/v1/ledger/entries/", entry_body)
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


def test_a_token_that_ended_or_whose_owner_left_opens_nothing(clerk):
    program = client_of(clerk)
    address = "/api/v1/ledger/accounts/"
    assert program.get(address).status_code == 200
    assert ApiToken.objects.get().last_used_at is not None

    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert program.get(address).status_code == 401
    User.objects.filter(pk=clerk.pk).update(is_active=True)
    ApiToken.objects.update(expires_at=NOW() - timedelta(seconds=1))
    assert program.get(address).status_code == 401
    ApiToken.objects.update(expires_at=NOW() + timedelta(days=1), revoked_at=NOW())
    assert program.get(address).status_code == 401


def test_a_person_makes_and_revokes_own_tokens_on_the_profile(client, clerk):
    client.force_login(clerk)

    made = client.post("/profile/api-tokens/", {"name": "Till", "scope": "write", "days": "30"})
    token = ApiToken.objects.get()
    again = client.get("/profile/api-tokens/")
    client.post(f"/profile/api-tokens/{token.pk}/revoke/")

    secret = made.content.decode().split('class="secret">')[1].split("</code>")[0]
    assert token.digest == tokens.digest(secret)
    assert secret not in again.content.decode() and "Till" in again.content.decode()
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_nobody_revokes_the_token_of_another(client, clerk, bookkeeper):
    token, _secret = tokens.make(by=bookkeeper, name="theirs", scope="read", expires_at=NOW() + timedelta(days=3))
    client.force_login(clerk)

    assert client.post(f"/profile/api-tokens/{token.pk}/revoke/").status_code == 404
    with pytest.raises(Refused):
        tokens.revoke(token, by=clerk, at=NOW())


def test_a_session_needs_its_csrf_token(clerk, entry_body):
    from rest_framework.test import APIClient

    person = APIClient(enforce_csrf_checks=True)
    person.force_login(clerk)

    assert person.get("/api/v1/ledger/entries/").status_code == 200
    assert person.post("/api/v1/ledger/entries/", entry_body).status_code == 403
