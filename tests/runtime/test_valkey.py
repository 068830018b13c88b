"""The Valkey driver: its log survives a kill -9."""

import time

import pytest
import redis

from procurement.runtime.account import service_account
from procurement.runtime.sockets import socket_directory
from procurement.runtime.valkey import Valkey


@pytest.fixture
def valkey(ground):
    account = service_account()
    server = Valkey(ground, socket_directory(ground, account), ground / "valkey.log", account=account)
    yield server
    server.stop()


def test_data_survive_an_orderly_stop(valkey):
    valkey.start()
    redis.Redis.from_url(valkey.url).set("clé", "valeur")
    valkey.stop()
    assert valkey.process.returncode == 0
    valkey.start()
    assert redis.Redis.from_url(valkey.url).get("clé") == b"valeur"


def test_data_survive_a_kill(valkey):
    valkey.start()
    redis.Redis.from_url(valkey.url).set("clé", "valeur")
    time.sleep(1.1)  # its log is flushed every second
    valkey.process.kill()
    valkey.process.wait()
    valkey.start()
    assert redis.Redis.from_url(valkey.url).get("clé") == b"valeur"


def test_a_second_start_takes_over_what_a_killed_supervisor_left(valkey, ground):
    valkey.start()
    orphan = valkey.process
    successor = Valkey(ground, valkey.socket.parent, valkey.log, account=valkey.account)
    successor.start()
    try:
        assert orphan.wait(10) == 0
        assert redis.Redis.from_url(successor.url).ping()
    finally:
        successor.stop()
