/* The custodian's key is made, tried and used here: neither the passphrase nor the key leaves the device in clear. */
import { newKey, rehearse, unlock } from "../custodian.js";
import { draw, estimate, LEAST_BITS } from "../words.js";
import { all, button, call, carried, element, filled, find } from "./page.js";

export const OWN_KEY = "/consultations/depositaire/cle.json";

/* A form whose secret stays here: `work(tell)` gives the hidden field that goes instead, [name, value to write as
   JSON], or throws a sentence. */
export function guard(form, secrets, work) {
  // A form with a prefix has it before each of its names.
  const prefix = secrets[0].name.replace(/passphrase$/, "");
  secrets.forEach((field) => field.removeAttribute("name"));
  const status = element("p", { class: "jalon-error", role: "status", tabindex: "-1" });
  find(".jalon-form__buttons", form).before(status);
  let isReady = false;
  let isWorking = false;
  const run = async () => {
    const [name, told] = await work((words) => (status.textContent = words));
    form.append(element("input", { type: "hidden", name: prefix + name, value: JSON.stringify(told) }));
    isReady = true;
    form.requestSubmit();
  };
  form.addEventListener(
    "submit",
    async (event) => {
      if (isReady) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (isWorking) return;
      isWorking = true;
      await run().catch((error) => {
        status.textContent = error.message;
        status.focus();
      });
      isWorking = false;
    },
    true,
  );
}

export const percent = (tell, words) => (share) => tell(filled(words, { percent: Math.round(share * 100) }));

export function startKey() {
  const words = carried("mots");
  all("[data-new-key]").forEach((place) => makeKey(find("form", place), place.dataset.person, words));
  all("[data-rehearsal]").forEach((place) => tryKey(find("form", place), words));
}

function makeKey(form, person, words) {
  const [first, again] = all("[type=password]", form);
  offerWords(first, again, words);
  const strength = element("p", { class: "jalon-hint", role: "status" });
  first.after(strength);
  first.addEventListener("input", () => (strength.textContent = filled(words.bits, { bits: estimate(first.value) })));
  guard(form, [first, again], async (tell) => {
    if (estimate(first.value) < LEAST_BITS) throw new Error(filled(words.weak, { bits: estimate(first.value), least: LEAST_BITS }));
    if (first.value !== again.value) throw new Error(words.differ);
    if (!find("[name=understood]", form).checked) throw new Error(words.not_understood);
    return ["key", await newKey(first.value, person, percent(tell, words.making))];
  });
}

function offerWords(first, again, words) {
  const shown = element("p", { class: "tender-drawn", role: "status" });
  const offer = button(words.draw, () => {
    const drawn = draw();
    shown.replaceChildren(element("strong", {}, drawn), element("br"), words.drawn);
    for (const field of [first, again]) field.value = drawn;
    first.dispatchEvent(new Event("input"));
  });
  first.before(element("p", {}, offer), shown);
}

function tryKey(form, words) {
  const secret = find("[type=password]", form);
  guard(form, [secret], async (tell) => {
    const key = await call("GET", OWN_KEY);
    const seed = await unlocked(key, secret.value, key.person, percent(tell, words.opening), words);
    const signature = rehearse(seed, key.challenge, key.person);
    seed.fill(0);
    return ["signature", { challenge: key.challenge, signature }];
  });
}

export async function unlocked(key, passphrase, person, onProgress, words) {
  try {
    return await unlock(key.locked, passphrase, key.parameters, String(person), onProgress);
  } catch {
    throw new Error(words.wrong);
  }
}
