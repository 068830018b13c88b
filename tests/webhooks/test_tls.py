"""U4: a certificate that the system's authorities do not vouch for is refused, whatever the name leads to."""

import datetime as dt
import http.server
import ipaddress
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from foundation.webhooks import sending


@pytest.fixture
def self_signed(tmp_path):
    """A server whose certificate it signed itself; gives its port and the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server.server_address[1], pem
    server.shutdown()
    server.server_close()


def test_a_certificate_nobody_vouches_for_is_refused(self_signed, settings):
    settings.WEBHOOKS_ALLOW_LOOPBACK = True
    port, _pem = self_signed
    answer = sending.post(f"https://127.0.0.1:{port}/", b"{}", {})
    assert (answer.status, answer.error[:12]) == (None, "Certificat o")


def test_a_certificate_of_a_known_authority_is_accepted(self_signed, settings, monkeypatch):
    """Positive control."""
    settings.WEBHOOKS_ALLOW_LOOPBACK = True
    port, pem = self_signed
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    assert sending.post(f"https://127.0.0.1:{port}/", b"{}", {}).status == 204
