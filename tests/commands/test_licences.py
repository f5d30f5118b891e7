"""Every locked package is listed with its licence, and each licence goes together with ours."""

from __future__ import annotations

import pytest

from tests.support.licences import (
    ALLOWED,
    ALLOWED_IN_TESTS,
    ALLOWED_WITH_SPARK,
    LOCKS,
    PAGE,
    licence_of,
    locked,
    packages,
    page,
    parts,
)

ALLOWED_IN = (ALLOWED, ALLOWED_IN_TESTS, ALLOWED_WITH_SPARK, ALLOWED)


@pytest.mark.parametrize(("lock", "allowed"), [*zip(LOCKS.values(), ALLOWED_IN, strict=True)])
def test_every_licence_is_one_that_goes_together_with_ours(lock: str, allowed: dict[str, str]) -> None:
    assert {one.name: one.licence for one in packages(lock) if not set(parts(one.licence)) <= set(allowed)} == {}


@pytest.mark.parametrize("lock", LOCKS.values())
def test_every_locked_package_is_on_the_page(lock: str) -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert [name for name, version in locked(lock).items() if f"| {name} | {version} | " not in written] == []


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.support.licences"


def test_every_licence_on_the_page_is_explained() -> None:
    used = {part for lock in LOCKS.values() for one in packages(lock) for part in parts(one.licence)}
    assert [name for name in used if f"\n- {name}: " not in PAGE.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(
    "licence", ["GPL-3.0-only", "MIT AND AGPL-3.0-or-later", "(MIT OR LGPL-2.1-only)", "", "Freeware"]
)
def test_others_are_refused(licence: str) -> None:
    assert not set(parts(licence)) <= set(ALLOWED_IN_TESTS)


def test_a_package_that_is_not_installed_is_no_package_without_a_licence() -> None:
    with pytest.raises(LookupError, match="no-such-package is not installed"):
        licence_of("no-such-package")
