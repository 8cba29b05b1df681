"""Pages without a network: a manifest for the browser, and a worker that stores the offline page."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control


@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    icons = [
        {"src": static("img/mark.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": static("img/mark-512.png"), "sizes": "512x512", "type": "image/png"},
    ]
    content = {
        "name": "Finalcheck",
        "short_name": "Finalcheck",
        "start_url": "/",
        "display": "minimal-ui",
        "background_color": "#f1f2ef",
        "theme_color": "#fcfcfb",
        "icons": icons,
    }
    return JsonResponse(content, content_type="application/manifest+json")


@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Serve the worker from the root, so that its scope is every page. It refers to files by their hashed names."""
    return render(request, "portal/service_worker.js", {}, content_type="text/javascript")
