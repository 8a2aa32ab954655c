"""What every page knows of the site and of its reader's settings."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "site": {
            "district": settings.DISTRICT_NAME,
            "hall": settings.HALL_NAME,
            "address": settings.HALL_ADDRESS,
            "phone": settings.HALL_PHONE,
            "complaint_phone": settings.COMPLAINT_PHONE,
            "demonstration": settings.DEMONSTRATION,
        },
        "large_type": request.COOKIES.get("type") == "large",
    }
