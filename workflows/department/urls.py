from django.urls import path

from workflows.department import views

app_name = "department"
urlpatterns = [
    path("", views.queue, {"tab": "review"}, name="queue"),
    path("<int:pk>/", views.approval, name="approval"),
    path("<int:pk>/review/", views.review, name="review"),
    path("<int:pk>/grant/", views.grant, name="grant"),
    path("<int:pk>/refuse/", views.refuse, name="refuse"),
    path("<int:pk>/show/<str:key>/", views.show, name="show"),
    path("<slug:tab>/", views.queue, name="tab"),
]
