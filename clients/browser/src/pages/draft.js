/* What is typed is kept on this device, under a key that does not leave it, until the deposit or until it is erased. */
import { forget, keep, kept } from "../keep.js";
import { all } from "./page.js";

const QUIET = 400; // milliseconds without a key pressed
const LEFT_OUT = "[type=hidden], [type=file], [type=submit], [type=button], [type=password]";

const nameOf = (field) => field.dataset.name || field.name;
const isChoice = (field) => field.type === "checkbox" || field.type === "radio";

export class Draft {
  /* `needs(names)` makes the rows that the draft fills and the page does not show. */
  constructor(form, name, { needs, onKept }) {
    Object.assign(this, { form, name, needs, onKept, timer: null });
    form.addEventListener("input", () => this.#soon());
    form.addEventListener("change", () => this.#soon());
  }

  fields() {
    return all("input, textarea, select", this.form).filter((field) => !field.matches(LEFT_OUT) && nameOf(field));
  }

  #soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), QUIET);
  }

  async save() {
    clearTimeout(this.timer);
    const values = {};
    for (const field of this.fields()) {
      if (!isChoice(field)) values[nameOf(field)] = field.value;
      else if (field.checked) (values[nameOf(field)] ||= []).push(field.value);
      else values[nameOf(field)] ||= [];
    }
    await keep(this.name, { values, at: Date.now() });
    this.onKept();
  }

  /* Fill the page from the draft; only the fields that never leave the device when the server just gave the others
     back. Tells whether there was one. */
  async restore(onlySecret) {
    const draft = await kept(this.name);
    if (!draft) return false;
    this.needs(Object.keys(draft.values).filter((name) => draft.values[name].length));
    this.fields()
      .filter((field) => nameOf(field) in draft.values && (!onlySecret || field.dataset.name))
      .forEach((field) => fill(field, draft.values[nameOf(field)]));
    return true;
  }

  async erase() {
    clearTimeout(this.timer);
    await forget(this.name);
  }
}

function fill(field, value) {
  if (isChoice(field)) field.checked = value.includes(field.value);
  else field.value = value;
}

export const draftName = ({ person, tender, round, bidder }) => `draft:${person}:${tender}:${round}:${bidder}`;
