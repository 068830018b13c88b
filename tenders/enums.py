"""States and choices of consultations, with their French labels."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TenderState(models.TextChoices):
    DRAFT = "draft", _("Brouillon")
    PUBLISHED = "published", _("Publiée")
    OPENED = "opened", _("Plis ouverts, analyse en cours")
    AWARDED = "awarded", _("Attribuée")
    CANCELLED = "cancelled", _("Sans suite")


class PaperKind(models.TextChoices):
    """Papers of a consultation made in the tool: four are written with clauses, the last one is a spreadsheet."""

    RC = "rc", _("Règlement de la consultation (RC)")
    CCAP = "ccap", _("Cahier des clauses administratives particulières (CCAP)")
    CCTP = "cctp", _("Cahier des clauses techniques particulières (CCTP)")
    AE = "ae", _("Acte d’engagement (AE)")
    BPU = "bpu", _("Bordereau des prix et simulation de commandes (BPU/DQE)")


class ReviewState(models.TextChoices):
    ASKED = "in_review", _("En relecture")
    SENT_BACK = "sent_back", _("À reprendre")
    APPROVED = "approved", _("Version approuvée")
    REOPENED = "reopened", _("Rouverte : le brouillon a changé")


class ChangeKind(models.TextChoices):
    CORRIGENDUM = "corrigendum", _("Rectificatif")
    EXTENSION = "extension", _("Report de la date limite")
    CANCELLATION = "cancellation", _("Abandon")


class CancelGround(models.TextChoices):
    """Why a consultation ends without a contract; `legal.CANCEL_RULES` says under which article."""

    NO_BID = "no_bid", _("Infructueuse : aucune réponse reçue dans les délais")
    NO_FIT_BID = "no_fit_bid", _("Infructueuse : aucune offre régulière, acceptable et appropriée")
    NEED_GONE = "need_gone", _("Sans suite : le besoin a disparu ou a changé")
    NO_COMPETITION = "no_competition", _("Sans suite : concurrence insuffisante")
    BUDGET = "budget", _("Sans suite : motif économique ou budgétaire")
    IRREGULAR = "irregular", _("Sans suite : une irrégularité entache la procédure")
    OUTAGE = "outage", _("Sans suite : la plateforme n’a pas permis de déposer à temps")
    OTHER = "other", _("Sans suite : autre motif d’intérêt général")


class Phase(models.TextChoices):
    """What a reader is told: the state, split by the deadline of the round in force."""

    DRAFT = "draft", _("Brouillon")
    RECEIVING = "receiving", _("Ouverte aux réponses")
    TO_OPEN = "to_open", _("Réponses closes, plis à ouvrir")
    ANALYSIS = "analysis", _("Analyse des offres")
    INVITED = "invited", _("Réponses attendues des candidats invités")
    AWARDED = "awarded", _("Attribuée")
    CANCELLED = "cancelled", _("Sans suite")


class RoundKind(models.TextChoices):
    """What a round of answers receives."""

    CANDIDATURE = "candidature", _("Candidatures")
    OFFER = "offer", _("Offres")
    FINAL_OFFER = "final_offer", _("Offres finales")


class Sort(models.TextChoices):
    """Orders of the public list, beside the latest first."""

    DUE = "due", _("Date limite proche")
    RELEVANCE = "relevance", _("Plus pertinentes")


class Procedure(models.TextChoices):
    """How competition is organised; what each asks is `legal.PROCEDURES`."""

    OPEN = "open", _("Appel d'offres ouvert")
    RESTRICTED = "restricted", _("Appel d'offres restreint")
    NEGOTIATED = "negotiated", _("Procédure avec négociation")
    DIALOGUE = "dialogue", _("Dialogue compétitif")
    INNOVATION = "innovation", _("Partenariat d'innovation")
    ADAPTED = "adapted", _("Procédure adaptée")
    BELOW_THRESHOLD = "below_threshold", _("Sous le seuil de publicité")
    SUBSEQUENT = "subsequent", _("Marché subséquent")


class Technique(models.TextChoices):
    """What the contract will be; what each asks is `legal.TECHNIQUES`."""

    CONTRACT = "contract", _("Marché ordinaire")
    FRAMEWORK_ORDERS = "framework_orders", _("Accord-cadre à bons de commande")
    FRAMEWORK_SUBSEQUENT = "framework_subsequent", _("Accord-cadre à marchés subséquents")
    FRAMEWORK_MIXED = "framework_mixed", _("Accord-cadre mixte")
    DYNAMIC = "dynamic", _("Système d'acquisition dynamique")


class DelayGround(models.TextChoices):
    """Why a delay is that of the law or a shorter one."""

    ORDINARY = "ordinary", _("Délai ordinaire")
    PRIOR_NOTICE = "prior_notice", _("Délai réduit après un avis de préinformation")
    URGENT = "urgent", _("Délai réduit pour urgence")


class Publicity(models.TextChoices):
    """Where a notice is published, beside this platform."""

    NONE = "none", _("Sans avis : entreprises invitées")
    FREE = "free", _("Publicité libre, adaptée à l'achat")
    NATIONAL = "national", _("BOAMP ou journal d'annonces légales")
    EUROPEAN = "european", _("BOAMP et Journal officiel de l'Union européenne")


class CriterionKind(models.TextChoices):
    PRICE = "price", _("Prix")
    COST = "cost", _("Coût du cycle de vie")
    QUALITY = "quality", _("Qualité")


class RoundState(models.TextChoices):
    SEALED = "sealed", _("Plis scellés")
    OPENED = "opened", _("Plis ouverts")


class RoundPhase(models.TextChoices):
    """What a reader is told of a round: its state, the sealed one split by its deadline."""

    RECEIVING = "receiving", _("Réception des plis")
    TO_OPEN = "to_open", _("Plis à ouvrir")
    OPENED = "opened", _("Plis ouverts")


class PriceFormula(models.TextChoices):
    """How a price becomes a mark; what each does is `formulas.FORMULAS`."""

    PROPORTIONAL = "proportional", _("Proportionnelle")
    SQUARED = "squared", _("Proportionnelle au carré")
    ROOT = "root", _("Racine carrée")
    SLOPE = "slope", _("Linéaire depuis l'offre la plus basse")
    RANGE = "range", _("Linéaire entre la plus basse et la plus haute")


class ImpactTheme(models.TextChoices):
    """What an impact question is about; the negotiation follows the same themes."""

    USERS = "users", _("Usagers et service rendu")
    ACCESS = "access", _("Accessibilité et inclusion")
    ENVIRONMENT = "environment", _("Environnement et sobriété")
    SOCIAL = "social", _("Emploi, insertion, conditions de travail")
    TERRITORY = "territory", _("Territoire et petites entreprises")
    COMMONS = "commons", _("Communs, ouverture et réversibilité")
    INNOVATION = "innovation", _("Innovation et transmission")


class BidState(models.TextChoices):
    DEPOSITED = "deposited", _("Déposé, scellé")
    REPLACED = "replaced", _("Remplacé par un dépôt plus récent")
    WITHDRAWN = "withdrawn", _("Retiré")
    LATE = "late", _("Hors délai, conservé fermé")
    BACKUP = "backup", _("Copie de sauvegarde, fermée")
    OPENED = "opened", _("Ouvert")
    UNREADABLE = "unreadable", _("Illisible à l'ouverture")


class ExclusionGround(models.TextChoices):
    """Why an offer is not ranked (art. L2152-1 to L2152-6)."""

    IRREGULAR = "irregular", _("Irrégulière")
    UNACCEPTABLE = "unacceptable", _("Inacceptable")
    INAPPROPRIATE = "inappropriate", _("Inappropriée")
    BELOW_MINIMUM = "below_minimum", _("Sous la note minimale annoncée")
    ABNORMALLY_LOW = "abnormally_low", _("Anormalement basse")
    WITHDRAWN = "withdrawn", _("Entreprise défaillante ou empêchée")


class ReversalGround(models.TextChoices):
    """Why a decided award is taken back before the contract is served."""

    ERROR = "error", _("Erreur constatée dans l'analyse ou la décision")
    DOCUMENTS = "documents", _("Pièces non fournies ou refusées")
    PREVENTED = "prevented", _("Attributaire empêché avant la notification")
    COURT = "court", _("Décision du juge")


class ContractState(models.TextChoices):
    """Where a contract stands, from the decision to its service on the holder."""

    TO_SIGN = "to_sign", _("À signer")
    SIGNED = "signed", _("Signé")
    SERVED = "served", _("Notifié au titulaire")
    CANCELLED = "cancelled", _("Abandonné")


class PieceState(models.TextChoices):
    """Where a document asked from the future holder stands."""

    ASKED = "asked", _("Demandée")
    RECEIVED = "received", _("Reçue, à vérifier")
    ACCEPTED = "accepted", _("Acceptée")
    REFUSED = "refused", _("Refusée, à remplacer")


class Stage(models.TextChoices):
    """What a bidder is told of the procedure, in its order."""

    OPENING = "opening", _("Plis ouverts")
    CANDIDATURES = "candidatures", _("Candidatures examinées")
    NEGOTIATION = "negotiation", _("Négociation")
    ANALYSIS = "analysis", _("Offres analysées")
    DECISION = "decision", _("Décision")
    SIGNATURE = "signature", _("Contrat signé")


class MeetingState(models.TextChoices):
    """Where the negotiation with one candidate stands."""

    PREPARED = "prepared", _("En préparation")
    INVITED = "invited", _("Candidat invité")
    PLANNED = "planned", _("Réunion fixée")
    SHARED = "shared", _("Compte rendu à contresigner")
    SIGNED = "signed", _("Compte rendu contresigné")
    DECLINED = "declined", _("Le candidat maintient son offre")


class LowOfferState(models.TextChoices):
    """Where the examination of an offer that looks too low stands."""

    ASKED = "asked", _("Justifications demandées")
    ANSWERED = "answered", _("Justifications reçues")
    ACCEPTED = "accepted", _("Prix justifié")
    REJECTED = "rejected", _("Offre rejetée comme anormalement basse")


class PartKind(models.TextChoices):
    FILE = "file", _("Fichier")
    PRICES = "prices", _("Bordereau des prix")
    CANDIDATURE = "candidature", _("Candidature")
    ANSWERS = "answers", _("Réponses aux questions")
    CONTENTS = "contents", _("Empreintes du contenu")


class SealedBy(models.TextChoices):
    """Where what is secret was in clear last: there it was sealed."""

    DEVICE = "device", _("votre appareil")
    PROGRAM = "program", _("un programme de l'entreprise")
    SERVER = "server", _("le serveur, à mesure de l'envoi")


class Finding(models.TextChoices):
    """How the rows of a round differ from what the journal holds of it."""

    MISSING = "missing", _("le journal connaît ce pli, la base ne l'a plus")
    UNKNOWN = "unknown", _("la base a ce pli, le journal ne le connaît pas")
    ALTERED = "altered", _("ce pli n'est pas celui dont le journal garde l'empreinte")
    STATE = "state", _("l'état de ce pli n'est pas celui que le journal raconte")
    DEADLINE = "deadline", _("la date limite n'est pas celle que le journal a enregistrée")
    CUSTODY = "custody", _("les clés des dépositaires ne sont pas celles que le journal a enregistrées")
    JOURNAL = "journal", _("le journal lui-même ne correspond plus à son point de contrôle")


class AlertPace(models.TextChoices):
    """How often the owner of a saved search is told of what is new; `NEVER` keeps the search alone."""

    AT_ONCE = "at_once", _("Dès la publication")
    DAILY = "daily", _("Une fois par jour")
    WEEKLY = "weekly", _("Une fois par semaine")
    NEVER = "never", _("Jamais : je garde seulement la recherche")


class AnswerState(models.TextChoices):
    """An answer is prepared by the buyer's people, then read by everyone at the same instant."""

    DRAFT = "draft", _("En préparation")
    PUBLISHED = "published", _("Publiée")


