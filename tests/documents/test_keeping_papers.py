"""Comments and attachments stay as they were, whoever asks the database."""

import pytest
from django.db import IntegrityError, transaction

from backoffice.documents.models import Attachment, Comment, of
from tests.fixtures_world import a_party, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(company):
    by, party = a_user("Tom Ashworth", company=company), a_party(company)
    return [
        Comment.objects.create(**of(party), text="They raised the price", by=by),
        Attachment.objects.create(
            **of(party), name="a.txt", media_type="text/plain", content=b"x", size=1, digest="0" * 64, added_by=by
        ),
    ]


def test_what_was_said_or_filed_is_neither_altered_nor_taken_away(kept):
    for row in kept:
        for act in (row.save, row.delete):
            with pytest.raises(IntegrityError, match="cannot be changed or deleted"), transaction.atomic():
                act()
