"""The press: from words and pages to the bytes of a PDF, a Word file or a spreadsheet.

Nothing here imports Django nor reads a setting: `foundation.isolation` runs these modules in a process of its own, with
a limit on its time and memory, no address of the database and no secret in its environment. `operator.py` is the
worker's side.
"""
