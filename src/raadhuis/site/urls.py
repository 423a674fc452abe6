"""All addresses of the house."""

from django.urls import include, path

from raadhuis.portal.http import use_sessions
from raadhuis.site import login, sessions, views

use_sessions(sessions)

urlpatterns = [
    path("", include("raadhuis.zgw.urls")),
    path("werk/", include("raadhuis.desk.urls")),
    path("", include("raadhuis.portal.urls")),
    path("inloggen/klaar/", login.login_done, name="login_done"),
    path("inloggen/<slug:realm>/", login.login, name="login"),
    path("uitloggen/", login.logout, name="logout"),
    path("taal/", views.language, name="language"),
    path("gezond/", views.health, name="health"),
    path("adres/", views.address, name="address_lookup"),
    path("robots.txt", views.robots, name="robots"),
    path("_galerij/", views.gallery, name="gallery"),
]

handler400 = "raadhuis.site.errors.bad_request"
handler403 = "raadhuis.site.errors.forbidden"
handler404 = "raadhuis.site.errors.not_found"
handler500 = "raadhuis.site.errors.server_error"
