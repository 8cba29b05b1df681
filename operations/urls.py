from django.urls import path

from operations import views

urlpatterns = [
    path("readyz", views.readyz, name="readyz"),
    path("heartbeat", views.heartbeat, name="heartbeat"),
    path("metrics", views.metrics, name="metrics"),
]
