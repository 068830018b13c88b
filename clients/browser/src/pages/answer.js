/* The page of an answer: everything secret is sealed on this device; the form goes only once it was read again. */
import { isAble, keep } from "../keep.js";
import { readAnswer, showFaults } from "./check.js";
import { Draft, draftName } from "./draft.js";
import { FileLists } from "./filelists.js";
import { all, button, callout, carried, element, filled, find } from "./page.js";
import { recap, toggle } from "./recap.js";
import { pasteColumns } from "./paste.js";
import { addRow, needRows } from "./rows.js";
import { sealAnswer } from "./seal-answer.js";
import { Session } from "./session.js";

const SECRET = "[data-price], [data-impact], [data-evidence], [data-files]";

class AnswerPage {
  constructor(form) {
    this.form = form;
    this.facts = form.dataset;
    this.words = carried("mots");
    this.notices = find("[data-notices]");
    this.session = new Session(this.facts, {
      onStranger: (count) => this.#askRestart(count),
      onOpened: ({ record }) => this.#opened(record),
    });
    this.lists = new FileLists(form, this.session, this.words);
    const onKept = () => this.#tellDraft();
    this.draft = new Draft(form, draftName(this.facts), { needs: needRows, onKept });
  }

  async start() {
    all("[data-without-script]").forEach((part) => part.remove());
    all("[data-with-script]").forEach((part) => (part.hidden = false));
    all("button[name=ajouter]", this.form).forEach((one) => {
      one.type = "button";
      one.addEventListener("click", () => addRow(one));
    });
    pasteColumns(this.form);
    this.form.addEventListener("submit", (event) => this.#submit(event), true);
    if (await this.draft.restore(this.facts.typed === "1")) this.#tellDraft(this.words.draft_back);
    if (this.facts.session) await this.session.opened().catch((error) => this.#notice("error", "", error.message));
  }

  #opened(record) {
    const address = new URL(this.form.action, location.href);
    address.searchParams.set("depot", record.bid);
    this.form.action = address;
    this.lists.resume();
  }

  #notice(tone, title, ...lines) {
    const shown = callout(tone, title, ...lines);
    this.notices.append(shown);
    return shown;
  }

  #askRestart(count) {
    return new Promise((resolve) => {
      const shown = this.#notice("warning", this.words.stranger_title, filled(this.words.stranger, { count }));
      const restart = () => {
        shown.remove();
        resolve();
      };
      shown.lastChild.append(button(this.words.restart, restart, "secondary"));
    });
  }

  #tellDraft(words = this.words.draft_kept) {
    const told = find("[data-draft]");
    told.hidden = false;
    const erase = async () => {
      await this.draft.erase();
      this.form.reset();
      told.replaceChildren(this.words.draft_erased);
    };
    told.replaceChildren(element("span", {}, words), " ", button(this.words.draft_erase, erase));
  }

  async #submit(event) {
    if (this.isReady) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.isWorking) return;
    this.isWorking = true;
    await this.#verify().catch((error) => this.#notice("error", "", error.message || this.words.failed));
    this.isWorking = false;
  }

  async #verify() {
    await this.draft.save();
    const read = readAnswer(this.form, this.words);
    read.faults.push(...this.lists.faults());
    if (read.faults.length) return showFaults(this.form, read.faults, this.words);
    all("[data-fault]").forEach((shown) => shown.remove());
    await this.session.opened();
    this.#showRecap(read);
  }

  #showRecap(read) {
    const replaces = this.facts.replaces ? { words: this.words.replaces } : null;
    const files = this.lists.files();
    const shown = recap({ ...read, files, replaces, is_late: this.facts.late === "1" }, this.words);
    const consent = this.facts.replacesFiles === "1" && !files.length ? this.#consent() : null;
    const status = element("p", { class: "jalon-error", role: "status", tabindex: "-1" });
    const go = element("button", { type: "button", class: "fr-btn" }, this.words.deposit);
    go.addEventListener("click", () => this.#deposit(read, files, { consent, status, go }));
    const back = button(this.words.modify, () => this.#back(shown), "secondary");
    shown.append(consent?.field || "", status, element("div", { class: "jalon-form__buttons" }, go, back));
    toggle(this.form, false);
    this.form.before(shown);
    shown.focus();
    shown.scrollIntoView();
  }

  #consent() {
    const box = element("input", { type: "checkbox", id: "sans-fichier" });
    const label = element("label", { for: "sans-fichier" }, this.words.without_files);
    return { box, field: element("div", { class: "jalon-option" }, box, label) };
  }

  #back(shown) {
    shown.remove();
    toggle(this.form, true);
    find("[data-verify]", this.form).focus();
  }

  async #deposit(read, files, { consent, status, go }) {
    if (consent && !consent.box.checked) {
      status.textContent = this.words.without_files_first;
      return status.focus();
    }
    go.disabled = true;
    status.textContent = this.words.sealing;
    try {
      const { pli, own } = await sealAnswer(this.session, { ...read, files, replaces: this.facts.replaces });
      await keep(`own:${own.bid}`, own);
      this.#post(pli, Boolean(consent));
    } catch (error) {
      go.disabled = false;
      status.textContent = error.message || this.words.failed;
      status.focus();
    }
  }

  #post(pli, isWithoutFiles) {
    this.form.append(element("input", { type: "hidden", name: "pli", value: JSON.stringify(pli) }));
    if (isWithoutFiles) this.form.append(element("input", { type: "hidden", name: "sans-fichier", value: "1" }));
    this.isReady = true;
    this.form.requestSubmit();
  }
}

function hideName(field) {
  field.dataset.name = field.name;
  field.removeAttribute("name");
}

function showName(field) {
  field.name = field.dataset.name;
  delete field.dataset.name;
}

/* Names go before anything is awaited: a form sent at once must not carry in clear what will be sealed here. */
export async function startAnswer() {
  const form = find("form[data-sealing]");
  if (!form || !window.isSecureContext || !crypto.subtle) return;
  const secrets = all(SECRET, form);
  secrets.forEach(hideName);
  if (await isAble()) await new AnswerPage(form).start();
  else secrets.forEach(showName);
}
