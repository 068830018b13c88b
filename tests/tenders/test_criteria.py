"""How offers will be judged: trees of criteria, notation, impact questions, in services and on pages."""

from decimal import Decimal
from html import unescape

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.errors import Refusal
from tenders import services
from tenders.checklist import publication_checklist
from tenders.impact import library
from tenders.models import Criterion, ImpactQuestion, QualityLevel
from tests.tenders.factories import make_draft, make_published

pytestmark = pytest.mark.django_db
TREE = [
    {"label": "Coût", "kind": "cost", "weight": Decimal(40)},
    {
        "label": "Valeur technique",
        "kind": "quality",
        "weight": Decimal(60),
        "children": [
            {"label": "Équipe", "weight": Decimal(70)},
            {"label": "Sobriété", "weight": Decimal(30), "is_environmental": True},
        ],
    },
]
LEVELS = [
    {"points": Decimal(5), "label": "Excellent", "description": "Tout est prouvé."},
    {"points": Decimal(0), "label": "Absent", "description": "Rien."},
]


def address(name, *args):
    return reverse(f"tenders:{name}", args=args)


def text(answer) -> str:
    told = unescape(answer.content.decode())
    assert "variable inconnue" not in told
    return told


@pytest.fixture
def lot(at):
    return make_draft(at=at, custodians=0).lots.select_related("tender__created_by").get()


@pytest.fixture
def buyer(lot, client):
    client.force_login(lot.tender.created_by)
    return lot.tender.created_by


def set_criteria(lot, criteria, at):
    return services.criteria_set(lot=lot, criteria=criteria, by=lot.tender.created_by, at=at)


def test_weights_make_a_hundred_at_each_level(lot, at):
    rows = set_criteria(lot, TREE, at)
    assert [(row.label, row.parent_id) for row in rows] == [
        ("Coût", None),
        ("Valeur technique", None),
        ("Équipe", rows[1].pk),
        ("Sobriété", rows[1].pk),
    ]
    short = [TREE[0], {**TREE[1], "children": [{"label": "Équipe", "weight": Decimal(90)}]}]
    with pytest.raises(Refusal, match="sous-critères de « Valeur technique » font 90 %"):
        set_criteria(lot, short, at)
    assert lot.criteria.count() == 4


def test_a_price_has_no_sub_criterion(lot, at):
    wrong = [{**TREE[0], "children": [{"label": "Bordereau", "weight": Decimal(100)}]}, TREE[1]]
    with pytest.raises(Refusal, match="sans sous-critère"):
        set_criteria(lot, wrong, at)


def test_a_criterion_that_keeps_its_name_keeps_its_notation(lot, at):
    team = set_criteria(lot, TREE, at)[2]
    by = lot.tender.created_by
    services.criterion_notation_set(criterion=team, minimum_points=Decimal(2), levels=LEVELS, by=by, at=at)
    changed = [TREE[1] | {"weight": Decimal(55)}, TREE[0] | {"weight": Decimal(45)}]
    again = set_criteria(lot, changed, at)[1]
    assert again.pk == team.pk
    assert again.minimum_points == 2
    assert again.levels.count() == 2


def test_two_criteria_exchange_their_names(lot, at):
    first, second = (
        {"label": "Prix", "kind": "price", "weight": Decimal(50)},
        {"label": "Sobriété", "kind": "quality", "weight": Decimal(50), "is_environmental": True},
    )
    set_criteria(lot, [first, second], at)
    set_criteria(lot, [first | {"label": "Sobriété"}, second | {"label": "Prix"}], at)
    assert list(lot.criteria.values_list("label", "kind")) == [("Sobriété", "price"), ("Prix", "quality")]


def test_the_database_keeps_two_levels_in_one_lot(lot, at):
    team = set_criteria(lot, TREE, at)[2]
    with pytest.raises(InternalError, match="sub-criterion"), transaction.atomic():
        Criterion.objects.create(lot=lot, parent=team, label="Trop bas", weight=100)
    other = make_draft(at=at, custodians=0).lots.get()
    with pytest.raises(InternalError, match="sub-criterion"), transaction.atomic():
        Criterion.objects.create(lot=other, parent=team.parent, label="Ailleurs", weight=100)
    with pytest.raises(IntegrityError, match="sub_criterion_is_quality"), transaction.atomic():
        Criterion.objects.create(lot=lot, parent=team.parent, label="Prix", kind="price", weight=100)


