from django.urls import path

from portal.supervision import system, views

app_name = "supervision"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("affairs/", views.affairs, name="affairs"),
    path("affairs/<int:pk>/", views.affair, name="affair"),
    path("affairs/<int:pk>/show/<str:key>/", views.show, name="show"),
    path("jobs/", system.jobs, name="jobs"),
    path("system/", system.overview, name="system"),
    path("system/departments/<slug:code>/", system.department, name="department"),
]
