// Hides what the reader's choices leave out, keeps the choices in the page's address, and lets the keyboard scroll.

const { arms, origins } = JSON.parse(document.getElementById("arms").textContent);
const form = document.querySelector(".filter");
const boxes = form ? [...form.querySelectorAll("[type=checkbox]")] : [];
const search = form?.querySelector("[type=search]");

// What is ticked, by facet; a facet with nothing ticked leaves nothing out, and is not there.
function choices() {
  const found = {};
  for (const { name, value, checked } of boxes) if (checked) (found[name] ??= new Set()).add(value);
  const words = search?.value.trim().toLowerCase();
  if (words) found.search = new Set(words.split(/\s+/));
  return found;
}

// Whether an arm has every word that is searched for.
function sought(arm, words) {
  const text = Object.values(arms[arm]).join(" ").toLowerCase();
  return [...words].every((word) => text.includes(word));
}

let whole = true; // nothing is hidden, as the page was written
const inParts = document.querySelector("[data-part]") !== null;
const far = new Set(); // sections that the browser skips, of a page in parts: none of their marks is looked at
const stale = new Set(); // those of them that a choice has passed by
const MARKED = "[data-every], [data-some], [data-experiment]";
let fits = () => true; // whether a marked element is shown

function hide(chosen) {
  const wanted = (facet, value) => !chosen[facet] || chosen[facet].has(value);
  const ofExperiment = (experiment) => wanted("experiment", experiment);
  const measured = (arm) => Object.values(origins).map((of) => of[arm]).filter(Boolean);
  const kept = Object.keys(arms).filter((arm) =>
    Object.entries(arms[arm]).every(([facet, value]) => wanted(facet, value))
    && (!chosen.search || sought(arm, chosen.search)));
  const shown = new Set(kept.filter((arm) => measured(arm).some(ofExperiment)));
  const all = !Object.keys(chosen).length;
  if (all && whole) return shown.size; // opening the page looks at no mark
  whole = all;

  fits = (element) => {
    const { every, some, experiment } = element.dataset;
    const scenario = element.closest("[data-scenario]")?.dataset.scenario;
    const fitting = (arm) => {
      if (experiment) return kept.includes(arm); // judged by its own experiment, below
      const origin = origins[scenario]?.[arm];
      return origin ? kept.includes(arm) && ofExperiment(origin) : shown.has(arm);
    };
    return (!experiment || ofExperiment(experiment))
      && (!every || every.split(" ").every(fitting))
      && (!some || some.split(" ").some(fitting));
  };

  for (const part of document.querySelectorAll("body > :not(main), main > *")) {
    if (part.matches(MARKED)) apply(part);
    if (far.has(part)) stale.add(part);
    else narrow(part);
  }
  return shown.size;
}

function apply(element) {
  element.toggleAttribute("hidden", !fits(element));
}

// Hides what the choices leave out of a part of the page.
function narrow(part) {
  stale.delete(part);
  part.querySelectorAll(MARKED).forEach(apply);
  part.querySelectorAll("svg[data-pitch]").forEach(closeRows);
}

// A section of a large page is narrowed when it comes near, and before it is printed.
if (inParts) document.addEventListener("contentvisibilityautostatechange", ({ target, skipped }) => {
  if (skipped) far.add(target);
  else far.delete(target);
  if (!skipped && stale.has(target)) narrow(target);
}, true);
addEventListener("beforeprint", () => stale.forEach(narrow));

// Rows of a bar chart that are hidden leave no gap: those above move down to the axis, and the top is cut off.
function closeRows(drawing) {
  const marks = [...drawing.querySelectorAll("[data-row]")];
  const kept = new Set(marks.filter((mark) => !mark.hasAttribute("hidden")).map((mark) => +mark.dataset.row));
  const gone = [...new Set(marks.map((mark) => +mark.dataset.row))].filter((row) => !kept.has(row));
  const pitch = Number(drawing.dataset.pitch);
  for (const mark of marks) {
    mark.setAttribute("transform", `translate(0 ${pitch * gone.filter((row) => row > mark.dataset.row).length})`);
  }
  const { width, height } = drawing.viewBox.baseVal;
  const whole = drawing.dataset.height ??= height;
  const cut = pitch * gone.length;
  drawing.setAttribute("viewBox", `0 ${cut} ${width} ${whole - cut}`);
  drawing.setAttribute("height", whole - cut);
}

