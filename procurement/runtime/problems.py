"""What a person is told when the machine, not the platform, is at fault."""


class Problem(Exception):  # it is the machine's, not an error of the program
    """Something the person must mend before the platform can run: one clear French line, no traceback."""
