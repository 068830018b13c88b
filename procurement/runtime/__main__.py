"""What `./jalon` calls: `python -m procurement.runtime run | manage … | lint | doctor`."""

import errno
import sys

from procurement.runtime.doctor import doctor
from procurement.runtime.lint import lint
from procurement.runtime.manage import manage
from procurement.runtime.problems import Problem
from procurement.runtime.run import run

COMMANDS = {"run": run, "manage": manage, "lint": lint, "doctor": doctor}


def main(name: str, *arguments: str) -> int:
    """Answer the exit code; a Problem is one line, not a traceback."""
    try:
        return COMMANDS[name](*arguments)
    except Problem as problem:
        return _refuse(str(problem))
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return _refuse("Disque plein : libérez de la place ou choisissez un autre JALON_HOME.")


def _refuse(reason: str) -> int:
    print(f"jalon : {reason}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
