"""What every surface needs of HTTP: the language of a page, and a stored file as a download.

Always holds: a file leaves only as attachment, never to be shown or run within the site.
"""

from typing import BinaryIO, Literal

from django.http import FileResponse, HttpRequest, HttpResponseBase


def language_of(request: HttpRequest) -> Literal["nl", "en"]:
    """The language of this page."""
    return "en" if getattr(request, "LANGUAGE_CODE", "nl") == "en" else "nl"


def attachment(stream: BinaryIO, name: str, content_type: str, size: int) -> HttpResponseBase:
    """A stored file, streamed, as attachment, in a sandbox of its own."""
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=content_type)
    response.headers["Content-Length"] = str(size)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
