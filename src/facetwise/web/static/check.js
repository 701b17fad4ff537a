// Send a file with progress, follow a long check, and filter without loading the page anew.
import { swap, told } from "./fragment.js";

const PAUSE = 250;
const POLL = 800;
const at = (id) => document.getElementById(id);

const send = at("send");
if (send) {
  const file = at("file");
  const drop = at("drop");
  const words = at("drop-words");
  let request = null;

  const named = () => {
    const [chosen] = file.files;
    words.textContent = chosen ? `${chosen.name}, ${size(chosen.size)}` : "or drop it here";
    drop.classList.toggle("chosen", Boolean(chosen));
  };
  named();
  file.addEventListener("change", named);
  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) drop.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    file.files = event.dataTransfer.files;
    named();
    send.querySelector("button").focus();
  });

  const busy = (is) => {
    send.hidden = is;
    at("sending").hidden = !is;
    (is ? at("stop") : send.querySelector("button")).focus();
  };
  const wrong = (node) => {
    at("wrong").replaceChildren(node);
    node.scrollIntoView({ block: "nearest" });
  };
  send.addEventListener("submit", (event) => {
    event.preventDefault();
    const [chosen] = file.files;
    const query = new URLSearchParams({ as_of: at("as_of").value, claim_type: at("claim_type").value });
    request = new XMLHttpRequest();
    request.open("POST", `/check?${query}`);
    request.setRequestHeader("x-fragment", "1");
    request.setRequestHeader("accept", "application/problem+json");
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("x-file-name", encodeURIComponent(chosen ? chosen.name : "pasted"));
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      at("sent").value = total ? loaded / total : 0;
      at("sending-words").textContent = loaded < total ? "Sending the file." : "Checking.";
    });
    request.addEventListener("load", () => {
      const to = request.getResponseHeader("location");
      if (request.status === 201 && to) {
        location.assign(to);
        return;
      }
      busy(false);
      wrong(told(request.responseText));
    });
    request.addEventListener("error", () => {
      busy(false);
      wrong(told('{"title": "The file was not taken.", "faults": [{"message": "The server ended the connection.", "todo": "Is it running, and is the file smaller than its limit?"}]}'));
    });
    request.addEventListener("abort", () => busy(false));
    at("wrong").replaceChildren();
    at("sending-words").textContent = "Sending.";
    busy(true);
    request.send(chosen ?? at("text").value);
  });
  at("stop").addEventListener("click", () => request?.abort());
  window.addEventListener("pageshow", () => {
    if (!at("sending").hidden) busy(false);
  });
}

const progress = at("progress");
if (progress?.dataset.of) follow(progress);

async function follow(shown) {
  for (;;) {
    await new Promise((done) => setTimeout(done, document.hidden ? 4 * POLL : POLL));
    let answer;
    try {
      answer = await fetch(shown.dataset.of, { headers: { "x-fragment": "1", accept: "text/html" } });
    } catch {
      shown.replaceChildren(told('{"title": "The server does not answer.", "faults": [{"message": "", "todo": "Is it still running?"}]}'));
      continue;
    }
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    const state = parsed.querySelector("[role=status]")?.textContent;
    if (!answer.ok || !parsed.querySelector("progress")) {
      location.reload();
      return;
    }
    // What is said aloud stays as it is until it changes.
    const said = shown.querySelector("[role=status]");
    if (said && said.textContent === state) parsed.querySelector("[role=status]").replaceWith(said);
    shown.replaceChildren(...parsed.body.childNodes);
  }
}

const filters = at("filters");
if (filters) {
  let waiting = 0;
  const ask = async () => {
    const chosen = new FormData(filters);
    const address = new URL(filters.action).pathname;
    if (!(await swap(at("shown"), address, { method: "POST", body: chosen }))) return;
    const kept = new URLSearchParams();
    for (const name of ["verdict", "rule"]) if (chosen.get(name)) kept.set(name, chosen.get(name));
    history.replaceState(null, "", kept.size ? `${address}?${kept}` : address);
  };
  filters.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
  filters.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    ask();
  });
}

function size(bytes) {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3)).toLocaleString("en")} kB`;
  return `${(bytes / 1e6).toLocaleString("en", { maximumFractionDigits: 1 })} MB`;
}
