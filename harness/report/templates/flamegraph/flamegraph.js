// Draws the flamegraphs of harness/report/templates/flamegraph.html.j2 as SVG from the JSON of the page.

const ROW = 18; // px
const LEAST = 0.5; // px; narrower boxes cannot be seen
const LETTER = 6.7; // px, of the monospace text
const EVEN = 0.0005; // a smaller difference has no colour
const OTHER = 7; // group of what nothing with a group called
const page = JSON.parse(document.getElementById("data").textContent);
const SIDES = ["base", "head"];

function element(name, attributes, parent) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (parent) parent.append(made);
  return made;
}

// Stacks become a tree; a node holds its inclusive and own shares of either side.
function tree(view) {
  const node = (frame, parent) => ({
    frame, parent, name: frame < 0 ? "all" : view.frames[frame], children: new Map(),
    group: frame < 0 ? OTHER : view.groups[frame] < 0 ? parent.group : view.groups[frame],
    base: 0, head: 0, ownBase: 0, ownHead: 0,
  });
  const root = node(-1, null);
  for (const [frames, ...values] of view.stacks) {
    const [base, head] = SIDES.map((_, side) => values[side] / (view.totals[side] || 1));
    let at = root;
    const add = () => { at.base += base; at.head += head; };
    add();
    for (const frame of frames) {
      if (!at.children.has(frame)) at.children.set(frame, node(frame, at));
      at = at.children.get(frame);
      add();
    }
    at.ownBase += base;
    at.ownHead += head;
  }
  return root;
}

const percent = (share) => (100 * share).toFixed(1) + " %";

function signed(share) {
  const points = Math.round(1000 * share) / 10;
  return (points > 0 ? "+" : points < 0 ? "−" : "±") + Math.abs(points).toFixed(1);
}

class Graph {
  constructor(box, view, root) {
    Object.assign(this, { box, view, root, kind: box.dataset.kind, shown: root, query: "" });
    this.detail = box.nextElementSibling;
    this.hint = this.detail.textContent;
    this.boxes = new Map(); // node to its <g>
    box.addEventListener("keydown", (event) => this.key(event));
    this.draw();
  }

  width(node) {
    return this.kind === "difference" ? (node.base + node.head) / 2 : node[this.kind];
  }

  children(node) {
    const found = [...node.children.values()].filter((child) => this.width(child) > 0);
    return found.sort((a, b) => (a.name < b.name ? -1 : 1)); // the same order in every graph
  }

  // The zoomed node and its callers take the whole width; what it called shares it.
  draw(focus = this.shown) {
    const pixels = this.box.clientWidth || 1200;
    const scale = pixels / (this.width(this.shown) || 1);
    const callers = [];
    for (let node = this.shown; node; node = node.parent) callers.unshift(node);
    const svg = element("svg", { role: "presentation" });
    this.boxes.clear();
    callers.forEach((node, row) => this.one(svg, node, 0, row, pixels));
    let rows = callers.length;
    const below = (node, left, row) => {
      for (const child of this.children(node)) {
        const wide = this.width(child) * scale;
        if (wide >= LEAST) {
          this.one(svg, child, left, row, wide);
          rows = Math.max(rows, row + 1);
          below(child, left, row + 1);
        }
        left += wide;
      }
    };
    below(this.shown, 0, callers.length);
    svg.setAttribute("viewBox", `0 0 ${pixels} ${rows * ROW}`);
    svg.setAttribute("height", rows * ROW);
    this.box.replaceChildren(svg);
    this.reachable(focus);
    this.highlight();
  }

  one(svg, node, x, row, wide) {
    const g = element("g", {
      role: "treeitem", tabindex: -1, "aria-level": row + 1, "aria-label": this.words(node),
      "data-name": node.name,
    }, svg);
    element("title", {}, g).textContent = this.words(node);
    const place = { x: x.toFixed(2), y: row * ROW, width: wide.toFixed(2), height: ROW - 1, rx: 1 };
    if (this.kind === "difference") {
      element("rect", { ...place, style: "fill: var(--even)" }, g);
      const gain = node.head - node.base;
      if (Math.abs(gain) >= EVEN) {
        const strength = Math.min(1, 0.25 + 0.75 * Math.sqrt(Math.abs(gain) / 0.25));
        const sign = gain > 0 ? "gained" : "lost";
        element("rect", { ...place, class: sign, "fill-opacity": strength.toFixed(2) }, g);
      }
    } else {
      element("rect", { ...place, class: `group-${node.group}` }, g);
    }
    const letters = Math.floor((wide - 6) / LETTER);
    if (letters > 3) {
      const sign = this.kind === "difference" ? signed(node.head - node.base) + " " : "";
      const name = sign + node.name;
      element("text", { x: (x + 3).toFixed(2), y: row * ROW + 12.5 }, g).textContent =
        name.length <= letters ? name : name.slice(0, letters - 1) + "…";
    }
    g.addEventListener("click", () => this.zoom(node));
    g.addEventListener("mouseenter", () => this.say(node));
    g.addEventListener("focus", () => { this.reachable(node); this.say(node); });
    this.boxes.set(node, g);
  }