class BackupCase(models.TextChoices):
    """The two cases in which a backup copy is opened (annexe 6 of the code)."""

    MALWARE = "malware", _("Un programme malveillant a été trouvé dans le pli")
    NOT_OPENED = (
        "not_opened",
        _("Le pli est incomplet, hors délai ou illisible, et son envoi avait commencé à temps"),
    )


class UploadState(models.TextChoices):
    OPEN = "open", _("En cours")
    DEPOSITED = "deposited", _("Déposé")
    ABANDONED = "abandoned", _("Abandonné")


class UploadEventKind(models.TextChoices):
    """What is kept of a sending."""

    OPENED = "opened", _("Envoi commencé")
    STARTED = "started", _("Fichier annoncé")
    RECEIVED = "received", _("Octets reçus")
    CUT = "cut", _("Connexion coupée")
    REFUSED = "refused", _("Refusé")
    COMPLETED = "completed", _("Fichier entier")
    REMOVED = "removed", _("Fichier retiré")
    DEPOSITED = "deposited", _("Pli déposé")
    ABANDONED = "abandoned", _("Envoi abandonné")


class Grouping(models.TextChoices):
    """How a firm answers: alone, or at the head of a consortium (R2142-19 and following)."""

    ALONE = "alone", _("Seule")
    SEVERAL = "several", _("Groupement conjoint : chacun s'engage pour sa part")
    JOINT = "joint", _("Groupement solidaire : chacun s'engage pour le tout")


