import pytest
from django.core.cache import cache

from tests.office import office

__all__ = ["office"]


@pytest.fixture(autouse=True)
def no_tries_counted():
    """Wrong tries are counted in the cache, which outlives a test."""
    cache.clear()
    yield
    cache.clear()
