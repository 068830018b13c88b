"""A real OpenID Connect provider (idpyoidc) on 127.0.0.1, with signed userinfo as ProConnect gives it.

`faults` makes it lie, one answer at a time: the tests are about what we then do.
"""

import json
import threading
import time
from copy import deepcopy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from cryptojwt.jwk.rsa import new_rsa_key
from cryptojwt.jws.jws import JWS
from idpyoidc.server import Server
from idpyoidc.server.configure import OPConfiguration

CLIENT, SECRET = "jalon-test", "un-secret-de-client-assez-long-pour-hmac"
ACR_PASSWORD, ACR_STRONG = "eidas1", "eidas2"
PERSON = {
    "given_name": "Angèle",
    "usual_name": "Dupont-Martin",
    "email": "angele@ministere.example",
    "email_verified": True,
    "siret": "13002526500013",
    "organizational_unit": "Service des achats",
    "uid": "adupont",
    "idp_id": "71144ab3-ee1a-4401-b7b3-79b44f7daeeb",
}
ENDPOINTS = {
    "provider_config": (".well-known/openid-configuration", "oidc.provider_config.ProviderConfiguration", {}),
    "authorization": ("authorize", "oidc.authorization.Authorization", {}),
    "token": (
        "token",
        "oidc.token.Token",
        {"client_authn_method": ["client_secret_post", "client_secret_basic"]},
    ),
    "userinfo": ("userinfo", "oidc.userinfo.UserInfo", {"client_authn_method": ["bearer_header"]}),
    "session": ("session/end", "oidc.session.Session", {"signing_alg": "RS256"}),
}
_KEY_DEFS = [{"type": "RSA", "key": "", "use": ["sig"]}, {"type": "EC", "crv": "P-256", "use": ["sig"]}]


_CRYPT = {
    "kwargs": {
        "keys": {
            "key_defs": [
                {"type": "OCT", "use": ["enc"], "kid": "password"},
                {"type": "OCT", "use": ["enc"], "kid": "salt"},
            ]
        },
        "iterations": 1,
    }
}
_USAGE = {
    "authorization_code": {"supports_minting": ["access_token", "id_token"], "max_usage": 1},
    "access_token": {},
}
_TOKENS = {
    "jwks_def": {
        "private_path": "",
        "read_only": False,
        "key_defs": [{"type": "oct", "bytes": "24", "use": ["enc"], "kid": "code"}],
    },
    "code": {"lifetime": 300, "kwargs": {"crypt_conf": _CRYPT}},
    "token": {"class": "idpyoidc.server.token.jwt_token.JWTToken", "kwargs": {"lifetime": 3600}},
    "id_token": {
        "class": "idpyoidc.server.token.id_token.IDToken",
        "kwargs": {"id_token_signing_alg_values_supported": ["RS256"], "lifetime": 3600},
    },
}
_PKCE = {
    "function": "idpyoidc.server.oauth2.add_on.pkce.add_support",
    "kwargs": {"essential": True, "code_challenge_method": "S256"},
}


def _configuration(issuer, acr):
    """What idpyoidc is told: our addresses, one person, RS256 everywhere, PKCE demanded."""
    keys = {"uri_path": "jwks.json", "key_defs": _KEY_DEFS}
    no_question = "idpyoidc.server.user_authn.user.NoAuthn"
    return {
        "issuer": issuer,
        "httpc_params": {"verify": False},
        "keys": keys,
        "key_conf": dict(keys),
        "endpoint": _endpoints(),
        "scopes_to_claims": {
            "openid": ["sub"],
            **{name: [name] for name in PERSON},
            "email": ["email", "email_verified"],
        },
        "authz": {
            "class": "idpyoidc.server.authz.AuthzHandling",
            "kwargs": {"grant_config": {"usage_rules": _USAGE, "expires_in": 43200}},
        },
        "authentication": {"anon": {"acr": acr, "class": no_question, "kwargs": {"user": "angele"}}},
        "userinfo": {
            "class": "idpyoidc.server.user_info.UserInfo",
            "kwargs": {"db": {"angele": dict(PERSON)}},
        },
        "token_handler_args": deepcopy(_TOKENS),
        "session_params": {"encrypter": _CRYPT},
        "add_on": {"pkce": _PKCE},
    }


def _endpoints():
    return {
        name: {"path": path, "class": f"idpyoidc.server.{cls}", "kwargs": kwargs}
        for name, (path, cls, kwargs) in ENDPOINTS.items()
    }


