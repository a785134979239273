// What every page does beyond plain HTML: menus that close, theme without a reload, notices that go away.

const YEAR = 365 * 24 * 3600;

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const close = event.target.closest("[data-close-notice]");
  if (close) close.closest(".notice").remove();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-theme-form]")) return;
  event.preventDefault();
  const chosen = event.submitter.value;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${chosen}; Max-Age=${YEAR}; Path=/; SameSite=Lax${secure}`;
  const root = document.documentElement;
  root.dataset.themeChoice = chosen;
  root.dispatchEvent(new Event("themechosen"));
  for (const button of document.querySelectorAll("[data-theme-form] button")) {
    button.setAttribute("aria-pressed", String(button.value === chosen));
  }
});

// A form sent back with errors: the reader starts at the first field to mend.
document.querySelector("main [aria-invalid='true']")?.focus();

function isUntouched(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked === field.defaultChecked;
  if (field instanceof HTMLSelectElement) {
    const chosen = [...field.options].filter((option) => option.defaultSelected);
    return chosen.length === 0 ? field.selectedIndex <= 0 : chosen.every((option) => option.selected);
  }
  return field.value === field.defaultValue;
}

// What was typed or chosen before the scripts arrived was heard by nobody: it is said again, once they listen.
document.addEventListener(
  "htmx:load",
  () => {
    for (const field of document.querySelectorAll("form :is(input, select, textarea)")) {
      if (isUntouched(field)) continue;
      for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
    }
  },
  { once: true },
);
