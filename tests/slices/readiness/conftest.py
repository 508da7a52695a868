"""What tests of readiness borrow from the policies' tests."""

from tests.slices.policies.conftest import answers, do, published, started

__all__ = ["answers", "do", "published", "started"]
