/* The opening: the shares of this custodian are unsealed here, one for each bid, and given in clear. */
import { fromBase64, toBase64 } from "../bytes.js";
import { openShare } from "../custodian.js";
import { guard, percent, unlocked } from "./key.js";
import { all, call, carried, filled, find } from "./page.js";

export function startOpening() {
  const words = carried("mots");
  all("[data-opening]").forEach((place) => {
    const form = find("form", place);
    const secret = find("[type=password]", form);
    if (!secret) return;
    guard(form, [secret], async (tell) => {
      const told = await call("GET", place.dataset.opening);
      const seed = await unlocked(told, secret.value, told.person, percent(tell, words.opening), words);
      return ["shares", await sharesOf(told, seed, words)];
    });
  });
}

/* The shares that open, for each bid; one that was altered is left out, and only all of them altered is said here: the
   server compares each with what its bid committed to. */
async function sharesOf(told, seed, words) {
  const shares = [];
  const place = { tender: String(told.tender), round: String(told.round), person: String(told.person) };
  for (const { bid, bidder, sealed_share, commitment } of told.bids) {
    const at = { ...place, bid, bidder: String(bidder) };
    const share = await openShare(seed, fromBase64(sealed_share), commitment, at).catch(() => null);
    if (share) shares.push({ bid, share: toBase64(share) });
  }
  seed.fill(0);
  if (told.bids.length && !shares.length) throw new Error(filled(words.broken, { count: told.bids.length }));
  return shares;
}
