// Results while typing, and the page of another date as soon as it is chosen.
import { swap } from "./fragment.js";

const PAUSE = 140;
const found = document.getElementById("found");
const form = document.getElementById("search");
const day = document.querySelector(".when input[type=date]");

if (found && form) {
  let waiting = 0;
  const ask = async () => {
    const address = `/codes?${new URLSearchParams(new FormData(form))}`;
    if (await swap(found, address)) history.replaceState(null, "", address);
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
}

// A date typed digit by digit is complete many times before it is meant: wait until it is left.
if (day) {
  const shown = day.value;
  day.addEventListener("blur", () => {
    if (day.value && day.value !== shown) day.form.requestSubmit();
  });
}
