"""One's own sessions, listed and closed."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from foundation import clock
from foundation.accounts import services, sessions


@login_required
@require_safe
@never_cache
def session_list(request):
    """Where one is signed in."""
    context = {
        "sessions": sessions.open_sessions(
            request.user, current=request.session.session_key or "", at=clock.now()
        ),
        "breadcrumbs": [
            (_("Accueil"), "/"),
            (_("Mon profil"), reverse("accounts:profile")),
            (_("Mes sessions"), None),
        ],
    }
    return render(request, "accounts/session_list.html", context)


@login_required
@require_POST
def session_close(request, pk):
    """Close one of one's sessions; the present one is a sign-out."""
    row = get_object_or_404(UserSession, pk=pk, user_id=request.user.pk)
    is_current = row.session_key == request.session.session_key
    services.sessions_close(rows=[row], by=request.user, at=clock.now())
    if is_current:
        logout(request)
        return redirect("screens:home")
    messages.success(request, _("La session est fermée."))
    return redirect("accounts:session_list")


@login_required
@require_POST
def sessions_close_others(request):
    """Close all one's sessions but this one."""
    others = UserSession.objects.filter(user_id=request.user.pk).exclude(
        session_key=request.session.session_key
    )
    count = services.sessions_close(rows=others, by=request.user, at=clock.now())
    messages.success(
        request,
        ngettext("%(count)s autre session est fermée.", "%(count)s autres sessions sont fermées.", count)
        % {"count": count},
    )
    return redirect("accounts:session_list")
