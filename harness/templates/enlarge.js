// Every chart can be seen as large as the window: a button beside its title, closed by Escape or a click.

const large = document.createElement("dialog");
large.className = "large";
large.addEventListener("click", () => large.close());
document.body.append(large);

function enlarge(panel, title) {
  const drawing = panel.querySelector("svg").cloneNode(true);
  const { width, height } = drawing.viewBox.baseVal;
  const scale = Math.min((innerWidth - 64) / width, (innerHeight - 120) / height);
  drawing.setAttribute("width", width * scale);
  drawing.setAttribute("height", height * scale);
  const heading = document.createElement("h2");
  heading.textContent = title;
  const close = document.createElement("button");
  close.textContent = "Close";
  large.setAttribute("aria-label", title);
  large.replaceChildren(heading, close, drawing);
  large.showModal();
}

for (const panel of document.querySelectorAll(".panel")) {
  const heading = panel.firstElementChild;
  const button = document.createElement("button");
  button.className = "enlarge";
  button.textContent = "⤢";
  button.title = "Enlarge";
  button.setAttribute("aria-label", `Enlarge ${heading.textContent}`);
  button.addEventListener("click", () => enlarge(panel, heading.textContent));
  heading.after(button);
}
