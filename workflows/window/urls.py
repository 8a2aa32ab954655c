from django.urls import path

from workflows.window import messages, views

app_name = "window"
urlpatterns = [
    path("", views.queue, {"tab": "acceptance"}, name="queue"),
    path("messages/", messages.waiting, name="messages"),
    path("<int:pk>/messages/", messages.thread, name="thread"),
    path("<int:pk>/messages/settle/", messages.settle, name="settle"),
    path("<int:pk>/", views.review, name="review"),
    path("<int:pk>/accept/", views.accept, name="accept"),
    path("<int:pk>/refuse/", views.refuse, name="refuse"),
    path("<int:pk>/deliver/", views.deliver, name="deliver"),
    path("<int:pk>/reopen/<int:approval_pk>/", views.reopen, name="reopen"),
    path("<int:pk>/show/<str:key>/", views.show, name="show"),
    path("<slug:tab>/", views.queue, name="tab"),
]
