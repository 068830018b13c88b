"""What a journey has done behind the scenes, by the platform's own services, because another one shows it already."""

import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent


def tell(platform: Any, story: str, *facts: object, as_owner: bool = False) -> int:
    """Run a function of `tests.journeys.scenes` on the journey's platform; returns the number it gives back.

    `as_owner`: as the owner of the tables, for what the platform itself may not do.
    """
    code = f"from tests.journeys import scenes; print('\\n' + str(scenes.{story}(*{facts!r})))"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=ROOT,
        env=platform.owner_environment if as_owner else platform.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])
