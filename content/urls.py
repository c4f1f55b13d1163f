"""The guide's addresses. Its pages answer every path that nothing else does and that looks like one of their own."""

from django.urls import path, re_path

from .models.page import PATHS
from .views import corrections, feedback, findable, page, pictures, preview, search

app_name = "content"
urlpatterns = [
    path("search/", search.search, name="search"),
    path("feedback/<slug:key>/", feedback.feedback, name="feedback"),
    path("preview/<str:token>/", preview.preview, name="preview"),
    re_path(r"^pictures/(?P<hash>[0-9a-f]{64})\.webp$", pictures.picture, name="picture"),
    path("sitemap.xml", findable.sitemap, name="sitemap"),
    path("robots.txt", findable.robots, name="robots"),
    path("changes.xml", findable.changes, name="changes"),
    path("corrections/", corrections.corrections, name="corrections"),
    re_path(rf"^(?P<path>{PATHS})$", page.page, name="page"),
]
