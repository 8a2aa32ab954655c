from django.urls import path

from portal.public import publicity, queries, takeaway, views

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("guides/", views.guides, name="guides"),
    path("guides/<slug:one_thing_id>/", views.guide, name="guide"),
    path("guides/<slug:one_thing_id>/list/", takeaway.own_list, name="own_list"),
    path("guides/<slug:one_thing_id>/leaflet.pdf", takeaway.leaflet, name="leaflet"),
    path("guides/forms/<slug:material_id>/blank.pdf", takeaway.form, {"kind": "blank"}, name="blank"),
    path("guides/forms/<slug:material_id>/sample.pdf", takeaway.form, {"kind": "sample"}, name="sample"),
    path("status/", queries.status, name="status"),
    path("verify/", queries.verify, name="verify"),
    path("verify/<slug:code>/", queries.verify, name="verified"),
    path("publicity/", publicity.granted, name="publicity"),
    path("about/", views.about, name="about"),
    path("display/", views.display, name="display"),
    path("start/", views.start, name="start"),
]