class CandidatureState(models.TextChoices):
    RECEIVED = "received", _("À examiner")
    TO_COMPLETE = "to_complete", _("Compléments demandés")
    ADMITTED = "admitted", _("Admise")
    EXCLUDED = "excluded", _("Rejetée")


class Piece(models.TextChoices):
    """What a candidature is made of, and what a buyer may ask to complete."""

    DECLARATION = "declaration", _("Déclaration sur l'honneur")
    TURNOVER = "turnover", _("Chiffre d'affaires et effectif")
    REFERENCES = "references", _("Références ou capacités")
    INSURANCE = "insurance", _("Attestation d'assurance en cours")
    MEMBERS = "members", _("Membres du groupement")
    SUBCONTRACTORS = "subcontractors", _("Sous-traitants présentés")
    OBSERVATIONS = "observations", _("Observations avant une exclusion")
    OTHER = "other", _("Autre pièce ou information")


class RejectionGround(models.TextChoices):
    """Why a candidature is rejected; the article of each is in `legal`."""

    INCOMPLETE = "incomplete", _("Candidature incomplète")
    CAPACITY = "capacity", _("Capacités insuffisantes au regard de l'avis")
    MANDATORY = "mandatory", _("Exclusion de plein droit")
    APPRECIATION = "appreciation", _("Exclusion à l'appréciation de l'acheteur")
    NOT_SELECTED = "not_selected", _("Recevable, mais moins bien classée : hors de la liste restreinte")
