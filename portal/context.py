"""What every page knows of the site and of its reader's settings."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site_facts() -> dict[str, Any]:
    """The office, for pages and for papers that people take home."""
    return {
        "district": settings.DISTRICT_NAME,
        "hall": settings.HALL_NAME,
        "address": settings.HALL_ADDRESS,
        "phone": settings.HALL_PHONE,
        "complaint_phone": settings.COMPLAINT_PHONE,
        "demonstration": settings.DEMONSTRATION,
    }


def site(request: HttpRequest) -> dict[str, Any]:
    return {"site": site_facts(), "large_type": request.COOKIES.get("type") == "large"}
