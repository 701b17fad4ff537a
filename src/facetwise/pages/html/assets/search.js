// Search without a server: every word of the query must begin a word of the entry.
// A plain script and not a module: browsers do not load modules from file addresses.
"use strict";
(() => {
  const SHOWN = 40;
  const WEIGHT = { exact: 100, title: 10, text: 1 };
  const KIND = { code: 30, rule: 8, part: 0 };
  const field = document.getElementById("search-field");
  const list = document.getElementById("results");
  const count = document.getElementById("count");
  const split = (text) => text.toLowerCase().split(/[^a-z0-9.$]+/).filter(Boolean);

  const entries = globalThis.facetwiseIndex.map(([kind, title, text, address]) => ({
    kind, title, text, address, inTitle: split(title), inText: split(text),
  }));

  const begins = (words, asked) => words.some((word) => word.startsWith(asked));

  function score(entry, asked) {
    let sum = entry.title.toLowerCase() === asked.join(" ") ? WEIGHT.exact : 0;
    for (const word of asked) {
      if (begins(entry.inTitle, word)) sum += WEIGHT.title;
      else if (begins(entry.inText, word)) sum += WEIGHT.text;
      else return 0;
    }
    return sum + (KIND[entry.kind] ?? 4);
  }

  function element(name, words, attributes = {}) {
    const made = Object.assign(document.createElement(name), attributes);
    made.textContent = words;
    return made;
  }

  function row(entry) {
    const item = document.createElement("li");
    const badge = element("b", entry.kind, { className: "badge" });
    item.append(element("a", entry.title, { href: entry.address }), " ", badge);
    item.append(element("span", entry.text.slice(0, 180), { className: "note" }));
    return item;
  }

  function search() {
    const asked = split(field.value);
    const found = asked.length === 0 ? [] : entries
      .map((entry, at) => ({ entry, at, score: score(entry, asked) }))
      .filter((hit) => hit.score > 0)
      .sort((one, two) => two.score - one.score || one.at - two.at);
    list.replaceChildren(...found.slice(0, SHOWN).map((hit) => row(hit.entry)));
    const more = found.length > SHOWN ? `, the first ${SHOWN} shown` : "";
    count.textContent = asked.length === 0 ? "" : `${found.length} found${more}`;
  }

  field.value = new URLSearchParams(location.search).get("q") ?? "";
  field.addEventListener("input", search);
  search();
})();
