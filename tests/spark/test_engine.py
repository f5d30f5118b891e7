"""What every engine promises, tested on Spark: the same tests as for the embedded one."""

from tests.unit.test_engine import *  # noqa: F403