  // One frame of a graph takes part in the page's tab order: the last that was in focus.
  reachable(node) {
    this.boxes.get(this.current)?.setAttribute("tabindex", -1);
    this.current = this.boxes.has(node) ? node : this.shown;
    this.boxes.get(this.current).setAttribute("tabindex", 0);
  }

  words(node) {
    const { base, head, ownBase, ownHead } = node;
    const group = node.frame < 0 ? "" : ` [${page.groups[node.group]}]`;
    if (!page.two || this.kind !== "difference") {
      const [share, own] = this.kind === "head" ? [head, ownHead] : [base, ownBase];
      const total = this.view.totals[this.kind === "head" ? 1 : 0];
      const value = Math.round(share * total).toLocaleString("en");
      return `${node.name}${group}: ${percent(share)} (${value} ${this.view.unit}), own ${percent(own)}`;
    }
    return `${node.name}${group}: ${percent(base)} → ${percent(head)}, ${signed(head - base)} points; `
      + `own ${percent(ownBase)} → ${percent(ownHead)}, ${signed(ownHead - ownBase)} points`;
  }

  say(node) { this.detail.textContent = this.words(node); }

  zoom(node) {
    this.shown = node;
    const focused = this.box.contains(document.activeElement);
    this.draw(node);
    if (focused) this.boxes.get(node).focus();
    this.say(node);
  }

  key(event) {
    const at = this.current;
    const row = at.parent ? this.children(at.parent).filter((n) => this.boxes.has(n)) : [at];
    const next = {
      ArrowUp: () => at.parent,
      ArrowDown: () => this.children(at).filter((n) => this.boxes.has(n))
        .sort((a, b) => this.width(b) - this.width(a))[0],
      ArrowLeft: () => row[row.indexOf(at) - 1],
      ArrowRight: () => row[row.indexOf(at) + 1],
    }[event.key];
    if (next) {
      this.boxes.get(next())?.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      this.zoom(at);
    } else if (event.key === "Escape") {
      this.zoom(this.root);
      this.detail.textContent = this.hint;
    } else {
      return;
    }
    event.preventDefault();
  }

  highlight() {
    this.box.classList.toggle("searching", this.query !== "");
    for (const [node, g] of this.boxes) g.classList.toggle("hit", matches(node, this.query));
  }
}

const matches = (node, query) => query !== "" && node.name.toLowerCase().includes(query);

// The shares under the outermost frames that match: a frame within another counts once.
function matched(node, query) {
  if (matches(node, query)) return [node.base, node.head];
  const sum = [0, 0];
  for (const child of node.children.values()) {
    const [base, head] = matched(child, query);
    sum[0] += base;
    sum[1] += head;
  }
  return sum;
}

function found(view, root, query) {
  const [base, head] = matched(root, query);
  const both = `${percent(base)} → ${percent(head)}, ${signed(head - base)} points`;
  return `${view.tool}: ${page.two ? both : percent(base)}`;
}

const roots = page.views.map(tree);
const graphs = [...document.querySelectorAll(".graph")].map(
  (box) => new Graph(box, page.views[box.dataset.view], roots[box.dataset.view]),
);
const search = document.getElementById("search");
search.addEventListener("input", () => {
  const query = search.value.trim().toLowerCase();
  for (const graph of graphs) {
    graph.query = query;
    graph.highlight();
  }
  const said = page.views.map((view, index) => found(view, roots[index], query));
  document.getElementById("found").textContent = query ? said.join("; ") : "";
});
search.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  search.value = "";
  search.dispatchEvent(new Event("input"));
});
addEventListener("resize", () => graphs.forEach((graph) => graph.draw(graph.current)));
document.documentElement.dataset.drawn = graphs.length;
