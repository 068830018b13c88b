/* More rows in a table of partners, without asking the server: the last row is copied, one rank further. */
import { all, find } from "./page.js";

/* `button`: « Ajouter », whose value is the kind of row. */
export function addRow(button) {
  const table = find(`table[data-rows="${button.value}"]`);
  const rows = all("tbody tr", table);
  const count = find(`[name="${button.value}s"]`);
  if (rows.length >= Number(table.dataset.most)) return;
  const made = rows[rows.length - 1].cloneNode(true);
  all("[name], [id], [for], [aria-describedby]", made).forEach((one) => shift(one, button.value, rows.length));
  all("input, textarea", made).forEach((field) => {
    if (field.type === "checkbox") field.checked = false;
    else field.value = "";
  });
  all(".jalon-error", made).forEach((error) => error.remove());
  find("tbody", table).append(made);
  count.value = rows.length + 1;
}

function shift(one, kind, rank) {
  for (const name of ["name", "id", "for", "aria-describedby"]) {
    const value = one.getAttribute(name);
    if (value) one.setAttribute(name, value.replace(new RegExp(`${kind}-\\d+-`), `${kind}-${rank}-`));
  }
  if (one.tagName === "LABEL") one.textContent = one.textContent.replace(/\d+$/, rank + 1);
}

/* Rows enough for these names of fields, « membre-3-siret ». */
export function needRows(names) {
  for (const button of all("button[name=ajouter]")) {
    const ranks = names.map((name) => new RegExp(`^${button.value}-(\\d+)-`).exec(name)).filter(Boolean);
    const wanted = Math.max(0, ...ranks.map((found) => Number(found[1]) + 1));
    const table = find(`table[data-rows="${button.value}"]`);
    while (table && all("tbody tr", table).length < Math.min(wanted, Number(table.dataset.most))) addRow(button);
  }
}
