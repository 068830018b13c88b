"""The checks, one module per family of formats. Each takes bytes, raises Finding, and is bounded in memory
and time by `foundation.files.limits`.
"""