def test_what_is_announced_is_frozen_with_the_rest(at):
    tender = make_published(at=at)
    criterion = tender.lots.get().criteria.get(label="Valeur technique")
    for write in (
        lambda: QualityLevel.objects.create(criterion=criterion, points=5, label="x", description="y"),
        lambda: ImpactQuestion.objects.create(lot=criterion.lot, theme="users", text="Pourquoi ?"),
        lambda: Criterion.objects.filter(pk=criterion.pk).update(minimum_points=1),
    ):
        with pytest.raises(InternalError, match="frozen"), transaction.atomic():
            write()


@pytest.mark.parametrize(
    ("notation", "words"),
    [
        ({"levels": LEVELS[:1]}, "au moins deux niveaux"),
        ({"levels": [LEVELS[0], LEVELS[0]]}, "la même note"),
        ({"minimum_points": Decimal(6)}, "de 0,25 à 5"),
        (
            {"cost_items": [{"label": "kWh", "unit": "kWh", "unit_cost_excl_tax": Decimal(1)}]},
            "coût du cycle",
        ),
    ],
)
def test_a_notation_that_makes_no_sense_is_refused(lot, at, notation, words):
    team = set_criteria(lot, TREE, at)[2]
    with pytest.raises(Refusal, match=words):
        services.criterion_notation_set(criterion=team, by=lot.tender.created_by, at=at, **notation)


def test_criteria_are_copied_with_their_notation(at):
    tender = make_draft(at=at, lots=2, custodians=0)
    first, second = tender.lots.all()
    cost, _value, team, _sober = set_criteria(first, TREE, at)
    by = tender.created_by
    items = [{"label": "Électricité", "unit": "kWh", "unit_cost_excl_tax": Decimal("0.25")}]
    services.criterion_notation_set(criterion=cost, formula="squared", cost_items=items, by=by, at=at)
    services.criterion_notation_set(criterion=team, levels=LEVELS, by=by, at=at)
    copied = services.criteria_copy(lot=second, other=first, by=by, at=at)
    assert copied[0].cost_items.get().label == "Électricité"
    assert Criterion.objects.get(pk=copied[0].pk).formula == "squared"
    assert copied[2].levels.count() == 2


def test_an_impact_question_is_read_for_a_quality_criterion_of_its_lot(lot, at):
    cost, _value, team, _sober = set_criteria(lot, TREE, at)
    by = lot.tender.created_by
    question = {"theme": "users", "text": "Quels usagers rencontrerez-vous ?", "criterion": team}
    services.impact_questions_set(lot=lot, questions=[question], by=by, at=at)
    assert lot.impact_questions.get().criterion == team
    with pytest.raises(Refusal, match="critère de qualité"):
        services.impact_questions_set(lot=lot, questions=[question | {"criterion": cost}], by=by, at=at)
    with pytest.raises(Refusal, match="posée deux fois"):
        services.impact_questions_set(lot=lot, questions=[question, question], by=by, at=at)


def test_the_library_is_whole():
    questions = library().values()
    assert len(questions) >= 20
    assert all(found.text.endswith("?") and found.evidence and found.source for found in questions)
    assert {found.theme for found in questions if found.for_state_startups} >= {"users", "access", "commons"}


def rows(table, initial=0):
    data = {"lignes-TOTAL_FORMS": str(len(table)), "lignes-INITIAL_FORMS": str(initial)}
    for number, row in enumerate(table):
        data |= {f"lignes-{number}-{name}": value for name, value in row.items()}
    return data


def test_sub_criteria_are_typed_under_their_criterion(client, lot, buyer):
    url = address("lot_criteria", lot.tender_id, lot.pk)
    table = [
        {"level": "1", "label": "Prix", "kind": "price", "weight": "40"},
        {"level": "1", "label": "Valeur", "kind": "quality", "weight": "60"},
        {"level": "2", "label": "Équipe", "weight": "70"},
        {"level": "2", "label": "Sobriété", "weight": "30", "is_environmental": "on"},
    ]
    assert client.post(url, rows(table)).url == address("criteria", lot.tender_id)
    assert lot.criteria.filter(parent__label="Valeur").count() == 2
    table[3]["weight"] = "20"
    told = text(client.post(url, rows(table)))
    assert "font 90 % au lieu de 100 %" in told
    assert 'value="Sobriété"' in told
    told = text(client.post(url, rows(table[2:])))
    assert "La première ligne est un critère" in told


