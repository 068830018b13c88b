"""Addresses where something fails, under the pages and under the API."""

import errno

from botocore.exceptions import ClientError, EndpointConnectionError
from django.db import InterfaceError, OperationalError
from django.http import UnreadablePostError
from django.urls import include, path
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny

FAILURES = {
    "database": OperationalError("server closed the connection"),
    "connection": InterfaceError("connection already closed"),
    "disk": OSError(errno.ENOSPC, "No space left on device"),
    "storage": EndpointConnectionError(endpoint_url="http://storage:9000"),
    "answer": ClientError({"ResponseMetadata": {"HTTPStatusCode": 507}, "Error": {"Code": "XMinio"}}, "Put"),
    "fault": ValueError("ours"),
    "missing": FileNotFoundError(errno.ENOENT, "No such file"),
    "forbidden": ClientError(
        {"ResponseMetadata": {"HTTPStatusCode": 403}, "Error": {"Code": "Denied"}}, "Put"
    ),
    "cut": UnreadablePostError("error during read(65536) on wsgi.input"),
}


def page(request, name):
    raise FAILURES[name]


@api_view()
@permission_classes([AllowAny])
def program(request, name):
    raise FAILURES[name]


urlpatterns = [
    path("echec/<name>/", page),
    path("api/v1/echec/<name>/", program),
    path("", include("procurement.urls")),
]
handler500 = "foundation.screens.views.server_error"
