"""Every address of the product."""

from django.contrib import admin
from django.urls import include, path

# A request too big is told so; any other that is not understood keeps Django's answer.
handler400 = "tickets.portal.oversized.refused_request"
handler500 = "tickets.api.failures.answer_failure"

urlpatterns = [
    path("", include("tickets.urls")),
    path("account/", include("accounts.urls")),
    path("", include("sla.urls")),
    path("back-office/", admin.site.urls),
]
