/* The key pair of one bid, drawn here: its private half is split between the custodians, sealed to each, forgotten. */
import { combine, split } from "shamir-secret-sharing";
import { concat, fromHex, toBase64, toHex, utf8 } from "./bytes.js";
import { digest } from "./digest.js";
import { publicKey, seal, suite } from "./seal.js";

export { combine, split };

const NUL = Uint8Array.of(0);

/* What binds a share to its bid and its custodian without telling it. */
export function shareCommitment(bid, person, share) {
  return digest(concat(utf8("jalon/share/2"), NUL, utf8(bid), NUL, utf8(person), NUL, share));
}

/* `place`: {tender, round, bidder, bid}; `custody`: {threshold, custodians} as the server tells it. Gives what the
   server takes, and `custodians` as the manifest will write them. The private key is overwritten before returning. */
export async function deal(place, custody) {
  const pair = await suite.kem.generateKeyPair();
  const secret = pair.privateKey.key; // the very bytes, not a copy
  const shares = await split(secret, custody.custodians.length, custody.threshold);
  secret.fill(0);
  const dealt = await Promise.all(shares.map((share, rank) => sealShare(share, custody.custodians[rank], place)));
  shares.forEach((share) => share.fill(0));
  const open = await suite.kem.serializePublicKey(pair.publicKey);
  return {
    public_key: toHex(new Uint8Array(open)),
    shares: dealt.map(({ seat, x, sealed, commitment }) => ({
      seat,
      x,
      sealed_share: toBase64(sealed),
      commitment,
    })),
    custodians: dealt.map(inManifest).sort((one, other) => Number(one.person) - Number(other.person)),
  };
}

const inManifest = ({ commitment, key, person, sealed, x }) => ({
  commitment,
  key,
  person,
  sealed_sha256: digest(sealed),
  x,
});

async function sealShare(share, custodian, place) {
  const person = String(custodian.person);
  const key = await publicKey(fromHex(custodian.public_key));
  const sealed = await seal(share, key, { ...place, purpose: "share", person });
  const commitment = shareCommitment(place.bid, person, share);
  return { seat: custodian.seat, x: share[share.length - 1], sealed, commitment, key: custodian.public_key, person };
}
