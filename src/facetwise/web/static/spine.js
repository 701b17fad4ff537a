// The Spine screen: each click asks the server anew, and the address always says what is shown.
import { swap } from "/static/fragment.js";

const picker = document.getElementById("picker");
const words = document.getElementById("words");
const answer = document.getElementById("answer");
const now = document.getElementById("now");
const live = document.getElementById("live");
const WHO_PAYS = ["payer", "place", "claim"];
const SETTINGS = ["date", "payer", "place", "claim", "state"];
document.documentElement.classList.add("scripted");

/** What the form says, blanks left out; whose lines are explained stays as the address has it. */
function said() {
  const kept = new URLSearchParams();
  for (const [name, value] of new FormData(picker)) if (value && name !== "view") kept.append(name, value);
  const ruleset = new URLSearchParams(location.search).get("ruleset");
  if (ruleset) kept.set("ruleset", ruleset);
  return kept;
}

async function show(params, push = false) {
  const address = params.size ? `/?${params}` : "/";
  history[push ? "pushState" : "replaceState"](null, "", address);
  if (await swap(answer, address)) light();
}

/** Marks on the drawing as the answer has them. */
function light() {
  const told = answer.firstElementChild?.dataset ?? {};
  const set = (text) => new Set((text ?? "").split("|").filter(Boolean));
  const [lit, lone, unsided] = [set(told.lit), set(told.lone), set(told.unsided)];
  for (const spot of picker.querySelectorAll("[data-spot]")) {
    const name = spot.dataset.spot;
    spot.classList.toggle("lit", lit.has(name) || (name.startsWith("SI") && Boolean(spot.querySelector(":checked"))));
    spot.classList.toggle("lone", lone.has(name));
  }
  for (const row of picker.querySelectorAll("[data-level]")) {
    row.classList.toggle("unsided", unsided.has(row.dataset.level));
  }
  for (const thread of picker.querySelectorAll(".thread")) {
    thread.classList.toggle("on", Boolean(box("nerve", thread.dataset.spot)?.checked));
  }
  for (const button of picker.querySelectorAll(".both")) {
    button.setAttribute("aria-pressed", String(sides(button).every((one) => one.checked)));
  }
  for (const extra of answer.querySelectorAll("[data-link], [data-print]")) extra.hidden = false;
  const link = answer.querySelector("[data-link]");
  if (link) link.href = location.href;
  for (const hidden of words.querySelectorAll("[type=hidden]")) hidden.remove();
  now.textContent = told.now ?? "";
  now.hidden = !told.now;
  const summary = told.summary ?? answer.textContent.trim();
  if (live.textContent !== summary) live.textContent = summary;
}

const box = (name, value) => picker.querySelector(`input[name="${name}"][value="${value}"]`);
const sides = (button) => ["left", "right"].map((side) => box("joint", `${button.value}:${side}`));

/** The controls as an address has them. */
function fill(params) {
  for (const control of picker.elements) {
    if (control.type === "checkbox") control.checked = params.getAll(control.name).includes(control.value);
    else if (control.name && !["radio", "submit", "fieldset", "button"].includes(control.type)) {
      control.value = params.get(control.name) ?? "";
    }
  }
  if (!params.get("words")) forget();
}

/** Words give way to what is picked. */
function forget() {
  picker.querySelector("input[type=hidden][name=words]")?.remove();
  words.elements.words.value = "";
}

picker.addEventListener("change", ({ target }) => {
  if (target.name === "view") return enter();
  if (!SETTINGS.includes(target.name)) forget();
  const params = said();
  if (WHO_PAYS.includes(target.name)) params.delete("ruleset");
  show(params);
});

picker.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (button?.classList.contains("both")) {
    const both = sides(button);
    const on = !both.every((one) => one.checked);
    for (const one of both) one.checked = on;
    forget();
  }
  show(said());
});

words.addEventListener("submit", (event) => {
  event.preventDefault();
  const params = new URLSearchParams();
  const text = words.elements.words.value.trim();
  if (text) params.set("words", text);
  for (const [name, value] of said()) if (SETTINGS.includes(name)) params.set(name, value);
  location.assign(`/?${params}`);
});

document.addEventListener("click", (event) => {
  const at = event.target.closest("a, button");
  if (!at || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  if ("go" in at.dataset) {
    event.preventDefault();
    const { searchParams } = new URL(at.href);
    fill(searchParams);
    show(searchParams, true);
  } else if ("to" in at.dataset) {
    event.preventDefault();
    point(at.dataset.to);
  } else if ("copy" in at.dataset || "link" in at.dataset) {
    event.preventDefault();
    copy(at);
  } else if ("print" in at.dataset) {
    window.print();
  }
});

/** Lead to the control that answers a question. */
function point(name) {
  const control = name === "words" ? words.elements.words : name === "spine" ? stops()[0] : picker.elements[name];
  control?.focus();
  control?.scrollIntoView({ block: "center" });
}

async function copy(link) {
  const text = "link" in link.dataset
    ? Promise.resolve(link.href)
    : fetch(link.href).then((told) => (told.ok ? told.text() : Promise.reject(new Error(told.statusText))));
  const name = link.textContent;
  try {
    const blob = text.then((told) => new Blob([told], { type: "text/plain" }));
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    link.textContent = "copied";
    link.classList.add("done");
    live.textContent = `Copied as ${name}.`;
    setTimeout(() => {
      link.textContent = name;
      link.classList.remove("done");
    }, 1600);
  } catch {
    window.open(link.href); // the browser gives no clipboard: the file itself
  }
}

window.addEventListener("popstate", () => {
  const params = new URLSearchParams(location.search);
  if (params.get("words")) return location.reload();
  fill(params);
  swap(answer, location.pathname + location.search).then(light);
});

// By keyboard: one stop for the drawing, arrows from joint to joint and nerve to nerve.

const stops = () => [...picker.querySelectorAll(".piece :is(input, button)")].filter((one) => one.getClientRects().length);

function enter() {
  const open = stops();
  const stop = open.find((one) => one.checked) ?? open[0];
  for (const one of open) one.tabIndex = one === stop ? 0 : -1;
}

const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

picker.addEventListener("keydown", (event) => {
  const way = ARROWS[event.key];
  const from = event.target;
  if (!way || !from.closest(".piece")) return;
  event.preventDefault();
  const [x, y] = middle(from);
  let [best, least] = [null, Infinity];
  for (const one of stops()) {
    const [dx, dy] = middle(one).map((value, at) => value - [x, y][at]);
    const along = dx * way[0] + dy * way[1];
    const aside = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
    const far = along + 3 * aside;
    if (one !== from && along > 4 && far < least) [best, least] = [one, far];
  }
  if (!best) return;
  from.tabIndex = -1;
  best.tabIndex = 0;
  best.focus();
});

function middle(one) {
  const { x, y, width, height } = one.getBoundingClientRect();
  return [x + width / 2, y + height / 2];
}

picker.addEventListener("focusin", ({ target }) => {
  if (!target.closest(".piece")) return;
  for (const one of stops()) one.tabIndex = one === target ? 0 : -1;
});

enter();
light();
