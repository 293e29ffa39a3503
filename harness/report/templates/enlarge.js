// Every chart can be seen as large as the window: a button beside its title, closed by Escape or a click.
// There its values stand as text, for a keyboard and a screen reader; a tap tells that of the nearest mark.

const large = document.createElement("dialog");
large.className = "large";
large.addEventListener("click", ({ target }) => target.closest("details") || large.close());
document.body.append(large);

const MARKS = "g:not([hidden]) > title";

function values(drawing) {
  const list = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = "Values";
  const items = document.createElement("ul");
  const said = new Set([...drawing.querySelectorAll(MARKS)].map(({ textContent }) => textContent)); // a bar and its line: once
  items.append(...[...said].map((words) => {
    const item = document.createElement("li");
    item.textContent = words;
    return item;
  }));
  list.append(summary, items);
  return items.children.length ? list : "";
}

function tell(panel, { target, clientX, clientY }) {
  const far = (mark) => {
    const { left, top, width, height } = mark.getBoundingClientRect();
    return Math.hypot(left + width / 2 - clientX, top + height / 2 - clientY);
  };
  const own = target.closest("g:has(> title)");
  const marks = [...panel.querySelectorAll("g:not([hidden]):has(> title) use")].map((mark) => [far(mark), mark]);
  const nearest = own ?? marks.sort(([a], [b]) => a - b)[0]?.[1].closest("g:has(> title)");
  if (!nearest) return;
  panel.querySelector("output").textContent = nearest.querySelector("title").textContent;
}

function enlarge(panel, title) {
  const drawing = panel.querySelector("svg").cloneNode(true);
  const { width, height } = drawing.viewBox.baseVal;
  const scale = Math.min((innerWidth - 64) / width, (innerHeight - 160) / height);
  drawing.setAttribute("width", width * scale);
  drawing.setAttribute("height", height * scale);
  const heading = document.createElement("h2");
  heading.textContent = title;
  const close = document.createElement("button");
  close.textContent = "Close";
  large.setAttribute("aria-label", title);
  large.replaceChildren(heading, close, drawing, values(drawing));
  large.showModal();
}

function enlargeable(panel) {
  const heading = panel.firstElementChild;
  const button = document.createElement("button");
  button.className = "enlarge";
  button.textContent = "⤢";
  button.title = "Enlarge";
  button.setAttribute("aria-label", `Enlarge ${heading.textContent}`);
  button.addEventListener("click", () => enlarge(panel, heading.textContent));
  heading.after(button);
  panel.append(document.createElement("output"));
  panel.querySelector("svg").addEventListener("click", (event) => tell(panel, event));
}

document.querySelectorAll(".panel").forEach(enlargeable);
