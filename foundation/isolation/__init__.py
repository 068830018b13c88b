"""Work on what nobody trusts, done in a process of its own: bounded in time and memory, without secret.

`pool.py` is the side of the web and of the workers, `server.py` what runs apart. Nothing of the latter imports Django's
settings, the database or a key.
"""
