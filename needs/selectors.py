"""Reads of the purchase project."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from needs import plain, rules
from needs.enums import ProjectState, ServicePhase
from needs.models import Brief, PurchaseProject


@dataclass(frozen=True)
class QualityPoint:
    """One thing a reader of the brief looks for, whether it is there, and an example of how to say it."""

    code: str
    label: str
    met: bool
    advice: str
    example: str


def person_with_email(email: str) -> User | None:
    """The active account that uses this address, if there is one."""
    return User.objects.filter(email__iexact=email.strip(), is_active=True).first()


def projects_found(user, *, words: str = "", state: str = "") -> QuerySet[PurchaseProject]:
    """The projects this person may see, filtered by words (title, reference, policy field) and by state."""
    projects = rules.projects_visible_to(user).select_related("organisation")
    projects = projects.annotate(line_count=Count("strategy_lines", distinct=True))
    if state:
        projects = projects.filter(state=state)
    return with_words(projects, words).order_by("-updated_at", "-pk")


def with_words(projects: QuerySet[PurchaseProject], words: str) -> QuerySet[PurchaseProject]:
    """Those where each word is found in the title, the reference or the policy field."""
    for word in words.split():
        projects = projects.filter(
            Q(title__icontains=word) | Q(reference__icontains=word) | Q(policy_field__icontains=word)
        )
    return projects


def project_detail(user) -> QuerySet[PurchaseProject]:
    """The projects this person may see, with what their page shows."""
    projects = rules.projects_visible_to(user).select_related("organisation", "brief", "created_by")
    return projects.prefetch_related("strategy_lines", "members__user")


def projects_in_brief(user) -> dict:
    """What a dashboard says of the projects: how many in each state, and the last ones touched."""
    visible = rules.projects_visible_to(user)
    projects = list(visible.select_related("organisation").order_by("-updated_at", "-pk")[:5])
    counts = dict(visible.order_by().values_list("state").annotate(Count("pk"))) if projects else {}
    return {
        "projects": projects,
        "draft": counts.get(ProjectState.DRAFT, 0),
        "ready": counts.get(ProjectState.READY, 0),
        "closed": counts.get(ProjectState.CLOSED, 0),
    }


def brief_quality(brief: Brief) -> list[QualityPoint]:
    """What the brief still lacks, gently: the points advise, they never block.

    Of 31 audited UK briefs, 71 % did not explain the problem: that point comes first.
    """
    return [*_quality_of_the_need(brief), *_quality_of_the_frame(brief), _quality_of_the_words(brief)]


def _quality_of_the_need(brief: Brief) -> list[QualityPoint]:
    return [
        QualityPoint(
            "problem",
            _("Le problème est expliqué"),
            _is_told(brief.problem, words=15),
            _("Décrivez ce qui ne va pas, pour qui, et ce que cela coûte. Pas encore la solution."),
            _("« Un tiers des demandeurs abandonne à la pièce 7, déjà donnée ailleurs. »"),
        ),
        QualityPoint(
            "users",
            _("Les usagers sont nommés"),
            _is_told(brief.users, words=5),
            _("Dites qui utilisera le service, combien ils sont, et ce qu'ils vous ont dit."),
            _("« 12 000 gestionnaires de logements ; huit rencontrés en mars, dans trois départements. »"),
        ),
        QualityPoint(
            "existing",
            _("L'existant est décrit"),
            _is_told(brief.existing, words=5),
            _("Dites ce qui rend déjà le service, même mal : outil, papier, tableur, autre administration."),
            _("« Un formulaire PDF envoyé par courriel, ressaisi dans un tableur par deux agents. »"),
        ),
    ]


def _quality_of_the_frame(brief: Brief) -> list[QualityPoint]:
    return [
        QualityPoint(
            "constraints",
            _("Les contraintes sont dites"),
            _is_told(brief.constraints, words=3),
            _("Dates imposées, règles de sécurité, systèmes à relier, accessibilité."),
            _("« En service avant la rentrée ; données personnelles ; conforme au RGAA. »"),
        ),
        QualityPoint(
            "budget",
            _("Une fourchette de budget est donnée"),
            brief.budget_max_excl_tax is not None,
            _("Une fourchette suffit : elle évite des réponses hors de portée."),
            _("« De 150 000 à 250 000 € HT pour la première année. »"),
        ),
        QualityPoint(
            "phase",
            _("La phase du service est connue"),
            brief.phase != ServicePhase.UNKNOWN,
            _("Cherche-t-on encore le problème, construit-on, consolide-t-on, transmet-on ?"),
            _("« Construction : la fiche produit est validée, rien n'est encore en ligne. »"),
        ),
        QualityPoint(
            "market_dialogue",
            _("Le dialogue avec le marché est raconté"),
            _is_told(brief.market_dialogue, words=5),
            _("Dites qui vous avez rencontré avant d'écrire, et ce que cela a changé. Ou dites : personne."),
            _("« Deux rencontres avec quatre entreprises ; toutes demandent un accès aux données de test. »"),
        ),
    ]


def _quality_of_the_words(brief: Brief) -> QualityPoint:
    texts = (brief.problem, brief.users, brief.existing, brief.constraints, brief.market_dialogue)
    written = "\n".join(texts).strip()
    found = plain.remarks(written)
    return QualityPoint(
        "plain",
        _("Le texte se lit sans dictionnaire"),
        bool(written) and not found,
        " ".join(f"{remark.found} {remark.advice}" for remark in found)
        or _("Des phrases courtes, des mots de tous les jours, les sigles expliqués."),
        _("« Un agent ressaisit chaque demande. » plutôt que « Dans le cadre de la dématérialisation… »"),
    )


def _is_told(text: str, *, words: int) -> bool:
    return len(text.split()) >= words
