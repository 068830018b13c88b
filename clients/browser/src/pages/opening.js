/* The opening: the shares of this custodian are unsealed here, one for each bid, and given in clear. */
import { toBase64, fromBase64 } from "../bytes.js";
import { openShare } from "../custodian.js";
import { all, call, carried, filled, find } from "./page.js";
import { guard, OWN_KEY, percent, unlocked } from "./key.js";

export function startOpening() {
  const words = carried("mots");
  all("[data-opening]").forEach((place) => {
    const form = find("form", place);
    const secret = find("[type=password]", form);
    guard(form, [secret], async (tell) => {
      const told = await call("GET", place.dataset.opening);
      const seeds = await seedsOf(told, secret.value, percent(tell, words.opening), words);
      return ["shares", JSON.stringify(await sharesOf(told, seeds, words))];
    });
  });
}

/* The seeds that the passphrase unlocks, by public key: those of an older key have an older passphrase. */
async function seedsOf(told, passphrase, onProgress, words) {
  const keys = told.keys || [await call("GET", OWN_KEY)];
  const found = new Map();
  for (const key of keys) {
    const seed = await unlocked(key, passphrase, told.person, onProgress, words).catch(() => null);
    if (seed) found.set(key.public_key, seed);
  }
  if (!found.size) throw new Error(words.wrong);
  return found;
}

async function sharesOf(told, seeds, words) {
  const shares = [];
  let broken = 0;
  const place = { tender: String(told.tender), round: String(told.round), person: String(told.person) };
  for (const { bid, bidder, sealed_share, commitment, key } of told.bids) {
    const seed = key ? seeds.get(key) : seeds.values().next().value;
    if (!seed) continue;
    const at = { ...place, bid, bidder: String(bidder) };
    const share = await openShare(seed, fromBase64(sealed_share), commitment, at).catch(() => null);
    if (share) shares.push({ bid, share: toBase64(share) });
    else broken += 1;
  }
  seeds.forEach((seed) => seed.fill(0));
  if (broken && !shares.length) throw new Error(filled(words.broken, { count: broken }));
  return shares;
}
