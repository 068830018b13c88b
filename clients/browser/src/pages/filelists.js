/* The lists of files under each « joindre » field: what was chosen, where it is, how to take it out. */
import { looksLike, prepare, remove, send } from "./files.js";
import { all, button, element, filled, sizeWords } from "./page.js";

export class FileLists {
  constructor(form, session, words) {
    Object.assign(this, { form, session, words, lines: [], queue: Promise.resolve() });
    all("[data-files]", form).forEach((input) => this.#follow(input));
  }

  #follow(input) {
    const list = element("ul", { class: "tender-uploads", "aria-live": "polite" });
    input.after(list);
    input.sealedList = list;
    input.addEventListener("change", () => {
      const chosen = Array.from(input.files);
      input.value = "";
      chosen.forEach((file) => this.#add(input, file));
    });
  }

  #add(input, file) {
    const line = this.#line(input, file.name, file.size);
    const refusal = this.#refusal(file);
    if (refusal) return this.#fail(line, refusal);
    this.#then(line, async () => {
      const onProgress = (done) => progress(line, done / 2, file.size);
      line.status.textContent = this.words.sealing_file;
      if (!(await looksLike(file))) throw Object.assign(new Error(filled(this.words.mismatch, file)), { status: 422 });
      line.file = await prepare(this.session, file, lotOf(input), this.#type(file.name), onProgress);
      await this.#send(line);
    });
  }

  /* After a reload: the files that this device sealed for this sending, then those it does not know. */
  resume() {
    const known = new Set(this.lines.filter((line) => line.file).map((line) => line.file.id));
    const inputs = all("[data-files]", this.form);
    for (const file of this.session.record.files.filter(({ id }) => !known.has(id))) {
      const input = inputs.find((one) => (lotOf(one)?.number ?? null) === file.number) || inputs[0];
      const line = this.#line(input, file.name, file.size);
      line.file = file;
      this.#then(line, () => this.#send(line));
    }
  }

  #then(line, work) {
    this.queue = this.queue.then(work).catch((error) => this.#fail(line, error.message || this.words.stopped, error));
  }

  async #send(line) {
    const { file } = line;
    line.status.textContent = this.words.sending;
    await send(this.session, file, (done, isCut) => {
      if (isCut) line.status.textContent = this.words.again;
      else line.status.textContent = this.words.sending;
      progress(line, file.size / 2 + (done * file.size) / file.sealed_size / 2, file.size);
    });
    progress(line, file.size, file.size);
    line.bar.remove();
    line.status.textContent = filled(this.words.done, { size: sizeWords(file.size) });
    line.item.append(element("code", { class: "tender-digest" }, file.sha256));
    line.isDone = true;
  }

  #type(name) {
    return this.words.types[name.split(".").pop().toLowerCase()] || "";
  }

  #refusal(file) {
    const values = { name: file.name };
    if (!file.name.includes(".") || !this.#type(file.name)) return filled(this.words.bad_type, values);
    if (!file.size) return filled(this.words.empty, values);
    return file.size > this.words.max_bytes ? filled(this.words.too_large, values) : "";
  }

  #line(input, name, size) {
    const bar = element("progress", { max: size, value: 0, "aria-label": name });
    const status = element("span", { class: "jalon-soft" }, this.words.waiting);
    const item = element("li", { "data-sealed-file": true }, element("span", {}, name), " ", bar, " ", status, " ");
    const line = { input, item, bar, status, name, isDone: false };
    item.append(button(this.words.remove, () => this.#remove(line)));
    item.lastChild.append(element("span", { class: "fr-sr-only" }, ` ${name}`));
    input.sealedList.append(item);
    this.lines.push(line);
    return line;
  }

  #fail(line, message, error) {
    line.bar.hidden = true;
    line.status.textContent = message;
    line.status.className = "jalon-error";
    line.failed = message;
    const isWorthAgain = error && line.file && (!error.status || error.status >= 500 || error.status === 409);
    if (!isWorthAgain) return;
    const again = button(this.words.resume, () => this.#again(line, again), "secondary");
    line.status.after(" ", again);
  }

  #again(line, pressed) {
    pressed.remove();
    Object.assign(line.bar, { hidden: false });
    line.status.className = "jalon-soft";
    line.failed = "";
    this.#then(line, () => this.#send(line));
  }

  async #remove(line) {
    if (line.file) await remove(this.session, line.file);
    line.isGone = true;
    line.item.remove();
    this.lines = this.lines.filter((one) => one !== line);
  }

  /* Those that the deposit takes. */
  files() {
    return this.lines.filter((line) => line.isDone).map((line) => line.file);
  }

  /* Files that are not there yet: the answer waits for them. */
  faults() {
    return this.lines
      .filter((line) => !line.isDone)
      .map((line) => ({ field: line.input, words: line.failed ? filled(this.words.failed_file, line) : this.words.wait }));
  }
}

function progress(line, done, size) {
  line.bar.value = done;
  line.bar.textContent = `${Math.floor((100 * done) / size)} %`;
}

function lotOf(input) {
  const section = input.closest("[data-lot]");
  return section ? { id: section.dataset.lotId, number: Number(section.dataset.lot) } : null;
}
