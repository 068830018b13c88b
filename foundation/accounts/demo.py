"""The people and organisations of the demonstration. Told again, it changes nothing.

Administrations that exist bear their name; only the DINUM bears its own SIRET. Every other SIRET has right
check digits and a SIREN in 999, which no register gives. Firms and people are invented.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from stdnum import luhn

from foundation.accounts import services
from foundation.accounts.enums import OrganisationKind, Role
from foundation.accounts.models import Approval, Invitation, Organisation, User
from foundation.accounts.selectors import delegations_given

DOMAIN = "jalon.example"
SUFFIX = "(démonstration)"

# Beneficiaries that the press article on the 2025 agreement names (seeds/dinum-framework-195M.txt).
NAMED_BENEFICIARIES = (
    "Ministère des Sports",
    "Cour des comptes",
    "Service d’information du Gouvernement",
    "Agence nationale des titres sécurisés",
    "Haute Autorité de santé",
    "Office français de la biodiversité",
    "Université Clermont-Auvergne",
    "Agence de l’eau Seine-Normandie",
)
# The article counts thirty-one of them and names no other: these are invented, and say so.
OTHER_BENEFICIARIES = (
    "Ministère des Rivières",
    "Ministère des Jardins publics",
    "Ministère de l’Apprentissage",
    "Ministère des Petites Lignes",
    "Ministère de la Lecture",
    "Agence des mobilités douces",
    "Agence de la rénovation",
    "Agence des métiers",
    "Agence des littoraux",
    "Agence des forêts",
    "Office des marchés de plein vent",
    "Office des patrimoines vivants",
    "Office des chemins",
    "Caisse des saisonniers",
    "Caisse des aidants",
    "Institut des données ouvertes",
    "Institut des langues de France",
    "Conservatoire des savoir-faire",
    "Établissement public des canaux",
    "Établissement public des refuges",
    "Université des Trois-Vallées",
    "Académie des transitions",
)

FIRMS = {
    "fournisseur": ("Atelier Numérique Coopératif", "Nantes", "44000"),
    "fournisseur2": ("Octave & Filles", "Lyon", "69002"),
    "fournisseur3": ("Grand Large Services", "Brest", "29200"),
    "titulaire": ("Collectif Code Public", "Montreuil", "93100"),
    "titulaire2": ("Fabrique des Usages", "Lille", "59000"),
    "titulaire3": ("Méandre Conseil", "Bordeaux", "33000"),
    "titulaire4": ("Les Artisans du Logiciel", "Grenoble", "38000"),
    "titulaire5": ("Sillage Produit", "La Rochelle", "17000"),
    "titulaire6": ("Boussole Données", "Strasbourg", "67000"),
    "titulaire7": ("Passerelle Numérique", "Toulouse", "31000"),
}


@dataclass(frozen=True)
class Persona:
    """One person of the story: key, name, organisation, roles, and what that person comes to do."""

    key: str
    full_name: str
    organisation: str
    roles: tuple[str, ...]
    comes_to: str

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.key}@{DOMAIN}"


PERSONAS = (
    Persona(
        "acheteuse", "Nadia Ferrand", "dinum", (Role.BUYER,), _("mener un achat, du besoin à l’attribution")
    ),
    Persona("prescripteur", "Julien Morel", "dinum", (Role.PRESCRIBER,), _("décrire le besoin")),
    Persona(
        "produit",
        "Inès Caron",
        "dinum",
        (Role.PRODUCT_OWNER,),
        _("commander, suivre les itérations, admettre"),
    ),
    Persona("elue", "Hélène Roche", "dinum", (Role.ELECTED,), _("suivre la stratégie")),
    Persona("signataire", "Bruno Salvat", "dinum", (Role.SIGNATORY,), _("signer")),
    Persona("depositaire1", "Anne Vidal", "dinum", (Role.CUSTODIAN,), _("ouvrir les plis, à deux")),
    Persona("depositaire2", "Karim Benali", "dinum", (Role.CUSTODIAN,), _("ouvrir les plis, à deux")),
    Persona("depositaire3", "Sophie Leclerc", "dinum", (Role.CUSTODIAN,), _("ouvrir les plis, à deux")),
    Persona("evaluatrice", "Maud Perrin", "dinum", (Role.EVALUATOR,), _("noter les offres")),
    Persona("evaluateur", "Thomas Gilles", "dinum", (Role.EVALUATOR,), _("noter les offres")),
    Persona("auditrice", "Céline Aubry", "dinum", (Role.AUDITOR,), _("tout lire, ne rien changer")),
    Persona(
        "administration",
        "Pauline Delmas",
        "dinum",
        (Role.FRAMEWORK_ADMIN, Role.ORG_ADMIN),
        _("tenir l’accord-cadre de 31 bénéficiaires et les rôles de la DINUM"),
    ),
    Persona(
        "administration2",
        "Marc Tessier",
        "dinum",
        (Role.ORG_ADMIN,),
        _("confirmer ce que sa collègue demande : certains actes se font à deux"),
    ),
    Persona(
        "fournisseur",
        "Yann Le Goff",
        "fournisseur",
        (Role.SUPPLIER, Role.ORG_ADMIN),
        _("trouver une consultation et y répondre"),
    ),
    Persona(
        "fournisseur2",
        "Leïla Haddad",
        "fournisseur2",
        (Role.SUPPLIER, Role.ORG_ADMIN),
        _("répondre, en concurrence"),
    ),
    Persona(
        "fournisseur3",
        "Paul Navarro",
        "fournisseur3",
        (Role.SUPPLIER, Role.ORG_ADMIN),
        _("répondre, en concurrence"),
    ),
    Persona(
        "titulaire",
        "Émilie Garnier",
        "titulaire",
        (Role.SUPPLIER, Role.ORG_ADMIN),
        _("réaliser les commandes de l’accord-cadre en cours"),
    ),
    Persona(
        "plateforme",
        "Denis Rault",
        "jalon",
        (Role.PLATFORM_ADMIN,),
        _("administrer les comptes, sans voir ni pli ni note"),
    ),
    Persona(
        "plateforme2",
        "Claire Mercier",
        "jalon",
        (Role.PLATFORM_ADMIN,),
        _("confirmer ce que son collègue demande : nommer un administrateur se fait à deux"),
    ),
    Persona(
        "mutualisee",
        "Aïcha Lambert",
        "dinum",
        (Role.BUYER,),
        _("acheter pour deux administrations, et passer de l’une à l’autre"),
    ),
    Persona(
        "candidat",
        "Samir Noël",
        "",
        (),
        _("attendre la réponse de l’entreprise qu’il a demandé à rejoindre"),
    ),
)


@dataclass(frozen=True)
class Cast:
    """Who plays: `people` by persona, `orgs` by key, 31 `beneficiaries` (the DINUM first), 7 `holders`."""

    people: dict[str, User]
    orgs: dict[str, Organisation]
    beneficiaries: list[Organisation]
    holders: list[Organisation]


def tell(*, at) -> Cast:
    """Create what is missing, and return everybody."""
    orgs = _organisations(at)
    beneficiaries = [orgs["dinum"], *_beneficiaries(at)]
    people = {persona.key: _person(persona, orgs.get(persona.organisation), at) for persona in PERSONAS}
    _keep_password(people)
    _ask_a_role(people, orgs["dinum"], at)
    _work_for_two(people["mutualisee"], beneficiaries[1], at)
    _name_from_outside(people, beneficiaries[1], at)
    _lend_a_role(people, orgs["dinum"], at)
    _invite(people["administration"], orgs["dinum"], at)
    _ask_to_join(people["candidat"], orgs["fournisseur"], at)
    holders = [orgs[key] for key in FIRMS if key.startswith("titulaire")]
    return Cast(people=people, orgs=orgs, beneficiaries=beneficiaries, holders=holders)


def _ask_a_role(people, organisation, at):
    """One request that waits for the second administrator."""
    if not Approval.objects.filter(organisation=organisation).exists():
        services.membership_add(
            organisation=organisation,
            user=people["prescripteur"],
            role=Role.SIGNATORY,
            by=people["administration"],
            at=at,
        )


def _work_for_two(person, organisation, at):
    """Somebody who buys for a second administration, and chooses in the header where to work."""
    if not person.memberships.filter(organisation=organisation).exists():
        services.membership_add(organisation=organisation, user=person, role=Role.BUYER, by=None, at=at)


def _name_from_outside(people, organisation, at):
    """A house without administrator: the platform names one, at two, and everybody there may oppose."""
    if not Approval.objects.filter(organisation=organisation).exists():
        services.membership_add(
            organisation=organisation,
            user=people["mutualisee"],
            role=Role.ORG_ADMIN,
            by=people["plateforme"],
            at=at,
        )


def _lend_a_role(people, organisation, at):
    """The signatory is away for two weeks."""
    principal, delegate = people["signataire"], people["administration"]
    if not delegations_given(principal, at).exists():
        services.delegations_give(
            organisation=organisation,
            delegate=delegate,
            roles=[Role.SIGNATORY],
            starts_at=at,
            ends_at=at + timedelta(days=15),
            reason=_now("Congés"),
            by=principal,
            at=at,
        )


def _invite(administrator, organisation, at):
    """An invitation that waits for its answer; nobody reads mail at this address."""
    invited = Invitation.objects.filter(organisation=organisation, email=f"recrue@{DOMAIN}").first()
    if invited is None:
        services.invitation_send(
            organisation=organisation,
            email=f"recrue@{DOMAIN}",
            full_name="Camille Roux",
            roles=[Role.PRODUCT_OWNER],
            by=administrator,
            at=at,
        )


def _ask_to_join(person, firm, at):
    """A request that the administrator of the firm has not answered yet."""
    if not person.join_requests.exists() and not person.memberships.exists():
        services.firm_enter(
            siret=firm.siret,
            name=firm.name,
            message=_now("Je rejoins l’équipe commerciale lundi."),
            by=person,
            at=at,
        )


def accounts_listing() -> str:
    """What the start of the platform prints: who can sign in, with which address, to do what."""
    width = max(len(persona.email) for persona in PERSONAS)
    lines = [f"  {one.email:<{width}}  {one.full_name}, {one.comes_to}" for one in PERSONAS]
    return "\n".join(
        [
            _now("Comptes de démonstration, mot de passe « %(password)s » :")
            % {"password": settings.JALON_DEMO_PASSWORD},
            *lines,
        ]
    )


def _organisations(at):
    orgs = {
        "dinum": _organisation(
            "Direction interministérielle du numérique",
            OrganisationKind.BUYER,
            "13002526500013",
            at,
            address="20 avenue de Ségur",
            postal_code="75007",
            city="Paris",
        ),
        "jalon": _organisation("Jalon", OrganisationKind.OTHER, _siret(1), at),
    }
    for number, (key, (name, city, postal_code)) in enumerate(FIRMS.items(), start=100):
        orgs[key] = _organisation(
            name, OrganisationKind.SUPPLIER, _siret(number), at, city=city, postal_code=postal_code
        )
    return orgs


def _beneficiaries(at):
    names = [*NAMED_BENEFICIARIES, *(f"{name} {SUFFIX}" for name in OTHER_BENEFICIARIES)]
    return [
        _organisation(name, OrganisationKind.BUYER, _siret(number), at)
        for number, name in enumerate(names, start=200)
    ]


def _organisation(name, kind, siret, at, **place):
    found = Organisation.objects.filter(siret=siret).first()
    return found or services.organisation_create(
        name=name, kind=kind, siret=siret, **place, is_demonstration=True, by=None, at=at
    )


def _person(persona, organisation, at):
    user = User.objects.filter(email=persona.email).first()
    if user is None:
        user = services.user_create(
            email=persona.email,
            full_name=persona.full_name,
            password=settings.JALON_DEMO_PASSWORD or None,
            email_verified=True,
            by=None,
            at=at,
        )
    if organisation is None:
        return user
    held = set(user.memberships.filter(organisation=organisation).values_list("role", flat=True))
    for role in persona.roles:
        if role not in held:
            services.membership_add(organisation=organisation, user=user, role=role, by=None, at=at)
    return user


def _keep_password(people):
    """The password is the one of the settings, even when it was another the last time."""
    password = settings.JALON_DEMO_PASSWORD
    if not password or people["acheteuse"].check_password(password):
        return
    for user in people.values():
        user.set_password(password)
        user.save(update_fields=["password"])


def _siret(number):
    """A SIRET that no register gives, with right check digits for its SIREN and itself."""
    siren = f"999{number:05d}"
    siren += luhn.calc_check_digit(siren)
    nic = f"{siren}0001"
    return nic + luhn.calc_check_digit(nic)
