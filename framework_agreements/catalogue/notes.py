"""Where the specification hesitates or contradicts itself, and how Jalon reads it."""

from framework_agreements.catalogue.entries import Note

NOTES = (
    Note(
        "Sommaire et § 4.2 à 4.5",
        "Le sommaire nomme les phases « Investigation et Amorçage », « Développement d’un démonstrateur », «"
        " Consolidation de la Start-up d’Etat », « Transfert de compétences » ; le corps du texte les nomme «"
        " Investigation », « Construction du service », « Consolidation de la Start-up d’Etat », « Passation"
        " et transfert de compétences ».",
        "Jalon garde les noms du corps du texte, qui sont aussi ceux du § 1.4.",
    ),
    Note(
        "§ 4.1.4",
        "L’unité d’œuvre du lancement du marché n’a pas de code.",
        "Jalon lui attribue le code UO-L2.0 et le signale partout où il apparaît.",
    ),
    Note(
        "§ 4.3.4",
        "« Le SGMAP pourra commander plusieurs Unités d’œuvre 4.3.2 pour un même projet » : le § 4.3.2 décrit"
        " des activités, aucune unité ne porte ce numéro.",
        "La phrase suit celle du développement devops ; Jalon permet de toute façon de commander plusieurs"
        " fois chaque unité, en quantité ou par plusieurs bons.",
    ),
    Note(
        "§ 4.3.1 et fin du § 4.3",
        "La phase de construction dure « trois mois environ », puis l’administration décide « après 3 à 6"
        " mois d’expérimentation ».",
        "La durée de chaque unité est celle de sa description (trois mois environ) ; la décision de passer en"
        " consolidation peut venir jusqu’à six mois.",
    ),
    Note(
        "§ 4.4.2 et § 4.4.5",
        "La consolidation dure « entre 3 et 6 mois », ses unités couvrent « environ trois mois ».",
        "Une phase de six mois demande deux fois les unités de trois mois.",
    ),
    Note(
        "§ 4.2.6",
        "Le développement devops de la phase 1 est donné pour « environ 2 mois », sans charge en"
        " jours-homme.",
        "La charge reste vide : les jours prévus se saisissent à la commande.",
    ),
    Note(
        "§ 4.2.6, 4.3.4, 4.4.5",
        "La ligne « Profils mobilisés » des tableaux décrit le déclenchement et la charge plutôt que les"
        " profils.",
        "Les profils viennent des § 4.2.5, 4.3.3 et 4.4.4 quand ils correspondent à l’unité ; sinon, vides.",
    ),
    Note(
        "§ 3.1.2",
        "Le livrable de la création d’un incubateur est une note sur la mise en place « de la startup"
        " d’Etat ».",
        "Le libellé est gardé ; les points qu’elle précise portent bien sur l’incubateur.",
    ),
    Note(
        "§ 3.2.1",
        "Les trois niveaux d’animation vont jusqu’à 25 startups ; rien n’est dit au-delà.",
        "Aucune unité n’est ajoutée pour plus de 25 startups.",
    ),
    Note(
        "§ 4.5.2",
        "La réversibilité est déclenchée « à l’expiration, normale ou anticipée, du marché », puis « lors du "
        "renouvellement du marché dans l’hypothèse où le titulaire n’est pas retenu ».",
        "Le déclenchement reste une décision de l’administration.",
    ),
    Note(
        "§ 6",
        "Les référentiels cités sont « RGS, RGA et RGI ».",
        "« RGA » est lu comme le référentiel d’accessibilité, RGAA.",
    ),
)
