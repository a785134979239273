// A message to the other side waits some seconds before it leaves: time to take it back, nothing lost either way.

const held = new Map();

function fieldsOf(form) {
  return form.querySelectorAll("fieldset, .field, [data-attachments], .form-actions");
}

function isHeld(form) {
  const kind = form.elements.kind?.value;
  if (!Number(form.dataset.hold) || kind === "note") return false;
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

document.addEventListener("click", (event) => {
  const form = event.target.closest("form[data-hold]");
  if (!form) return;
  if (event.target.closest("[data-hold-undo]")) {
    release(form);
    form.elements.message.focus();
  } else if (event.target.closest("[data-hold-now]")) {
    release(form)?.send();
  }
});

// Left while it waits, the page sends it all the same: whoever pressed “Send” meant it.
window.addEventListener("pagehide", () => {
  for (const form of held.keys()) {
    release(form);
    navigator.sendBeacon(form.action, new FormData(form));
  }
});
