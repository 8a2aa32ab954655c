"""Pages that need no sign-in: the home page, the guides, what the portal is, and the size of its type."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.access import open_to, open_to_everyone
from portal.accounts.models import Department, User
from portal.catalogue.models import Edition
from portal.public.facets import chosen_in, facets, narrow
from portal.public.forms import StatusForm, VerifyForm
from portal.public.guide import facts_of, guide_of
from portal.public.search import index_of

# Where each role's work begins: names of views that live above this package.
_WORKPLACES = {
    User.Role.APPLICANT: "filing:mine",
    User.Role.CLERK: "window:queue",
    User.Role.OFFICER: "department:queue",
    User.Role.SUPERVISOR: "supervision:overview",
    User.Role.ADMINISTRATOR: "supervision:system",
}
_ONE_YEAR_SECONDS = 365 * 24 * 3600
_EXAMPLES_OF_EACH = 2


def _edition() -> Edition | None:
    try:
        return Edition.objects.current()
    except Edition.DoesNotExist:
        return None


@open_to_everyone
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    edition = _edition()
    one_things = list(edition.catalogue.one_things.values()) if edition else []
    return render(
        request,
        "public/home.html",
        {
            "entries": [(one_thing, facts_of(edition.catalogue, one_thing)) for one_thing in one_things],
            "examples": [word for one_thing in one_things for word in one_thing.keywords[:_EXAMPLES_OF_EACH]],
            "facets": facets(edition.catalogue, {}) if edition else (),
            "status_form": StatusForm(auto_id="status_%s"),
            "verify_form": VerifyForm(auto_id="verify_%s"),
        },
    )


@open_to_everyone
@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    """All guides, or those that fit ``?q=`` and the facets; what does not fit anything says so and leads on."""
    query = request.GET.get("q", "").strip()[:100]
    edition = _edition()
    if edition is None:
        return render(request, "public/guides.html", {"query": query})
    catalogue = edition.catalogue
    chosen = chosen_in(catalogue, request.GET)
    within = narrow(catalogue.one_things.values(), chosen)
    hits = index_of(edition).find(query) if query else ()
    fitting = [hit for hit in hits if hit.one_thing in within]
    # What fits the words but not the narrower list is still what was looked for.
    listed = [(hit.one_thing, hit.reasons) for hit in fitting or hits] or [(one_thing, ()) for one_thing in within]
    return render(
        request,
        "public/guides.html",
        {
            "query": query,
            "edition": edition,
            "entries": [(one_thing, facts_of(catalogue, one_thing), reasons) for one_thing, reasons in listed],
            "found": bool(hits),
            "widened": bool(hits) and not fitting,
            "close": bool(hits) and all(hit.is_close for hit in hits),
            "suggestions": index_of(edition).suggest(query) if query and not hits else (),
            "facets": facets(catalogue, chosen, query),
            "chosen": chosen,
        },
    )


@open_to_everyone
@require_safe
def guide(request: HttpRequest, one_thing_id: str) -> HttpResponse:
    edition = _edition()
    one_thing = edition.catalogue.one_things.get(one_thing_id) if edition else None
    if edition is None or one_thing is None:
        raise Http404(f"unknown one-thing {one_thing_id!r}")
    shown = guide_of(edition.catalogue, one_thing)
    phones = {department.code: department for department in Department.objects.all()}
    return render(
        request,
        "public/guide.html",
        {
            "guide": shown,
            "one_thing": one_thing,
            "edition": edition,
            "contacts": [(department, phones.get(department.id)) for department in shown.departments],
        },
    )


@open_to_everyone
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """How to use the portal, and which personal data it keeps, why and how long (R45)."""
    return render(request, "public/about.html")


@open_to_everyone
@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Large type or normal type, kept in a cookie; back to the page from which it was asked for."""
    wanted = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        wanted = reverse("public:home")
    response = redirect(wanted)
    size = "large" if request.POST.get("size") == "large" else "normal"
    response.set_cookie(
        "type", size, max_age=_ONE_YEAR_SECONDS, samesite="Lax", secure=request.is_secure(), httponly=True
    )
    return response


@open_to(*User.Role)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """After sign-in: to the place where this person's work is."""
    try:
        return redirect(_WORKPLACES[User.Role(request.user.role)])
    except NoReverseMatch:
        return redirect("public:home")
