// The ticket's page beyond plain HTML: an action's form opens in the page, and its answers stay there.
// Sending and its failures are in forms.js, files in attachments.js.

const REFUSED = [403, 409, 422];

function panelOf(element) {
  return element.closest?.("[data-panel]");
}

function hideWhatScriptReplaces(root) {
  for (const button of root.querySelectorAll("[data-without-script]")) button.hidden = true;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target, requestConfig } = event.detail;
  if (!target.matches("[data-panel]")) return;
  const asked = new URL(requestConfig.path, location.href).pathname;
  if (requestConfig.verb === "get" && xhr.responseURL && new URL(xhr.responseURL).pathname !== asked) {
    // Signed out meanwhile, with nothing typed: the sign-in page wants a whole window.
    event.detail.shouldSwap = false;
    location.assign(location.pathname);
  } else if (REFUSED.includes(xhr.status)) {
    // An answer that refuses is a page to read, not a failure.
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  const panel = event.detail.target;
  if (!panel.matches?.("[data-panel]")) return;
  hideWhatScriptReplaces(panel);
  const first = panel.querySelector("[aria-invalid='true']") || panel.querySelector("[data-panel-title]");
  first?.focus({ preventScroll: true });
  panel.scrollIntoView({ block: "start" });
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens-panel]");
  const menu = opener?.closest("details.menu");
  if (menu) menu.open = false;
  const closer = event.target.closest("[data-closes-panel]");
  const panel = closer && panelOf(closer);
  // Elsewhere than in the page's own panel, giving up is following the link.
  if (panel?.id !== "action-panel") return;
  event.preventDefault();
  panel.replaceChildren();
  document.querySelector("[data-opens-panel]")?.focus();
});

// A canned answer goes where the cursor is, among what is typed already.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-canned]")) return;
  event.preventDefault();
  const answer = await fetch(`${form.dataset.canned}${form.elements.canned.value}/`);
  if (!answer.ok || answer.redirected) return form.submit();
  const field = document.querySelector("#reply textarea[name=message]");
  field.setRangeText(await answer.text(), field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

// While one writes, what colleagues do is asked for more often than the clocks.
const SOON = 12_000;
setInterval(() => {
  const soon = document.querySelector("[data-soon]");
  if (soon && !document.hidden && document.activeElement.closest("form[data-guarded]")) window.htmx.trigger(soon, "soon");
}, SOON);

hideWhatScriptReplaces(document);
