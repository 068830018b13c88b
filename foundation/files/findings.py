"""What a check can find in a file, in words: what is wrong, and what to do."""

from django.utils.translation import gettext_lazy as _

from foundation.errors import Reason

WORDS = {
    "empty": _("Le fichier « %(name)s » est vide : choisissez-en un autre."),
    "size": _(
        "Le fichier « %(name)s » dépasse %(limit)s Mo : réduisez-le ou partagez-le en plusieurs fichiers."
    ),
    "type": _("Le fichier « %(name)s » n'est pas d'un type accepté. Types acceptés : %(types)s."),
    "double_extension": _("Le fichier « %(name)s » porte deux extensions : renommez-le avec une seule."),
    "mismatch": _(
        "Le contenu du fichier « %(name)s » ne correspond pas à son extension : enregistrez-le de nouveau "
        "dans un des types acceptés (%(types)s)."
    ),
    "disguised": _(
        "Le fichier « %(name)s » cache un autre fichier dans son contenu : enregistrez-le de nouveau depuis "
        "votre logiciel."
    ),
    "unreadable": _("Le fichier « %(name)s » est abîmé ou incomplet : enregistrez-le de nouveau."),
    "exhausting": _(
        "Le fichier « %(name)s » est trop lourd ou trop compliqué pour être vérifié : enregistrez-le de nouveau en PDF "
        "simple, ou partagez-le en plusieurs fichiers."
    ),
    "busy": _(
        "Trop de fichiers sont en cours de vérification, « %(name)s » n'a pas pu être vérifié : réessayez dans "
        "quelques minutes."
    ),
    "encrypted": _(
        "Le fichier « %(name)s » est protégé par un mot de passe, il ne peut pas être vérifié : "
        "enregistrez-le sans mot de passe."
    ),
    "malware": _(
        "Le fichier « %(name)s » porte la signature d'un programme malveillant : il est refusé. Faites "
        "vérifier votre poste."
    ),
    "macros": _(
        "Le fichier « %(name)s » contient des macros ou un programme : enregistrez-le sans macro, ou en PDF."
    ),
    "embedded": _(
        "Le fichier « %(name)s » contient un autre fichier joint : retirez-le et envoyez-le à part."
    ),
    "external": _(
        "Le fichier « %(name)s » va chercher un contenu à l'extérieur (liaison, image distante, DDE) : "
        "rompez les liaisons, ou exportez-le en PDF."
    ),
    "active": _(
        "Le fichier « %(name)s » contient un contenu actif (script, action automatique) : imprimez-le en "
        "PDF simple et envoyez ce PDF."
    ),
    "bomb": _(
        "Le fichier « %(name)s » devient démesuré une fois décompressé : envoyez son contenu sans le "
        "compresser."
    ),
    "archive": _(
        "L'archive « %(name)s » contient un élément refusé (%(inner)s) : retirez-le, ou envoyez les fichiers "
        "un par un."
    ),
    "archive_names": _(
        "L'archive « %(name)s » contient un chemin ou un lien dangereux : refaites-la à partir d'un dossier "
        "ordinaire."
    ),
    "archive_nested": _(
        "L'archive « %(name)s » contient une autre archive : envoyez les fichiers dans une seule archive."
    ),
    "pixels": _(
        "L'image « %(name)s » a trop de points (%(limit)s millions au plus) : réduisez ses dimensions."
    ),
    "extent": _(
        "Le tableau du fichier « %(name)s » est trop grand pour être lu : gardez %(rows)s lignes et %(columns)s "
        "colonnes au plus, et effacez ce qui traîne plus loin."
    ),
    "encoding": _(
        "Le texte du fichier « %(name)s » n'est pas lisible : enregistrez-le en texte simple, en UTF-8."
    ),
    "markup": _(
        "Le fichier « %(name)s » est une page ou une image animée par un script : imprimez-le en PDF."
    ),
    "formula": _(
        "Le fichier « %(name)s » contient une formule qui lance un programme : retirez-la, ou exportez-le "
        "en PDF."
    ),
    "antivirus_away": _(
        "Le contrôle antivirus ne répond pas, le fichier « %(name)s » n'a pas pu être vérifié : réessayez "
        "dans quelques minutes."
    ),
}


class Finding(Exception):
    """A reason to refuse a file. `code` is a key of WORDS; `facts` complete its sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    @property
    def is_malware(self) -> bool:
        """A known signature: refused at all times, wherever it is found."""
        return self.code == "malware" or (self.code == "archive" and self.facts.get("malware") is True)

    @property
    def is_passing(self) -> bool:
        """Nothing is known of the file: another time will tell."""
        return self.code in {"antivirus_away", "busy"}

    @property
    def is_unreadable(self) -> bool:
        """Nobody can say what is in the file: it is broken, or its check did not come to its end."""
        return self.code in {"unreadable", "exhausting"}

    def reason(self, name: str, *, types: str = "", field: str = "") -> Reason:
        """The sentence told to whoever sends the file called `name`."""
        facts = {
            "limit": "",
            "rows": "",
            "columns": "",
            "inner": "",
            **self.facts,
            "name": name,
            "types": types,
        }
        code = "conflict" if self.is_passing else "invalid"
        return Reason(str(WORDS[self.code]) % facts, field=field, code=code)
