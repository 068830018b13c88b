"""Searches that a person keeps, and the feed of a search."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.syndication.views import Feed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.clock import now
from foundation.screens.doors import submitted
from tenders import follow_links, services
from tenders.enums import AlertPace
from tenders.filters import TenderFilter, TenderListFilter, asked, in_words
from tenders.forms.followers import SearchAlertForm
from tenders.models import Tender
from tenders.rules import public
from tenders.views.doors import public_crumbs

FEED_LENGTH = 50


@login_required
@require_safe
def searches(request):
    """The searches that this person keeps."""
    kept = [
        {
            "search": search,
            "words": in_words(TenderListFilter(search.criteria, Tender.objects.none())),
            "url": f"{reverse('tenders:list')}?{urlencode(search.criteria)}",
        }
        for search in public.searches_visible_to(request.user)
    ]
    context = {"kept": kept, "breadcrumbs": public_crumbs(_("Mes recherches"))}
    return render(request, "tenders/following/searches.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def search_save(request):
    """Keep the search whose parameters are in the address."""
    criteria = asked(request.GET)
    words = in_words(TenderListFilter(criteria, Tender.objects.none()))
    form = SearchAlertForm(request.POST or None, initial={"name": _named(words)})

    def call(data):
        return services.search_save(criteria=criteria, by=request.user, at=now(), **data)

    if submitted(request, form, call):
        messages.success(request, _("Votre recherche est enregistrée."))
        return redirect("tenders:searches")
    context = {
        "form": form,
        "words": words,
        "back": f"{reverse('tenders:list')}?{urlencode(criteria)}",
        "breadcrumbs": [*_crumbs(), (_("Enregistrer une recherche"), None)],
    }
    return render(request, "tenders/following/search_save.html", context)


def _named(words) -> str:
    """A name to begin with: what was asked for."""
    return ", ".join(str(value) for _label, value in words)[:120] or _("Toutes les consultations")


@login_required
@require_http_methods(["GET", "POST"])
def search_change(request, search_pk):
    """Another name or another pace."""
    search = get_object_or_404(public.searches_visible_to(request.user), pk=search_pk)
    form = SearchAlertForm(request.POST or None, initial={"name": search.name, "pace": search.pace})
    if submitted(request, form, lambda data: services.search_change(search=search, at=now(), **data)):
        messages.success(request, _("C’est enregistré."))
        return redirect("tenders:searches")
    context = {
        "form": form,
        "words": in_words(TenderListFilter(search.criteria, Tender.objects.none())),
        "back": reverse("tenders:searches"),
        "breadcrumbs": [*_crumbs(), (search.name, None)],
    }
    return render(request, "tenders/following/search_save.html", context)


@login_required
@require_POST
def search_remove(request, search_pk):
    """Forget a search."""
    search = get_object_or_404(public.searches_visible_to(request.user), pk=search_pk)
    services.search_remove(search=search)
    messages.success(request, _("La recherche est supprimée."))
    return redirect("tenders:searches")


@never_cache
@csrf_exempt  # the signed address is the proof, as for every way out of our e-mails
@require_http_methods(["GET", "POST"])
def search_stop(request, token):
    """Stop the messages of one search, without signing in; the search is kept."""
    search = follow_links.read_stop(token)
    if search and request.method == "POST":
        services.search_change(search=search, name=search.name, pace=AlertPace.NEVER, at=now())
    context = {"search": search, "done": request.method == "POST"}
    return render(request, "tenders/following/search_stop.html", context, status=200 if search else 404)


def _crumbs() -> list[tuple]:
    return [*public_crumbs(), (_("Mes recherches"), reverse("tenders:searches"))]


class TenderFeed(Feed):
    """The latest consultations that answer the filters of the address, in Atom."""

    feed_type = Atom1Feed
    title = gettext_lazy("Consultations")
    language = "fr"
    author_name = "Jalon"

    def get_object(self, request):
        """The criteria of the address; what is not understood is left out, as on the page."""
        return asked(request.GET)

    def subtitle(self, criteria):
        """What the feed is about, in words."""
        words = in_words(TenderListFilter(criteria, Tender.objects.none()))
        return ", ".join(f"{label} : {value}" for label, value in words) or _(
            "Toutes les consultations publiées"
        )

    def link(self, criteria):
        """The page of the same search."""
        return _address("tenders:list", criteria)

    def feed_url(self, criteria):
        """The address of the feed itself, with its filters."""
        return _address("tenders:feed", criteria)

    def items(self, criteria):
        """The latest ones."""
        found = TenderFilter(criteria, Tender.objects.public()).qs.select_related("buyer")
        return found.defer("search_vector").order_by("-published_at", "-pk")[:FEED_LENGTH]

    def item_title(self, tender):
        """The title of an entry."""
        return f"{tender.reference} {tender.title}"

    def item_description(self, tender):
        """What is bought."""
        return tender.description

    def item_link(self, tender):
        """Its page."""
        return reverse("tenders:detail", args=[tender.pk])

    def item_author_name(self, tender):
        """The buyer."""
        return tender.buyer.name

    def item_pubdate(self, tender):
        """When it was published."""
        return tender.published_at

    item_updateddate = item_pubdate


def _address(name: str, criteria: dict) -> str:
    return f"{reverse(name)}?{urlencode(criteria)}" if criteria else reverse(name)


tender_feed = require_safe(TenderFeed())
