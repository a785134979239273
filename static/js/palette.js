// The command palette (Ctrl-K): everything the page can do, any ticket by its number, any words to search.

import { activate, keyOf, showShortcuts } from "./keyboard.js";

const dialog = document.getElementById("palette");
const input = document.getElementById("palette-input");
const list = document.getElementById("palette-list");
const SOURCES =
  ".topbar-nav a, .page-head-actions > a, .list-tabs a, .desk-views a, [data-opens-panel], #load > summary, #reply textarea, #reply input[value=note], #canned, .ticket-watch button, #id_q";
let commands = [];

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

function labelOf(element) {
  const label = element.labels?.[0];
  if (label) return (label.querySelector("strong") ?? label).textContent;
  if (element.matches("textarea")) return element.closest("section").querySelector("h2").textContent;
  const copy = element.cloneNode(true);
  copy.querySelectorAll(".list-tab-count, svg").forEach((part) => part.remove());
  return copy.textContent;
}

function commandsOfPage() {
  const known = new Set();
  return [...document.querySelectorAll(SOURCES)]
    .map((element) => ({ label: labelOf(element).replace(/\s+/g, " ").trim(), key: keyOf(element), run: () => activate(element) }))
    .filter(({ label }) => label && !known.has(label) && known.add(label));
}

function typedCommands(text) {
  const { list: address, searchLabel, openLabel } = dialog.dataset;
  const number = text.match(/^#?(\d{1,18})$/)?.[1];
  const go = (to) => () => location.assign(to);
  return [
    ...(number ? [{ label: `${openLabel} #${number}`, key: "", run: go(`/tickets/${number}/`) }] : []),
    ...(text ? [{ label: `${searchLabel} « ${text} »`, key: "", run: go(`${address}?q=${encodeURIComponent(text)}`) }] : []),
  ];
}

function optionOf({ label, key }, at) {
  const option = document.createElement("li");
  option.id = `palette-${at}`;
  option.role = "option";
  option.append(label);
  if (key) {
    const shown = document.createElement("kbd");
    shown.textContent = key;
    option.append(shown);
  }
  return option;
}

function show() {
  const text = input.value.trim();
  const words = fold(text).split(/\s+/);
  const found = commandsOfPage().filter(({ label }) => words.every((word) => fold(label).includes(word)));
  const typed = typedCommands(text);
  commands = typed.length === 2 ? [...typed, ...found] : [...found, ...typed];
  list.replaceChildren(...commands.map(optionOf));
  choose(0);
}

function choose(at) {
  const options = [...list.children];
  const chosen = options[(at + options.length) % options.length];
  for (const option of options) option.ariaSelected = String(option === chosen);
  if (!chosen) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

const chosenAt = () => [...list.children].findIndex((option) => option.ariaSelected === "true");

function run(at) {
  const command = commands[at];
  dialog.close();
  command?.run();
}

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  if (dialog.open || document.querySelector("dialog[open]")) return;
  input.value = "";
  dialog.showModal();
  input.focus();
  show();
});

input.addEventListener("input", show);
input.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) choose(chosenAt() + step);
  else if (event.key === "Enter") run(chosenAt());
  else if (event.key === "?" && !input.value) {
    dialog.close();
    showShortcuts();
  } else return;
  event.preventDefault();
});
list.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option) run([...list.children].indexOf(option));
});
// A click beside a dialog closes it, as Escape does.
for (const each of document.querySelectorAll("dialog.palette")) {
  each.addEventListener("click", (event) => event.target === each && each.close());
}
