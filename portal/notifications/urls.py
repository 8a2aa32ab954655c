"""The applicant's inbox, mounted at /my/notices/."""

from django.urls import path

from portal.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read/", views.read_all, name="read_all"),
    path("preferences/", views.preferences, name="preferences"),
    path("mailbox/", views.demonstration_mailbox, name="mailbox"),
    path("<int:pk>/", views.notice, name="notice"),
]
