"""Papers and materials, mounted at /documents/."""

from django.urls import path

from portal.documents import views

app_name = "documents"
urlpatterns = [
    path("<int:pk>/", views.document, name="document"),
    path("file/<int:pk>/", views.material_file, name="file"),
    path("message-file/<int:pk>/", views.message_file, name="message_file"),
    path("file/<int:pk>/preview/", views.preview, name="preview"),
]
