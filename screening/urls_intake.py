"""The intake nurses' addresses. None of them ever holds more than a number."""

app_name = "intake"
urlpatterns = []
