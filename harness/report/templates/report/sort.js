// A heading of a sortable table sorts its rows: figures the largest first, then the other way; what has none stays last.

function sortBy(table, column, heading) {
  const down = heading.getAttribute("aria-sort") !== "descending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", down ? "descending" : "ascending");
  const value = ({ cells }) => {
    const { dataset, textContent } = cells[column];
    return column ? Number(dataset.value ?? NaN) : textContent;
  };
  const order = (one, other) => {
    const [a, b] = [value(one), value(other)];
    if (!column) return down ? b.localeCompare(a) : a.localeCompare(b);
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b);
    return down ? b - a : a - b;
  };
  const [body] = table.tBodies;
  body.append(...[...body.rows].sort(order));
}

for (const table of document.querySelectorAll(".sortable")) {
  for (const [column, heading] of [...table.tHead.rows[0].cells].entries()) {
    const button = document.createElement("button");
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sortBy(table, column, heading));
    heading.append(button);
  }
}
