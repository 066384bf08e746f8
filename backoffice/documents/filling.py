"""Tells the API kit, which stands below, how drafts are entered and changed."""

from backoffice.api.keeping import keeper
from backoffice.documents import keeping

keeper.fill("documents", keeping)
