// Ask the server for a part of the page, and put it in place of the part that stands there.
// Everything also works without this: forms and links lead to whole pages.

const asked = new WeakMap();

/**
 * @param {Element} target what is replaced (its children)
 * @param {string} address same-origin path with query
 * @param {RequestInit} [options] method and body of a form
 * @returns {Promise<boolean>} whether this answer was shown; a later question takes its place
 */
export async function swap(target, address, options = {}) {
  asked.get(target)?.abort();
  const question = new AbortController();
  asked.set(target, question);
  target.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, {
      ...options,
      headers: { "x-fragment": "1", accept: "text/html, application/problem+json", ...options.headers },
      signal: question.signal,
    });
    const text = await answer.text();
    if (question.signal.aborted) return false;
    if (answer.headers.get("content-type")?.startsWith("text/html")) {
      const parsed = new DOMParser().parseFromString(text, "text/html");
      target.replaceChildren(...parsed.body.childNodes);
    } else {
      target.replaceChildren(told(text));
    }
    return true;
  } catch (error) {
    if (error.name === "AbortError") return false;
    target.replaceChildren(note("The server does not answer.", "Is `facetwise serve` still running?"));
    return true;
  } finally {
    if (asked.get(target) === question) target.removeAttribute("aria-busy");
  }
}

/** A problem+json answer as people read it. */
export function told(text) {
  try {
    const problem = JSON.parse(text);
    const [fault] = problem.faults ?? [];
    return note(problem.title, fault ? `${fault.message === problem.title ? "" : fault.message} ${fault.todo}` : "");
  } catch {
    return note("The server gave no readable answer.", "");
  }
}

function note(title, rest) {
  const box = document.createElement("p");
  box.className = "told fail";
  box.setAttribute("role", "alert");
  const strong = document.createElement("strong");
  strong.textContent = title;
  box.append(strong, ` ${rest}`.trimEnd());
  return box;
}
