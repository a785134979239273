"""Each way into the application has its scope: requests, tasks, commands; what fails leaves nothing."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client as Browser
from django.urls import path, resolve, reverse

from accounts.gate import ScopeMiddleware, acting_one_by_one
from accounts.models import Client, User
from accounts.scope import ENTRANCE, VENDOR, WORKER, current_scope, scoped
from helpdesk import celery
from helpdesk.urls import urlpatterns as product
from tests.world import PASSWORD, World, build_world


def write_then(outcome: Callable[[], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Return a view that writes a row, then answers or raises."""

    def view(request: HttpRequest) -> HttpResponse:
        User.objects.filter(pk=request.user.pk).update(telephone="written")
        return outcome()

    return view


def raise_(error: Exception) -> HttpResponse:
    raise error


def seen(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{current_scope()}:{Client.objects.count()}")


def streamed(_request: HttpRequest) -> StreamingHttpResponse:
    def lines() -> Iterator[str]:
        for client in Client.objects.order_by("pk").iterator(chunk_size=1):
            yield f"{client.code};"

    return StreamingHttpResponse(lines())


urlpatterns = [
    *product,
    path("t/seen/", seen, name="seen"),
    path("t/streamed/", streamed),
    path("t/one/", acting_one_by_one(lambda _request: HttpResponse(str(connection.in_atomic_block)))),
    path("t/all/", lambda _request: HttpResponse(str(connection.in_atomic_block))),
    path("t/kept/", write_then(lambda: HttpResponse(status=422))),
    path("t/missing/", write_then(lambda: raise_(Http404()))),
    path("t/broken/", write_then(lambda: raise_(ValueError()))),
    path("t/unavailable/", write_then(lambda: HttpResponse(status=503))),
]


@pytest.fixture
def browse(settings) -> Callable[[User | None], Browser]:
    settings.ROOT_URLCONF = __name__

    def browse(user: User | None) -> Browser:
        browser = Browser(raise_request_exception=False)
        if user:
            browser.force_login(user)
        return browser

    return browse


def test_each_request_is_in_the_scope_of_who_asks(world: World, browse) -> None:
    assert browse(world.claire).get("/t/seen/").content == f"{world.client.pk}:1".encode()
    assert browse(world.agnes).get("/t/seen/").content == f"{VENDOR}:2".encode()
    assert browse(None).get("/t/seen/").content == f"{ENTRANCE}:0".encode()
    assert browse(None).post("/t/seen/").content == f"{ENTRANCE}:0".encode()
    User.objects.filter(pk=world.claire.pk).update(is_active=False)
    assert current_scope() == WORKER


def test_a_body_made_while_it_is_sent_is_made_in_the_same_scope(world: World, browse) -> None:
    for who, expected in ((world.claire, "brasserie;"), (world.agnes, "brasserie;clinique;"), (None, "")):
        response = browse(who).get("/t/streamed/")
        with scoped(""):
            assert b"".join(response.streaming_content).decode() == expected


def test_a_file_keeps_the_server_s_own_way_of_sending_it(world: World) -> None:
    given = FileResponse(open(__file__, "rb"))  # noqa: SIM115, PTH123  (the response closes it)
    request = HttpRequest()
    request.user, request.method = world.claire, "GET"
    assert ScopeMiddleware(lambda _request: given)(request).file_to_stream is not None
    given.file_to_stream.close()


@pytest.mark.django_db(transaction=True)
def test_a_view_of_many_acts_holds_no_transaction_over_them(browse) -> None:
    maud = build_world().maud
    assert browse(maud).get("/t/one/").content == b"False"
    assert browse(maud).get("/t/all/").content == b"True"
    assert resolve("/recompute/apply/").func.acts_one_by_one


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("address", "status", "kept"),
    [("kept", 422, True), ("missing", 404, False), ("broken", 500, False), ("unavailable", 503, False)],
)
def test_what_a_failed_request_wrote_is_undone_and_what_an_answer_wrote_is_kept(
    browse, address: str, status: int, kept: bool
) -> None:
    claire = build_world().claire
    assert browse(claire).post(f"/t/{address}/").status_code == status
    claire.refresh_from_db()
    assert (claire.telephone == "written") is kept
    assert connection.in_atomic_block is False


@pytest.mark.django_db(transaction=True)
def test_a_person_signs_in_under_the_wall(settings) -> None:
    world = build_world()
    browser = Browser()
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    answer = browser.post(reverse("account_login"), {"login": world.claire.email, "password": PASSWORD})
    assert answer.status_code == 302
    world.claire.refresh_from_db()
    assert world.claire.last_login is not None
    assert world.claire.password.startswith("pbkdf2"), "a hash made anew is written by its own person"


def test_the_process_answers_without_a_database(client, django_db_blocker) -> None:
    with django_db_blocker.block():
        assert client.get(reverse("live")).content == b"ok"


def test_every_task_is_run_in_the_worker_s_scope() -> None:
    celery.app.loader.import_default_modules()
    ours = [task for name, task in celery.app.tasks.items() if not name.startswith("celery.")]
    assert len(ours) >= 2
    for task in ours:
        assert isinstance(task, celery.WorkerTask), task.name

    @celery.app.task(name="tests.scope")
    def told() -> str:
        return current_scope()

    with scoped(""):
        assert told() == WORKER
        assert told.apply().get() == WORKER


def test_every_command_is_run_in_the_worker_s_scope() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c",
         "from accounts.scope import current_scope; print(current_scope())"],
        cwd=settings.BASE_DIR, capture_output=True, text=True, check=True, env={**os.environ},
    )  # fmt: skip
    assert done.stdout.strip() == WORKER