def test_a_price_formula_is_chosen_with_its_curves(client, lot, buyer):
    price = lot.criteria.get(kind="price")
    url = address("criterion_notation", lot.tender_id, lot.pk, price.pk)
    told = text(client.get(url))
    assert told.count("<polyline") == 5
    assert "+ 50 %" in told
    client.post(url, {"formula": "slope", "formula_parameter": "1,5", **rows([])})
    price.refresh_from_db()
    assert (price.formula, price.formula_parameter) == ("slope", Decimal("1.5"))
    assert "jalon-error" in text(client.post(url, {"formula": "inventée", **rows([])}))


def test_notation_levels_are_written_and_what_is_typed_is_kept(client, lot, buyer):
    value = lot.criteria.get(label="Valeur technique")
    url = address("criterion_notation", lot.tender_id, lot.pk, value.pk)
    assert 'value="Excellent"' in text(client.get(url))
    table = [
        {"points": "5", "label": "Remarquable", "description": "Prouvé."},
        {"points": "7", "label": "Impossible", "description": "Non."},
    ]
    told = text(client.post(url, {"minimum_points": "1", **rows(table)}))
    assert "jalon-error" in told and 'value="Remarquable"' in told
    table[1]["points"] = "0"
    client.post(url, {"minimum_points": "1,5", **rows(table)})
    value.refresh_from_db()
    assert value.minimum_points == Decimal("1.5")
    assert [level.label for level in value.levels.all()] == ["Remarquable", "Impossible"]


def test_questions_come_from_the_library_then_change_their_words(client, lot, buyer):
    add = address("impact_add", lot.tender_id, lot.pk)
    client.post(add, {"startups": "1"})
    usual = [question for question in library().values() if question.for_state_startups]
    assert lot.impact_questions.count() == len(usual)
    client.post(add, {"questions": ["social-egalite", usual[0].code, "inventée"]})
    assert lot.impact_questions.count() == len(usual) + 1
    page = address("lot_impact", lot.tender_id, lot.pk)
    assert "Bibliothèque de questions" in text(client.get(page, {"theme": "social"}))
    criterion = lot.criteria.get(label="Valeur technique")
    table = [
        {"text": "Ma question ?", "theme": "users", "criterion": str(criterion.pk), "is_required": "on"},
        {"text": "", "theme": "users"},
    ]
    client.post(page, rows(table, initial=2))
    question = lot.impact_questions.get()
    assert (question.text, question.criterion, question.code) == ("Ma question ?", criterion, "")
    assert "Ma question ?" in text(client.get(address("impact", lot.tender_id)))


def test_limits_on_lots_are_explained(client, at):
    tender = make_draft(at=at, lots=2)
    client.force_login(tender.created_by)
    client.post(address("lot_limits", tender.pk), {"max_lots_tendered": "3", "max_lots_awarded": "1"})
    tender.refresh_from_db()
    said = {check.code: " ".join(map(str, check.reasons)) for check in publication_checklist(tender, at)}
    assert "dépasse le nombre de lots" in said["lots"]
    assert "Écrivez la règle" in said["lots"]
    assert "R2113-1" in said["lots"]


def test_a_draft_page_costs_the_same_for_more_criteria(client, lot, buyer, at):
    page = address("criteria", lot.tender_id)
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    set_criteria(lot, [TREE[0] | {"kind": "price"}, TREE[1]], at)
    with CaptureQueriesContext(connection) as more:
        client.get(page)
    assert len(more) == len(few)


def test_anybody_compares_the_formulas(client):
    told = text(client.get(address("formulas"), {"poids": "60", "pente": "2"}))
    assert "60,00" in told
    assert told.count("<svg") >= 5
    assert "Écrivez un nombre" in text(client.get(address("formulas"), {"poids": "beaucoup"}))


def test_the_notice_tells_its_own_rules(client, at):
    tender = make_draft(
        at=at,
        custodians=0,
        procedure="negotiated",
        max_candidates=4,
        may_award_first_offers=True,
        max_lots_tendered=2,
        max_lots_awarded=1,
        lots_rule="Dans l'ordre des lots.",
    )
    client.force_login(tender.created_by)
    told = text(client.get(address("detail", tender.pk)))
    for words in (
        "4 au plus",
        "premières offres",
        "2 lots au plus",
        "un lot au plus",
        "Dans l'ordre des lots.",
    ):
        assert words in told