function update() {
  const chosen = choices();
  const count = hide(chosen);
  const total = Object.keys(arms).length;
  const narrowed = Object.entries(chosen).map(([name, values]) => `${name} ${[...values].join(", ")}`);
  const [said, detail] = form.querySelectorAll("[role=status] span");
  said.textContent = `${count} of ${total} arm${total === 1 ? "" : "s"} shown`;
  detail.textContent = narrowed.length ? ": " + narrowed.join("; ") : "";
  form.querySelector("button").disabled = !narrowed.length;
  reachableSoon();
  const address = new URL(location);
  for (const { name } of boxes) address.searchParams.delete(name);
  for (const { name, value, checked } of boxes) if (checked) address.searchParams.append(name, value);
  search.value ? address.searchParams.set("search", search.value) : address.searchParams.delete("search");
  history.replaceState(null, "", address);
}

// What is wider than its box can be scrolled by keyboard too.
function reachable() {
  const laidOut = (box) => box.checkVisibility({ contentVisibilityAuto: true });
  const scrolls = [...document.querySelectorAll(".scroll")].filter(laidOut);
  const wide = scrolls.map((box) => box.scrollWidth > box.clientWidth); // all read before any is written: one layout
  scrolls.forEach((box, i) => {
    if (wide[i] === box.hasAttribute("tabindex")) return;
    const named = box.querySelector("caption, [aria-label]");
    const given = { tabindex: 0, role: "group", "aria-label": named.getAttribute("aria-label") ?? named.firstChild.textContent };
    for (const [name, value] of Object.entries(given)) wide[i] ? box.setAttribute(name, value) : box.removeAttribute(name);
  });
}

// Once a frame: when the page opens, each of its sections says so.
let due = 0;
function reachableSoon() {
  cancelAnimationFrame(due);
  due = requestAnimationFrame(reachable);
}

if (form) {
  const asked = new URL(location).searchParams;
  for (const box of boxes) box.checked = asked.getAll(box.name).includes(box.value);
  search.value = asked.get("search") ?? "";
  form.hidden = false;
  search.addEventListener("input", update);
  form.addEventListener("change", update);
  form.addEventListener("reset", () => setTimeout(update)); // when the boxes are empty
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("keydown", (event) => {
    const open = form.querySelector("details[open]");
    if (event.key !== "Escape" || !open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  update();
}
new ResizeObserver(reachableSoon).observe(document.documentElement);
// What details and far sections hold is laid out only when they open and come near.
for (const event of ["toggle", "contentvisibilityautostatechange"]) document.addEventListener(event, reachableSoon, true);

// Paper cannot be opened: what is closed is printed too, except the queries, which the page names.
const opened = [];
addEventListener("beforeprint", () => {
  for (const closed of document.querySelectorAll("main > :not([aria-labelledby=queries]) details:not([open])")) {
    closed.open = true;
    opened.push(closed);
  }
});
addEventListener("afterprint", () => opened.splice(0).forEach((each) => { each.open = false; }));

// A large page reads what a scenario shows when it comes near, from a script file: that works from disk too.
const near = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) if (isIntersecting) read(target);
}, { rootMargin: "1200px" });

function read(place) {
  near.unobserve(place);
  const file = document.createElement("script");
  file.src = `data/${place.dataset.part}.js`;
  file.addEventListener("error", () => { place.textContent = `${file.src} is missing: write the report again.`; });
  document.head.append(file);
}

globalThis.part = (name, html) => {
  const place = document.querySelector(`[data-part="${name}"]`);
  const section = place.closest("section");
  place.outerHTML = html;
  section.querySelectorAll(".panel").forEach(enlargeable);
  if (!whole) narrow(section); // what is left out is left out of it too
  reachableSoon();
};

document.querySelectorAll("[data-part]").forEach((place) => near.observe(place));
