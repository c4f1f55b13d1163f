"""The pages that the site is measured against answer; what is measured stands in ``benchmarks/``."""

import importlib

import pytest

from pumpguide import middleware


@pytest.mark.parametrize("path", ["plain", "gzip", "brotli", "form/4"])
def test_comparison_page_is_as_open_as_the_site(client, public_guide, settings, monkeypatch, path):
    monkeypatch.setattr(middleware, "PUBLIC_SPACES", middleware.PUBLIC_SPACES)  # the module adds to it
    from .benchmarks import comparison

    importlib.reload(comparison)
    settings.ROOT_URLCONF = "tests.benchmarks.comparison"
    assert client.get(f"/comparison/{path}").status_code == 200
