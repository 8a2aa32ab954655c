from django.urls import path

from workflows.department import opinions, outside, phrases, together, views

app_name = "department"
urlpatterns = [
    path("", views.queue, {"tab": "review"}, name="queue"),
    path("opinions/", opinions.queue, name="opinions"),
    path("opinions/<int:pk>/", opinions.opinion, name="opinion"),
    path("phrases/", phrases.listed, name="phrases"),
    path("phrases/<int:pk>/", phrases.phrase, name="phrase"),
    path("together/review/", together.review, name="together_review"),
    path("together/grant/", together.grant, name="together_grant"),
    path("together/result/", together.result, name="together_result"),
    path("<int:pk>/", views.approval, name="approval"),
    path("<int:pk>/review/", views.review, name="review"),
    path("<int:pk>/grant/", views.grant, name="grant"),
    path("<int:pk>/refuse/", views.refuse, name="refuse"),
    path("<int:pk>/sign/", views.sign, name="sign"),
    path("<int:pk>/send-back/", views.send_back, name="send_back"),
    path("<int:pk>/ask/", opinions.ask, name="ask"),
    path("<int:pk>/export/", outside.export, name="export"),
    path("<int:pk>/entry/", outside.entry, name="entry"),
    path("<int:pk>/show/<str:key>/", views.show, name="show"),
    path("<slug:tab>/", views.queue, name="tab"),
]
