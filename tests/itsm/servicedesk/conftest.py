import pytest

from tests.factories_desk import a_colleague, an_agent


@pytest.fixture
def ben(company):
    return an_agent(company)


@pytest.fixture
def owen(company):
    return a_colleague(company)
