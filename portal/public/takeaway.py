"""What people take with them from a guide: a list of their own, a leaflet, forms to fill in. No sign-in."""

from math import ceil

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from portal.accounts.access import address_of, open_to_everyone
from portal.catalogue.models import Edition
from portal.catalogue.plan import asked, next_question, plan
from portal.catalogue.schema import OneThing, Question
from portal.documents.press import qr
from portal.public import handouts
from portal.public.forms import AnswerForm
from portal.public.handouts import Handout
from portal.public.personal import answers_in, personal_list, query_of
from portal.public.throttle import Throttle, network_of

# Only what has to be laid out first is counted; what lies ready is free.
PRINTINGS = Throttle("printing", limit=30)
# No id of a question has a dot, so that these can never be one.
EDIT = ".edit"
ASKED = ".asked"


def _published(one_thing_id: str) -> tuple[Edition, OneThing]:
    try:
        edition = Edition.objects.current()
        return edition, edition.catalogue.one_things[one_thing_id]
    except (Edition.DoesNotExist, KeyError):
        raise Http404(f"unknown one-thing {one_thing_id!r}") from None


@open_to_everyone
@require_safe
def own_list(request: HttpRequest, one_thing_id: str) -> HttpResponse:
    """One question at a time, then the list. ``?lic=no&…`` holds the answers, ``.edit`` the question to change."""
    edition, one_thing = _published(one_thing_id)
    answers = answers_in(one_thing, request.GET)
    edited = request.GET.get(EDIT)
    here = next((each for each in asked(one_thing, answers) if each.id == edited), None)
    here = here or next_question(one_thing, answers)
    context = {
        "one_thing": one_thing,
        "list": personal_list(edition.catalogue, plan(edition.catalogue, one_thing.id, answers)),
        "answers_query": query_of(answers),
    }
    if here is not None:
        response = render(request, "public/list_question.html", {**context, **_question(request, one_thing, here)})
    else:
        address = f"{settings.SITE_URL}{request.path}?{query_of(answers)}"
        response = render(
            request,
            "public/list.html",
            {**context, "edition": edition, "address": address, "qr_src": qr(address), "today": timezone.localdate()},
        )
    # Every set of answers is an address: a search engine would never come to an end.
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _question(request: HttpRequest, one_thing: OneThing, here: Question) -> dict[str, object]:
    answers = answers_in(one_thing, request.GET)
    order = [each.id for each in asked(one_thing, answers)]
    place = order.index(here.id)
    form = AnswerForm(
        request.GET if ASKED in request.GET and here.id not in answers else None,
        question=here,
        initial={here.id: answers.get(here.id)},
    )
    guide = reverse("public:guide", args=[one_thing.id])
    before = query_of({**answers, EDIT: order[place - 1]})
    return {
        "form": form,
        "answer": form[here.id],
        "question": here,
        "kept": [
            (name, value)
            for name, given in answers.items()
            if name != here.id
            for value in ([given] if isinstance(given, str) else given)
        ],
        "asked_name": ASKED,
        "number": place + 1,
        "total": len(order),
        "back": f"{request.path}?{before}" if place else guide,
    }


@open_to_everyone
@require_safe
def leaflet(request: HttpRequest, one_thing_id: str) -> HttpResponse:
    edition, one_thing = _published(one_thing_id)
    return _handed_out(request, handouts.leaflet(edition, one_thing))


@open_to_everyone
@require_safe
def form(request: HttpRequest, material_id: str, kind: str) -> HttpResponse:
    """The form of a material to fill in (blank) or filled in by made-up people (sample)."""
    try:
        edition = Edition.objects.current()
        handout = handouts.form(edition, edition.catalogue.materials[material_id], filled=kind == "sample")
    except (Edition.DoesNotExist, LookupError):
        raise Http404(f"no {kind} form of {material_id!r}") from None
    return _handed_out(request, handout)


def _handed_out(request: HttpRequest, handout: Handout) -> HttpResponse:
    if not handout.is_printed:
        key = f"address:{network_of(address_of(request))}"
        if until := PRINTINGS.blocked_until(key):
            seconds = max(ceil((until - timezone.now()).total_seconds()), 1)
            response = render(request, "public/press_busy.html", {"minutes": max(ceil(seconds / 60), 1)}, status=429)
            response["Retry-After"] = str(seconds)
            return response
        PRINTINGS.count_wrong(key)
    response = HttpResponse(handout.pdf(), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, handout.name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
