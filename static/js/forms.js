// Forms sent without leaving the page: errors come back in place, a failure is said and nothing typed is lost.

const INVALID = 422;
// In a panel of a ticket, an answer that refuses is one to read: it has the words that were typed, and says why.
const READ_IN_A_PANEL = [403, 409];

function reveal(container) {
  for (const element of container.querySelectorAll("[data-enhanced]")) element.hidden = false;
}

function failureOf(element) {
  return element.closest("form")?.querySelector("[data-failure]");
}

function tell(element, why) {
  const failure = failureOf(element);
  if (!failure) return;
  failure.querySelector("[data-said]").textContent = failure.dataset[why];
  failure.hidden = false;
}

// Why an answer is not the one hoped for; nothing when it is.
function problemOf({ xhr, requestConfig, target }) {
  const asked = new URL(requestConfig.path, location.href).pathname;
  // A sign-in page answered in place of what was asked: the session has ended meanwhile.
  if (xhr.responseURL && new URL(xhr.responseURL).pathname !== asked) return "session";
  if (xhr.status < 400 || xhr.status === INVALID) return "";
  if (READ_IN_A_PANEL.includes(xhr.status) && target.matches("[data-panel]")) return "";
  return { 403: "forbidden", 413: "large" }[xhr.status] ?? "failed";
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const sender = detail.requestConfig.elt;
  const problem = problemOf(detail);
  if (problem === "session") detail.shouldSwap = false;
  if (sender.matches("[data-guarded], [data-draft]")) {
    if (problem) tell(sender, problem);
    detail.shouldSwap = !problem;
    detail.isError = false;
  }
});
document.addEventListener("htmx:sendError", ({ detail }) => tell(detail.requestConfig.elt, "offline"));

document.addEventListener("htmx:beforeRequest", (event) => {
  const element = event.detail.elt;
  if (element.matches("[data-guarded]")) {
    // What is being sent is no draft any more: the last keeping of it must not come after.
    element.querySelectorAll("[data-draft]").forEach((draft) => window.htmx.trigger(draft, "htmx:abort"));
    failureOf(element)?.setAttribute("hidden", "");
  } else if (element.matches("[data-draft]") && element.closest("form.htmx-request")) {
    event.preventDefault();
  }
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const sender = detail.requestConfig.elt;
  const isKept = detail.successful && !problemOf(detail);
  if (isKept && sender.matches("[data-draft]")) failureOf(sender)?.setAttribute("hidden", "");
});

// Signing in again, in another tab, changes the token: the cookie has the one that counts.
export function presentToken() {
  return document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1];
}

document.addEventListener("htmx:configRequest", (event) => {
  const token = presentToken();
  if (!token || event.detail.verb === "get") return;
  event.detail.headers["X-CSRFToken"] = token;
  if (event.detail.parameters.csrfmiddlewaretoken) event.detail.parameters.csrfmiddlewaretoken = token;
});

// A form sent back: its reader starts at the first field to mend.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.xhr?.status !== INVALID) return;
  const field = event.target.querySelector(".field .error")?.closest(".field");
  field?.querySelector("input, select, textarea").focus();
});
document.addEventListener("htmx:load", (event) => reveal(event.target));

reveal(document);
