// Add files by dropping them: what was sent is shown as it goes, then each line as it is told.
// XMLHttpRequest, because fetch does not tell how much of a body was sent.
import { swap, told } from "./fragment.js";

const form = document.getElementById("add-form");
const drop = document.getElementById("drop");
const files = document.getElementById("files");
const said = document.getElementById("said");
const step = document.getElementById("step");
const sent = document.getElementById("sent");
const stop = document.getElementById("stop");
const add = form.querySelector("button:not([type])");

const lines = (text) =>
  [...new DOMParser().parseFromString(text, "text/html").querySelectorAll("li")];

function working(on) {
  add.disabled = on;
  stop.hidden = !on;
  sent.hidden = !on;
  if (!on) step.textContent = "";
}

function ended(request) {
  working(false);
  if (request.getResponseHeader("content-type")?.startsWith("text/html")) {
    const all = lines(request.responseText);
    const whole = all.at(-1)?.matches(".done, .failed");
    said.replaceChildren(...all, ...(whole ? [] : [row("The server ended before it was done.")]));
    if (all.at(-1)?.matches(".done")) form.reset();
  } else {
    const item = row("");
    item.append(told(request.responseText));
    said.replaceChildren(item);
  }
  swap(document.getElementById("held"), "/data");
}

function row(text) {
  const item = document.createElement("li");
  item.className = "failed";
  item.textContent = text;
  return item;
}

// The server would stop reading and close: the browser could not tell why.
function tooLarge() {
  const most = Number(form.dataset.largest) - (1 << 16);
  const bytes = [...files.files].reduce((sum, file) => sum + file.size, 0);
  if (bytes <= most) return false;
  const megabytes = Math.floor(most / (1 << 20)).toLocaleString();
  said.replaceChildren(row(
    `Together these files are larger than ${megabytes} MB. Add fewer at a time, or use facetwise tables add.`,
  ));
  return true;
}

function send() {
  if (tooLarge()) return;
  const request = new XMLHttpRequest();
  request.open("POST", "/data/add");
  request.setRequestHeader("x-fragment", "1");
  request.setRequestHeader("accept", "text/html, application/problem+json");
  request.upload.onprogress = (event) => {
    if (!event.lengthComputable) return;
    sent.value = event.loaded / event.total;
    step.textContent = `Sent ${Math.floor(100 * sent.value)} percent`;
  };
  request.upload.onload = () => {
    sent.removeAttribute("value");
    step.textContent = "Checking and storing. Large files take a minute.";
  };
  request.onprogress = () => said.replaceChildren(...lines(request.responseText));
  request.onload = () => ended(request);
  request.onerror = () => {
    working(false);
    said.replaceChildren(row("The server does not answer. Is it still running?"));
  };
  request.onabort = () => {
    working(false);
    said.replaceChildren(row("Stopped; nothing was added."));
  };
  stop.onclick = () => request.abort();
  said.replaceChildren();
  working(true);
  request.send(new FormData(form));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
for (const name of ["dragleave", "drop"]) {
  drop.addEventListener(name, () => drop.classList.remove("over"));
}
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length === 0) return;
  files.files = event.dataTransfer.files;
  form.requestSubmit();
});
