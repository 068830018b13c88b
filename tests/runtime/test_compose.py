"""What docker-compose.yml promises: who has which secret, who reaches whom, and that no container is wide open."""

import json

import pytest
import yaml

from procurement.runtime.home import PROJECT

FILE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES = FILE["services"]
PLATFORM = {"web", "worker", "signer", "beat", "backup", "migrate"}


def who_has(secret: str) -> set[str]:
    """The services to which this variable of the operator is given, in any of theirs."""
    return {name for name, service in SERVICES.items() if f"${{{secret}" in json.dumps(service)}


def test_the_key_of_the_journal_is_with_the_signer_alone():
    assert who_has("JOURNAL_SIGNING_KEY") == {"signer"}
    assert "--queues signing" in SERVICES["signer"]["command"]
    assert "--queues celery " in SERVICES["worker"]["command"]


def test_who_may_destroy_a_version_of_a_file_is_no_program_of_the_platform():
    assert who_has("STORAGE_ROOT_PASSWORD") == {"storage", "storage-setup"}
    policy = json.loads((PROJECT / "deploy" / "storage-policy.json").read_text())
    denied = next(one for one in policy["Statement"] if one["Effect"] == "Deny")["Action"]
    allowed = {act for one in policy["Statement"] if one["Effect"] == "Allow" for act in one["Action"]}
    assert {"s3:DeleteObjectVersion", "s3:PutBucketVersioning"} <= set(denied)
    assert not any("*" in act for act in allowed)


def test_the_queue_has_a_password():
    assert "--requirepass ${REDIS_PASSWORD}" in SERVICES["redis"]["command"]
    assert "redis" in who_has("REDIS_PASSWORD") >= PLATFORM


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_is_wide_open(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("privileged")
    assert set(service.get("cap_add", [])) <= {
        "CHOWN", "DAC_OVERRIDE", "FOWNER", "NET_BIND_SERVICE", "SETGID", "SETUID",
    }  # fmt: skip
    assert not (name in PLATFORM and service.get("cap_add"))


@pytest.mark.parametrize("name", SERVICES)
def test_each_stands_only_where_it_has_to_do(name):
    networks = set(SERVICES[name]["networks"])
    assert not ("front" in networks and name not in {"proxy", "web"})
    assert not (name in {"postgresql", "redis", "signer", "beat", "migrate"} and networks != {"back"})
    assert not (name in {"storage", "storage-setup"} and networks != {"storage"})
    assert FILE["networks"]["back"]["internal"] and FILE["networks"]["storage"]["internal"]


@pytest.mark.parametrize("name", SERVICES)
def test_images_have_a_version_and_may_be_held_by_digest(name):
    image = SERVICES[name]["image"]
    if image != "jalon":
        assert image.startswith("${") and ":-" in image
        assert any(letter.isdecimal() for letter in image.rsplit(":", 1)[1])


def test_only_the_proxy_is_reached_from_outside():
    assert {name for name, service in SERVICES.items() if service.get("ports")} == {"proxy"}
