// Django's admin heads some columns with nothing: an empty heading announces nothing, so it becomes a plain cell.

for (const heading of document.querySelectorAll("th:empty")) {
  const cell = document.createElement("td");
  cell.className = heading.className;
  heading.replaceWith(cell);
}
