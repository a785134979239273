// What a quote being written would come to, line by line. The server counts again: what it issues is what binds.

const QUANTITY = /^\d{1,9}(?:[.,]\d{1,2})?$/;
const said = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: "EUR" });

// A decimal as a whole number of hundredths; nothing when it is no such number.
function hundredths(text) {
  const digits = text.replace(/\s/g, "");
  if (!QUANTITY.test(digits)) return null;
  const [whole, decimals = ""] = digits.split(/[.,]/);
  return BigInt(whole + decimals.padEnd(2, "0"));
}

const divided = (amount, by) => (2n * amount + by) / (2n * by); // halves up
const euros = (cents) => said.format(Number(cents) / 100);

function count(table) {
  const bases = new Map();
  let net = 0n;
  for (const box of table.querySelectorAll("[data-price]")) {
    const quantity = hundredths(box.value);
    const amount = quantity === null ? null : divided(quantity * hundredths(box.dataset.price), 100n);
    box.closest("tr").querySelector("[data-amount]").textContent = amount === null ? "" : euros(amount);
    if (amount === null) continue;
    net += amount;
    bases.set(box.dataset.rate, (bases.get(box.dataset.rate) ?? 0n) + amount);
  }
  let gross = net;
  for (const [rate, base] of bases) gross += divided(base * hundredths(rate), 10000n);
  table.querySelector("[data-net]").textContent = euros(net);
  table.querySelector("[data-gross]").textContent = euros(gross);
  table.querySelector("tfoot").hidden = net === 0n;
}

document.addEventListener("input", ({ target }) => {
  if (target.matches?.("[data-price]")) count(target.closest("table"));
});
document.addEventListener("htmx:load", ({ target }) => target.querySelectorAll?.(".quote-quantities").forEach(count));
document.querySelectorAll(".quote-quantities").forEach(count);
