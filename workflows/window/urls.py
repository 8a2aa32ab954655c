app_name = "window"
urlpatterns: list = []