class IdentityProvider:
    """The provider and its HTTP server; use as a context manager."""

    def __init__(self, redirect_uri, *, acr=ACR_PASSWORD):
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self.http.server_port}"
        self.server = Server(OPConfiguration(_configuration(self.issuer, acr), base_path="/tmp"))  # noqa: S108
        self.faults, self.asked = {}, []
        self._register(redirect_uri)

    def _register(self, redirect_uri):
        self.server.context.cdb[CLIENT] = {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "redirect_uris": [(redirect_uri, {})],
            "post_logout_redirect_uri": ("http://testserver/", ""),
            "client_salt": "sel",
            "token_endpoint_auth_method": "client_secret_post",
            "response_types_supported": ["code"],
            "allowed_scopes": ["openid", "email", *PERSON],
            "userinfo_signed_response_alg": "RS256",
            "id_token_signed_response_alg": "RS256",
            "add_claims": {"always": {}, "by_scope": {"userinfo": True}},
        }
        self.server.keyjar.add_symmetric(CLIENT, SECRET)

    @property
    def person(self):
        """What the provider knows of the person; change it at will."""
        return self.server.context.userinfo.db["angele"]

    def __enter__(self):
        self.thread = threading.Thread(target=self.http.serve_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *exc):
        self.http.shutdown()
        self.http.server_close()

    def answer(self, name, arguments, headers, url):
        """(status, headers, body) of one endpoint."""
        endpoint = self.server.get_endpoint(name)
        # The person types the password again when it is asked: here, nobody has to.
        arguments.pop("prompt", None)
        info = {
            "headers": {k.lower(): v for k, v in headers.items()},
            "method": "GET",
            "url": url,
            "cookie": [],
        }
        parsed = endpoint.parse_request(arguments, http_info=info)
        if "error" in parsed:
            return 400, {}, parsed.to_json()
        done = endpoint.process_request(parsed, http_info=info)
        if "redirect_location" in done:
            return 302, {"Location": done["redirect_location"]}, ""
        if "error" in done:
            return 400, {}, done.to_json()
        told = endpoint.do_response(request=parsed, **done)
        if name == "authorization":
            return 302, {"Location": told["response"]}, ""
        return 200, dict(told["http_headers"]), told["response"]

    def lie(self, name, headers, body):
        """Change an answer as `faults` asks."""
        if name == "provider_config" and "config" in self.faults:
            body = json.dumps({**json.loads(body), **self.faults["config"]})
        if name == "token" and "id_token" in self.faults:
            told = json.loads(body)
            told["id_token"] = self.faults["id_token"](told["id_token"])
            body = json.dumps(told)
        if name == "userinfo" and body.count(".") == 2:
            # idpyoidc gives its userinfo no term, ProConnect does.
            body = self.rewritten(exp=int(time.time()) + 300)(body)
        if name == "userinfo" and "userinfo" in self.faults:
            body = self.faults["userinfo"](body)
        if name == "userinfo" and "type" in self.faults:
            headers["Content-type"] = self.faults["type"]
        return headers, body

    def rewritten(self, **changes):
        """A fault: the same token, signed by the right key, with other claims."""

        def rewrite(token):
            return self._sign({**_claims(token), **changes}, self._key())

        return rewrite

    def signed_by_a_stranger(self, token):
        """A fault: right claims, a key that is not the provider's but bears its name."""
        stranger = new_rsa_key(kid=self._key().kid)
        return self._sign(_claims(token), stranger)

    def unsigned(self, token):
        """A fault: right claims, alg none."""
        return JWS(json.dumps(_claims(token)), alg="none").sign_compact([])

    def signed_with_the_public_key_as_a_secret(self, token):
        """A fault: HMAC keyed by what everybody can read (algorithm confusion)."""
        import jwt

        public = json.dumps(self._key().serialize())
        return jwt.encode(_claims(token), public, algorithm="HS256", headers={"kid": self._key().kid})

    def _key(self):
        return self.server.keyjar.get_signing_key("RSA", "")[0]

    def _sign(self, claims, key):
        return JWS(json.dumps(claims), alg="RS256").sign_compact([key])


def _claims(token):
    import jwt

    return jwt.decode(token, options={"verify_signature": False})


def _handler(provider):
    paths = {f"/{path}": name for name, (path, _cls, _kwargs) in ENDPOINTS.items()}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self._serve(dict(parse_qs(urlsplit(self.path).query)))

        def do_POST(self):
            length = int(self.headers.get("Content-Length", 0))
            self._serve(dict(parse_qs(self.rfile.read(length).decode())))

        def _serve(self, arguments):
            path = urlsplit(self.path).path
            provider.asked.append(path)
            arguments = {name: values[0] for name, values in arguments.items()}
            if "status" in provider.faults and path == provider.faults["status"][0]:
                return self._send(provider.faults["status"][1], provider.faults.get("headers", {}), "")
            if path == "/jwks.json":
                return self._send(
                    200, {"Content-type": "application/json"}, provider.server.keyjar.export_jwks_as_json("")
                )
            name = paths.get(path)
            if name is None:
                return self._send(404, {}, "")
            status, headers, body = provider.answer(
                name, arguments, self.headers, provider.issuer + self.path
            )
            headers, body = provider.lie(name, headers, body)
            return self._send(status, headers, body)

        def _send(self, status, headers, body):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode() if isinstance(body, str) else body)

        def log_message(self, *args):
            pass

    return Handler
