"""The key of a bid and those who open it: any quorum gives the same key, or the bid is told broken."""

from itertools import combinations, permutations

import pyshamir
import pytest

from tenders import identities, sealing, shares
from tenders.identities import Identity
from tenders.sealing import SealBroken

BID = "6f1c3a52-0000-4000-8000-000000000001"
PLACE = sealing.Binding("share", tender="1", round="2", bidder="3", bid=BID)
PASSPHRASE = "six cailloux blancs du chemin creux"


@pytest.fixture
def dealt():
    """Three identities and a dealing between them: (identities by seat, dealing)."""
    people = {seat: Identity.of(sealing.drawn(32), str(40 + seat)) for seat in (1, 2, 3)}
    keys = {seat: (own.person, own.public_key) for seat, own in people.items()}
    return people, shares.deal(PLACE, keys, 2)


def opened(people, dealing) -> dict[int, bytes]:
    """The share of each seat."""
    return {
        one.seat: shares.open_share(one.sealed_share, people[one.seat].share_key, place(one), one.commitment)
        for one in dealing.shares
    }


def place(one) -> sealing.Binding:
    return sealing.Binding("share", tender="1", round="2", bidder="3", bid=BID, person=one.person)


def committed(dealing) -> list:
    return [(one.x, one.person, one.commitment) for one in dealing.shares]


def test_any_two_of_three_give_the_key_and_one_does_not(dealt):
    people, dealing = dealt
    found = opened(people, dealing)
    keys = {
        shares.rebuild([found[one], found[two]], committed(dealing), dealing.public_key, BID)
        for one, two in permutations(found, 2)
    }
    assert len(keys) == 1
    assert shares.rebuild(found.values(), committed(dealing), dealing.public_key, BID) in keys
    for too_few in ([found[1]], [found[1], found[1]], []):
        with pytest.raises(SealBroken):
            shares.rebuild(too_few, committed(dealing), dealing.public_key, BID)


def test_a_share_opens_for_its_custodian_at_its_place_only(dealt):
    people, dealing = dealt
    one, two, _three = dealing.shares
    with pytest.raises(SealBroken):
        shares.open_share(one.sealed_share, people[two.seat].share_key, place(one), one.commitment)
    with pytest.raises(SealBroken):
        shares.open_share(one.sealed_share, people[one.seat].share_key, place(two), one.commitment)
    with pytest.raises(SealBroken, match="commitment"):
        shares.open_share(one.sealed_share, people[one.seat].share_key, place(one), two.commitment)


def test_a_dealer_who_gives_each_pair_another_key_is_found_by_every_pair():
    """Two polynomials: custodians 1 and 2 would read one bid, the others another. Every pair says « broken »."""
    private, public = sealing.new_key_pair()
    other, _public = sealing.new_key_pair()
    dealt, foreign = pyshamir.split(private, 3, 2), pyshamir.split(other, 3, 2)
    given = [bytes(dealt[0]), bytes(dealt[1]), bytes(foreign[2])]
    told = [
        (share[-1], str(rank), shares.commitment_of(share, BID, str(rank)))
        for rank, share in enumerate(given)
    ]
    for pair in combinations(given, 2):
        with pytest.raises(SealBroken):
            shares.rebuild(pair, told, public, BID)
    honest = [bytes(share) for share in dealt]
    told = [
        (share[-1], str(rank), shares.commitment_of(share, BID, str(rank)))
        for rank, share in enumerate(honest)
    ]
    assert shares.rebuild(honest[1:], told, public, BID) == private, "the same dealer, honest"


def test_a_passphrase_locks_a_seed_for_its_owner(monkeypatch):
    monkeypatch.setattr(identities, "LOCK", {"n": 16, "r": 8, "p": 1})
    seed = sealing.drawn(32)
    locked, parameters = identities.lock(seed, PASSPHRASE, "7")
    own = identities.unlock(locked, f"  {PASSPHRASE.replace(' ', '   ')} ", parameters, "7")
    assert own.public_key == Identity.of(seed, "7").public_key, "whatever the spaces"
    for passphrase, person in ((PASSPHRASE.upper(), "7"), (PASSPHRASE, "8")):
        with pytest.raises(SealBroken):
            identities.unlock(locked, passphrase, parameters, person)


def test_a_certificate_binds_both_keys_to_their_person():
    own, other = Identity.of(sealing.drawn(32), "7"), Identity.of(sealing.drawn(32), "8")
    told = ("7", own.public_key, own.signing_key, own.certificate())
    assert identities.is_certified(*told)
    for rank, wrong in enumerate(("8", other.public_key, other.signing_key, other.certificate())):
        assert not identities.is_certified(*told[:rank], wrong, *told[rank + 1 :])


def test_a_rehearsal_signs_this_challenge_for_this_person():
    own = Identity.of(sealing.drawn(32), "7")
    assert identities.is_rehearsed("7", own.signing_key, "ab", own.rehearsed("ab"))
    assert not identities.is_rehearsed("7", own.signing_key, "cd", own.rehearsed("ab"))
    assert not identities.is_rehearsed("8", own.signing_key, "ab", own.rehearsed("ab"))


@pytest.mark.parametrize(
    "parameters",
    [
        {"kdf": "argon2id"},
        {"n": 2**10},
        {"n": 2**30},
        {"r": 0},
        {"p": "1"},
        {"salt": "ab"},
        {"n": True},
    ],
)
def test_a_device_locks_at_least_as_firmly_as_the_server(parameters, monkeypatch):
    monkeypatch.setattr(identities, "LOCK", {"n": 2**17, "r": 8, "p": 1})
    sound = {"kdf": "scrypt", "salt": "ab" * 16, "n": 2**17, "r": 8, "p": 1}
    assert identities.is_lock(sound)
    assert not identities.is_lock(sound | parameters)
