"""What a person reads when a request is refused before any form could look at it."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.views.defaults import bad_request

from tickets.attachments import say_limits
from tickets.files import LONGEST_NAME
from tickets.uploads import largest_request

_PIECE = 64 * 1024  # bytes


def refused_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 413 with the limits in words to a request too big; 400 to any other that is not understood.

    Of these, the one that a person may cause by a file's endless name is said in words.
    """
    if isinstance(exception, MultiPartParserError):
        _read_the_rest(request)
        return render(request, "errors/too_long_name.html", {"longest": LONGEST_NAME}, status=400)
    if not isinstance(exception, RequestDataTooBig | TooManyFilesSent | TooManyFieldsSent):
        return bad_request(request, exception)
    _read_the_rest(request)
    return render(request, "errors/too_large.html", {"limits": say_limits()}, status=413)


def _read_the_rest(request: HttpRequest) -> None:
    # A browser still sending would show a broken connection instead of the answer.
    left = 2 * largest_request()
    while left > 0:
        piece = request.read(_PIECE)
        if not piece:
            return
        left -= len(piece)
