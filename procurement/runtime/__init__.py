"""Runs the platform on one machine: embedded services, supervisor, test plugin.

Imports no Django: the settings read the addresses of the services, so they load after these have started.
"""
