/* What every page script needs: the sentences that the server wrote, elements, and calls to the platform. */

export const find = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));

/* The JSON that the page carries under an id, or null. */
export function carried(id) {
  const found = document.getElementById(id);
  return found ? JSON.parse(found.textContent) : null;
}

/* « Il reste {count} lots » with its values. */
export const filled = (sentence, values = {}) => sentence.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");

/* An element: `facts` are attributes (true: present, false: absent), `children` elements or texts. */
export function element(tag, facts = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (name === "onclick") made.addEventListener("click", value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

export const button = (words, onclick, kind = "tertiary") =>
  element("button", { type: "button", class: `fr-btn fr-btn--${kind} fr-btn--sm`, onclick }, words);

export function callout(tone, title, ...lines) {
  const body = element("div", {}, title ? element("p", { class: "jalon-callout__title" }, title) : null);
  lines.forEach((line) => body.append(element("p", {}, line)));
  return element("div", { class: `jalon-callout jalon-callout--${tone}` }, body);
}

const UNITS = ["octets", "Ko", "Mo", "Go"];

/* A size as people read it: « 1,2 Mo ». */
export function sizeWords(bytes) {
  const rank = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const shown = (bytes / 1024 ** rank).toLocaleString("fr-FR", { maximumFractionDigits: rank ? 1 : 0 });
  return `${shown}\u00a0${UNITS[rank]}`;
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/* A call to the platform. `body`: a Blob goes as it is, anything else as JSON. Rejects with {status, message}. */
export async function call(method, address, body, headers = {}) {
  const isBytes = body instanceof Blob;
  const answer = await fetch(address, {
    method,
    credentials: "same-origin",
    headers: {
      "X-CSRFToken": find("[name=csrfmiddlewaretoken]").value,
      "If-Match": "*",
      Accept: "application/json",
      "Accept-Language": document.documentElement.lang,
      "Content-Type": isBytes ? "application/offset+octet-stream" : "application/json",
      ...headers,
    },
    body: isBytes || body === undefined ? body : JSON.stringify(body),
  });
  if (answer.status === 204) return null;
  const told = await answer.json();
  if (answer.ok) return told;
  const [first] = told.errors || [];
  throw Object.assign(new Error(first?.detail || told.detail || ""), { status: answer.status });
}
