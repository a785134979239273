// The queue beyond plain HTML: it comes back by itself only if it changed, and keeps the reader's place.

const LIST = "tickets";

document.addEventListener("htmx:configRequest", (event) => {
  const list = event.detail.elt;
  if (list.id !== LIST) return;
  event.detail.headers["List-Stamp"] = list.dataset.stamp;
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
