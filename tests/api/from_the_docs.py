"""A program written only from /api/v1/docs/: reads the calls, then opens a draft and gives it a first lot.

    python from_the_docs.py https://jalon.example <jeton>

Standard library only; it knows nothing of the code of the platform.
"""

import json
import sys
import urllib.error
import urllib.request
import uuid

ADDRESS, TOKEN = sys.argv[1], sys.argv[2]


def call(method, path, body=None, **headers):
    """(status, headers, JSON) of a request; a problem is read like any answer."""
    request = urllib.request.Request(  # noqa: S310  the address is the first argument of the command
        ADDRESS + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Token {TOKEN}", "Content-Type": "application/json", **headers},
    )
    try:
        answer = urllib.request.urlopen(request, timeout=30)  # noqa: S310
    except urllib.error.HTTPError as problem:
        answer = problem
    text = answer.read()
    return answer.status, answer.headers, json.loads(text) if text else None


def every(path):
    """Each row of a list, page after page."""
    while path:
        _status, _headers, page = call("GET", path)
        yield from page["results"]
        path = page["next"] and page["next"].removeprefix(ADDRESS)


def main():
    """Prints what it read and made."""
    calls = list(every("/api/v1/tenders/?fields=id,reference,title&page_size=2"))
    project = next(one for one in every("/api/v1/purchase-projects/"))
    wanted = {
        "project": project["id"],
        "title": "Consultation préparée par un programme",
        "description": "Développement d'un service numérique.",
        "procedure": "open",
        "technique": "framework_orders",
    }
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = call("POST", "/api/v1/tenders/", wanted, **key)
    again = call("POST", "/api/v1/tenders/", wanted, **key)  # as if the first answer had been lost
    draft = first[2]
    path = f"/api/v1/tenders/{draft['id']}/"
    unread = call("PATCH", path, {"duration_months": 24})
    kept = call("PATCH", path, {"duration_months": 24}, **{"If-Match": first[1]["ETag"]})
    wrong = call("PATCH", path, {"duration_months": "deux ans"}, **{"If-Match": kept[1]["ETag"]})
    found = {
        "calls": calls,
        "draft": draft["id"],
        "statuses": [first[0], again[0], unread[0], kept[0], wrong[0]],
        "same": again[2] == draft,
        "duration_months": kept[2]["duration_months"],
        "pointer": wrong[2]["errors"][0]["pointer"],
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
