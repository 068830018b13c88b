"""« Mes données »: what is held, its download, and its erasure."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation import clock
from foundation.accounts import rules
from foundation.accounts.forms import ReasonForm
from foundation.accounts.fresh import fresh_sign_in_required
from foundation.accounts.models import Approval, User
from foundation.accounts.personal import export, registry, services
from foundation.screens.doors import submitted


@login_required
@require_safe
def my_data(request):
    """What the platform holds of me, what leaves with me and what the law keeps."""
    context = {
        "sections": registry.sections(),
        "breadcrumbs": _trail(_("Mes données")),
    }
    return render(request, "accounts/my_data.html", context)


@login_required
@require_safe
@fresh_sign_in_required
def my_data_download(request):
    """All of it, as JSON."""
    answer = StreamingHttpResponse(export.lines(request.user, at=clock.now()), content_type=export.MEDIA_TYPE)
    answer.headers["Content-Disposition"] = 'attachment; filename="mes-donnees.json"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_http_methods(["GET", "POST"])
@fresh_sign_in_required
def erasure_ask(request, pk):
    """Ask that a person's data be erased: one's own, or those of somebody who left."""
    person = get_object_or_404(User, pk=pk)
    if not rules.can_ask_erasure(request.user, person):
        raise Http404
    form = ReasonForm(request.POST or None)
    done = submitted(
        request,
        form,
        lambda data: services.erasure_ask(user=person, **data, by=request.user, at=clock.now()),
    )
    if isinstance(done, Approval):
        messages.success(request, _("La demande est faite : l’administration de la plateforme la confirme."))
        return redirect(done)
    if done:
        messages.success(request, _("Les données de ce compte sont effacées."))
        return redirect("accounts:user_detail", pk=pk)
    context = {
        "form": form,
        "person": person,
        "is_mine": person == request.user,
        "sections": registry.sections(),
        "breadcrumbs": _trail(_("Effacer les données")),
    }
    return render(request, "accounts/erasure.html", context)


def _trail(title):
    return [(_("Accueil"), "/"), (_("Mon profil"), reverse("accounts:profile")), (title, None)]
