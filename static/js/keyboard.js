// Single keys: each line of the list of shortcuts says its key and what of the page it goes to.

const OFF = "shortcuts-off";
const sheet = document.getElementById("shortcuts");
const isOn = () => localStorage.getItem(OFF) === null;

// Somewhere one types, or a dialog: keys are letters there.
function isTyping(target) {
  return target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog") !== null;
}

function lineOf(key) {
  return [...sheet.querySelectorAll("[data-key]")].find((line) => line.dataset.key === key && isOffered(line));
}

function isOffered(line) {
  const { needs, goes } = line.dataset;
  return [needs, goes].every((selector) => !selector || document.querySelector(selector));
}

// A control is pressed, a text box is entered; a choice is made, and what it is a choice of is entered.
export function activate(element) {
  const menu = element.closest("details:not([open])");
  if (menu) menu.open = true;
  if (element.matches("[type=radio]")) {
    element.click();
    activate(element.form.querySelector("textarea"));
  } else if (element.matches("input, textarea, select")) {
    element.focus();
    element.scrollIntoView({ block: "center" });
  } else {
    element.click();
  }
}

export function showShortcuts() {
  for (const line of sheet.querySelectorAll("[data-key]")) line.hidden = !isOffered(line);
  sheet.querySelector("#shortcuts-on").checked = isOn();
  sheet.showModal();
}

// The key of a command, for those who learn them.
export function keyOf(element) {
  const line = [...sheet.querySelectorAll("[data-goes]")].find((each) => element.matches(each.dataset.goes));
  return line?.dataset.key ?? "";
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key === "?") {
    event.preventDefault();
    showShortcuts();
    return;
  }
  const line = isOn() ? lineOf(event.key) : undefined;
  if (!line?.dataset.goes) return;
  event.preventDefault();
  activate(document.querySelector(line.dataset.goes));
});

sheet.querySelector("#shortcuts-on").addEventListener("change", ({ target }) => {
  if (target.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
});

export { isOn, isTyping };
