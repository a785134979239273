// A message to the other side waits some seconds before it leaves: time to take it back, nothing lost either way.

import { presentToken } from "./forms.js";

const held = new Map();
// Bytes that surely leave with the page: browsers take 64 KiB of it, fields' names and separators included.
const MOST_AT_ONCE = 60_000;
const AROUND_A_FIELD = 200;

function fieldsOf(form) {
  return form.querySelectorAll("fieldset, .field, [data-attachments], .form-actions");
}

function weightOf(form) {
  let bytes = 0;
  for (const [name, value] of new FormData(form)) {
    bytes += AROUND_A_FIELD + new Blob([name, value]).size;
  }
  return bytes;
}

function hasFiles(form) {
  return [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length > 0);
}

function isHeld(form) {
  const kind = form.elements.kind?.value;
  if (!Number(form.dataset.hold) || kind === "note") return false;
  // What could not leave with the page, were it left meanwhile, leaves at once.
  if (hasFiles(form) || weightOf(form) > MOST_AT_ONCE) return false;
  // A deadline about to fall is met by a message that leaves at once.
  const left = Date.parse(form.dataset.due) - Date.now();
  return !(left > 0 && left < 2000 * Number(form.dataset.hold));
}

function release(form) {
  const hold = held.get(form);
  if (!hold) return undefined;
  clearInterval(hold.timer);
  held.delete(form);
  hold.bar.hidden = true;
  fieldsOf(form).forEach((field) => field.removeAttribute("inert"));
  return hold;
}

function begin(form, send) {
  const bar = form.querySelector("[data-hold-bar]");
  const text = bar.querySelector("[data-hold-text]");
  let seconds = Number(form.dataset.hold);
  const say = () => {
    text.textContent = text.dataset.holdText.replace("0", String(seconds));
  };
  const timer = setInterval(() => {
    seconds -= 1;
    if (seconds > 0) say();
    else release(form)?.send();
  }, 1000);
  held.set(form, { bar, send, timer });
  fieldsOf(form).forEach((field) => field.setAttribute("inert", ""));
  say();
  bar.hidden = false;
  bar.querySelector("[data-hold-undo]").focus();
}

document.addEventListener("htmx:confirm", (event) => {
  const form = event.detail.elt;
  if (!form.matches?.("form[data-hold]") || !isHeld(form)) return;
  event.preventDefault();
  if (!held.has(form)) begin(form, () => event.detail.issueRequest(true));
});

// Another panel does not take the place of one that waits: what waits would go with it.
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, target } = event.detail;
  if ([...held.keys()].some((form) => form !== elt && target.contains(form) && !form.contains(elt))) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const form = event.target.closest("form[data-hold]");
  if (!form) return;
  if (event.target.closest("[data-hold-undo]")) {
    release(form);
    form.querySelector("textarea").focus();
  } else if (event.target.closest("[data-hold-now]")) {
    release(form)?.send();
  }
});

function whatLeaves(form) {
  const sent = new FormData(form);
  const token = presentToken();
  if (token) sent.set("csrfmiddlewaretoken", token);
  return sent;
}

// More waits than leaves with the page: its author is asked to stay.
window.addEventListener("beforeunload", (event) => {
  const weight = [...held.keys()].reduce((sum, form) => sum + weightOf(form), 0);
  if (weight > MOST_AT_ONCE) event.preventDefault();
});

// Left while it waits, the page sends it all the same: whoever pressed “Send” meant it. Refused by the browser, it
// goes on waiting, should the page come back; its draft is kept in any case.
window.addEventListener("pagehide", () => {
  for (const form of held.keys()) {
    if (navigator.sendBeacon(form.action, whatLeaves(form))) release(form);
  }
});
