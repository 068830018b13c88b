"""The endpoints of one's organisation: add, change, try, read the log, send again."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation import clock
from foundation.accounts.fresh import fresh_sign_in_required
from foundation.journal.selectors import history
from foundation.screens.doors import attempt, submitted
from foundation.webhooks import registry, rules, services
from foundation.webhooks.enums import DeliveryState
from foundation.webhooks.forms import EndpointCreateForm, EndpointForm, ReplayForm
from foundation.webhooks.models import Delivery, Endpoint

PAGE_SIZE = 25


def _endpoint(request: HttpRequest, pk) -> Endpoint:
    """One that this person administers. Raises Http404 for any other."""
    return get_object_or_404(rules.endpoints_visible_to(request.user).select_related("organisation"), pk=pk)


def _trail(*more) -> list:
    return [(_("Accueil"), "/"), (_("Envois vers d’autres systèmes"), reverse("webhooks:list")), *more]


@never_cache
@login_required
@require_safe
def endpoint_list(request: HttpRequest) -> HttpResponse:
    """The endpoints of the organisations that one administers."""
    if not rules.administers_endpoints(request.user):
        raise Http404
    rows = rules.endpoints_visible_to(request.user).select_related("organisation")
    context = {
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "breadcrumbs": [(_("Accueil"), "/"), (_("Envois vers d’autres systèmes"), None)],
    }
    return render(request, "webhooks/list.html", context)


@never_cache
@login_required
@require_safe
def event_list(request: HttpRequest) -> HttpResponse:
    """What may be received: each event with the message it sends."""
    if not rules.administers_endpoints(request.user):
        raise Http404
    events = [
        {
            "event": event,
            "example": json.dumps(
                {"type": event.code, "timestamp": "2026-09-01T12:00:00+00:00", "data": event.example},
                ensure_ascii=False,
                indent=2,
            ),
        }
        for event in registry.events()
    ]
    context = {"events": events, "breadcrumbs": _trail((_("Événements"), None))}
    return render(request, "webhooks/events.html", context)


@never_cache
@login_required
@fresh_sign_in_required
@require_http_methods(["GET", "POST"])
def endpoint_create(request: HttpRequest) -> HttpResponse:
    """Add an endpoint; its secret is in the answer to this request and nowhere else."""
    if not rules.administers_endpoints(request.user):
        raise Http404
    form = EndpointCreateForm(request.POST or None, user=request.user)
    created = submitted(
        request, form, lambda data: services.endpoint_create(**data, by=request.user, at=clock.now())
    )
    if created:
        endpoint, secret = created
        return _secret_page(request, endpoint, secret)
    context = {"form": form, "breadcrumbs": _trail((_("Nouvelle adresse"), None))}
    return render(request, "webhooks/form.html", context)


def _secret_page(request: HttpRequest, endpoint: Endpoint, secret: str) -> HttpResponse:
    context = {
        "endpoint": endpoint,
        "secret": secret,
        "breadcrumbs": _trail((str(endpoint), endpoint.get_absolute_url()), (_("Secret"), None)),
    }
    return render(request, "webhooks/secret.html", context)


@never_cache
@login_required
@require_safe
def endpoint_detail(request: HttpRequest, pk) -> HttpResponse:
    """An endpoint, its log (« ?etat=failed » keeps one state) and what may be done."""
    endpoint = _endpoint(request, pk)
    rows = Delivery.objects.filter(endpoint=endpoint).defer("body")
    state = request.GET.get("etat", "")
    if state in DeliveryState.values:
        rows = rows.filter(state=state)
    context = {
        "endpoint": endpoint,
        "events": [event for event in registry.events() if event.code in endpoint.event_codes],
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "state": state,
        "states": DeliveryState.choices,
        "actions": _actions(request.user, endpoint),
        "replay_form": ReplayForm() if rules.can_pause_endpoint(request.user, endpoint) else None,
        "history": history(endpoint),
        "breadcrumbs": _trail((str(endpoint), None)),
    }
    return render(request, "webhooks/detail.html", context)


def _actions(user, endpoint: Endpoint) -> list[dict]:
    def button(name: str, label: str, **more) -> dict:
        return {
            "label": label,
            "url": reverse(f"webhooks:{name}", args=[endpoint.pk]),
            "kind": "secondary",
            **more,
        }

    actions = [button("update", _("Modifier"), method="get")]
    if rules.can_pause_endpoint(user, endpoint):
        actions += [button("test", _("Envoyer un essai")), button("pause", _("Mettre en pause"))]
    if rules.can_resume_endpoint(user, endpoint):
        actions.append(button("resume", _("Remettre en service")))
    actions.append(button("rotate", _("Changer le secret"), method="get"))
    sure = _("L’adresse, ses secrets et le relevé de ses envois seront effacés.")
    return [*actions, button("delete", _("Retirer"), kind="danger", confirm=sure)]


@never_cache
@login_required
@fresh_sign_in_required
@require_http_methods(["GET", "POST"])
def endpoint_update(request: HttpRequest, pk) -> HttpResponse:
    """Change where or what is sent."""
    endpoint = _endpoint(request, pk)
    now = {"url": endpoint.url, "description": endpoint.description, "event_codes": endpoint.event_codes}
    form = EndpointForm(request.POST or None, initial=now)

    def keep(data: dict) -> Endpoint:
        return services.endpoint_update(endpoint=endpoint, **data, by=request.user, at=clock.now())

    if submitted(request, form, keep):
        messages.success(request, _("L’adresse est enregistrée."))
        return redirect(endpoint)
    context = {
        "form": form,
        "endpoint": endpoint,
        "breadcrumbs": _trail((str(endpoint), endpoint.get_absolute_url()), (_("Modifier"), None)),
    }
    return render(request, "webhooks/form.html", context)


@never_cache
@login_required
@fresh_sign_in_required
@require_http_methods(["GET", "POST"])
def secret_rotate(request: HttpRequest, pk) -> HttpResponse:
    """Say what a new secret changes, then make it and show it once."""
    endpoint = _endpoint(request, pk)
    if request.method == "POST":
        secret = services.secret_rotate(endpoint=endpoint, by=request.user, at=clock.now())
        return _secret_page(request, endpoint, secret)
    context = {
        "endpoint": endpoint,
        "breadcrumbs": _trail((str(endpoint), endpoint.get_absolute_url()), (_("Secret"), None)),
    }
    return render(request, "webhooks/rotate.html", context)


def _done(request: HttpRequest, pk, call, words: str, **more) -> HttpResponse:
    """Call a service on an endpoint and go back to its page, with what it did or why it did not."""
    endpoint = _endpoint(request, pk)
    attempt(request, lambda: call(endpoint=endpoint, by=request.user, at=clock.now(), **more), words)
    return redirect(endpoint)


@login_required
@require_POST
def test_send(request: HttpRequest, pk) -> HttpResponse:
    """Send a message that means nothing."""
    words = _("L’essai part : rechargez la page dans quelques secondes pour lire la réponse.")
    return _done(request, pk, services.test_send, words)


@login_required
@require_POST
def endpoint_pause(request: HttpRequest, pk) -> HttpResponse:
    """Send nothing for a while."""
    return _done(request, pk, services.endpoint_pause, _("L’adresse est en pause : rien ne lui est envoyé."))


@login_required
@require_POST
def endpoint_resume(request: HttpRequest, pk) -> HttpResponse:
    """Send again."""
    return _done(request, pk, services.endpoint_resume, _("L’adresse est de nouveau en service."))


@login_required
@require_POST
def endpoint_delete(request: HttpRequest, pk) -> HttpResponse:
    """Forget an endpoint."""
    endpoint = _endpoint(request, pk)
    services.endpoint_delete(endpoint=endpoint, by=request.user, at=clock.now())
    messages.success(request, _("L’adresse est retirée."))
    return redirect("webhooks:list")


@login_required
@require_POST
def deliveries_replay(request: HttpRequest, pk) -> HttpResponse:
    """Send again everything since an instant."""
    endpoint = _endpoint(request, pk)
    form = ReplayForm(request.POST)

    def again(data: dict) -> tuple[int]:
        return (services.deliveries_replay(endpoint=endpoint, **data, by=request.user, at=clock.now()),)

    done = submitted(request, form, again)
    if done == (0,):
        messages.info(request, _("Rien n’a été écrit depuis cette date : rien ne repart."))
    elif done:
        words = ngettext("%d envoi repart.", "%d envois repartent.", done[0])
        messages.success(request, words % done[0])
    else:
        errors = [error for group in form.errors.values() for error in group]
        messages.error(request, " ".join(errors))
    return redirect(endpoint)


def _delivery(request: HttpRequest, pk) -> Delivery:
    rows = rules.deliveries_visible_to(request.user).select_related("endpoint__organisation")
    return get_object_or_404(rows, pk=pk)


@never_cache
@login_required
@require_safe
def delivery_detail(request: HttpRequest, pk) -> HttpResponse:
    """One message: what was sent, and each try with its answer."""
    delivery = _delivery(request, pk)
    endpoint = delivery.endpoint
    context = {
        "delivery": delivery,
        "body": json.dumps(json.loads(delivery.body), ensure_ascii=False, indent=2),
        "attempts": delivery.attempts.all()[:50],
        "can_replay": rules.can_replay_delivery(request.user, delivery),
        "breadcrumbs": _trail((str(endpoint), endpoint.get_absolute_url()), (_("Envoi"), None)),
    }
    return render(request, "webhooks/delivery.html", context)


@login_required
@require_POST
def delivery_replay(request: HttpRequest, pk) -> HttpResponse:
    """Send one message again."""
    delivery = _delivery(request, pk)
    attempt(
        request,
        lambda: services.delivery_replay(delivery=delivery, by=request.user, at=clock.now()),
        _("L’envoi repart, sous le même numéro."),
    )
    return redirect(delivery)
