// The queue beyond plain HTML: it comes back by itself only if it changed, and keeps the reader's place.

import { isOn, isTyping } from "./keyboard.js";

const LIST = "tickets";
let place = { number: "", at: -1 };

const rows = () => [...document.querySelectorAll(`#${LIST} [data-row]`)];
const linkOf = (row) => row?.querySelector(".list-title a");

document.addEventListener("htmx:configRequest", (event) => {
  const list = event.detail.elt;
  if (list.id === LIST) event.detail.headers["List-Stamp"] = list.dataset.stamp;
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const stamp = detail.elt.id === LIST && detail.xhr.status === 204 && detail.xhr.getResponseHeader("List-Stamp");
  if (stamp) detail.elt.dataset.stamp = stamp;
});

// An address of which a part was not understood (400) is a list to read, with what is wrong said above it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  if (target.id !== LIST || xhr.status !== 400) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});

// The place is a ticket's: it moves with it, and passes to the line that took its rank when it leaves the list.
document.addEventListener("focusin", ({ target }) => {
  const row = target.closest("[data-row]");
  if (row) place = { number: row.dataset.number, at: rows().indexOf(row) };
});
document.addEventListener("htmx:afterSettle", () => {
  if (place.at < 0 || document.activeElement !== document.body) return;
  const now = rows();
  linkOf(now.find((row) => row.dataset.number === place.number) ?? now[Math.min(place.at, now.length - 1)])?.focus();
});

// What is ticked stays so when the list comes back, and is forgotten when its ticket leaves it.
const chosen = new Set();
const boxes = () => [...document.querySelectorAll(`#${LIST} input[form=together]`)];

function sayChosen() {
  const said = document.querySelector("[data-chosen]");
  if (!said) return;
  const { one, many } = said.dataset;
  said.textContent = { 0: "", 1: one }[chosen.size] ?? many.replace("#", chosen.size);
}

function noteChosen() {
  chosen.clear();
  for (const box of boxes()) if (box.checked) chosen.add(box.value);
  sayChosen();
}

document.addEventListener("change", ({ target }) => {
  if (target.matches("input[form=together]")) noteChosen();
});
document.addEventListener("htmx:afterSwap", () => {
  for (const box of boxes()) box.checked = chosen.has(box.value);
  noteChosen();
});
noteChosen();

// Who carries what: read as it is opened, and again when the list has changed under it.
const load = document.getElementById("load");

function readLoad() {
  if (load?.open) window.htmx.trigger("#load-strip", "reload");
}

load?.addEventListener("toggle", readLoad);
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.requestConfig?.elt.id === LIST) readLoad();
});

function take(row) {
  const button = row.querySelector("[data-take]");
  if (button) button.click();
  else location.assign(`${linkOf(row).getAttribute("href")}assign/`);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !isOn() || isTyping(event.target)) return;
  const now = rows();
  const at = now.findIndex((row) => row.contains(document.activeElement));
  const step = { j: 1, k: -1 }[event.key];
  if (step && now.length) {
    const from = at < 0 ? Math.min(place.at, now.length - 1) : at;
    linkOf(now[Math.min(Math.max(from + step, 0), now.length - 1)]).focus();
  } else if (event.key === "o" && at >= 0) linkOf(now[at]).click();
  else if (event.key === "a" && at >= 0) take(now[at]);
  else if (event.key === "x" && at >= 0) now[at].querySelector("input[form=together]")?.click();
  else return;
  event.preventDefault();
});
