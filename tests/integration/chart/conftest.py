"""What the tests of the chart need on the machine."""

import pytest

from tests.conftest import missing
from tests.integration.chart import rendering
from tests.servers import MissingServer


@pytest.fixture(autouse=True, scope="session")
def _programs() -> None:
    try:
        rendering.program("helm")
        rendering.program("kubeconform")
    except MissingServer as problem:
        missing(problem)
