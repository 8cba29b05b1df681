from django.urls import path

from bench.floor import views

urlpatterns = [
    path("page/<int:question>/", views.page),
    path("answer/<int:question>/", views.answer),
    path("progress/", views.progress),
]
