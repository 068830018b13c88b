"""Compression of pages, never of files."""

from django.middleware.gzip import GZipMiddleware


class CompressPages(GZipMiddleware):
    """Files are sent as they are: their length, their ranges and their digest must stay true."""

    def process_response(self, request, response):
        """Leave alone what can be asked for by ranges."""
        if response.has_header("Accept-Ranges"):
            return response
        return super().process_response(request, response)
