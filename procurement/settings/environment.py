"""What the environment gives: variables, the folder of the code, the folder of the data."""

from pathlib import Path

import environ

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env("JALON_HOME", default=str(BASE_DIR / "var")))
