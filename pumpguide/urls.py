"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from . import health

handler400 = "pumpguide.errors.bad_request"
handler403 = "pumpguide.errors.permission_denied"
handler404 = "pumpguide.errors.page_not_found"
handler500 = "pumpguide.errors.server_error"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("staff/", include("pumpguide.staff.urls")),
    path("admin/", admin.site.urls),
    path("screening/", include("screening.urls")),
    path("intake/", include("screening.urls_intake")),
    path("", include("content.urls")),
]
