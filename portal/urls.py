"""The only place that knows both the records and the procedures."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from portal.accounts.access import open_to_everyone
from portal.source import source


@open_to_everyone
def health(request: HttpRequest) -> HttpResponse:
    """For the load balancer: the process answers."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", health, name="health"),
    path("source/", source, name="source"),
    path("account/", include("portal.accounts.urls")),
    path("documents/", include("portal.documents.urls")),
    path("my/notices/", include("portal.notifications.urls")),
    path("my/", include("workflows.filing.urls")),
    path("window/", include("workflows.window.urls")),
    path("department/", include("workflows.department.urls")),
    path("supervision/", include("portal.supervision.urls")),
    path("", include("portal.public.urls")),
]
