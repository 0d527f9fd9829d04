// Makes elements. Text is only ever set as text: nothing here, or anywhere on the page, reads markup.

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") element.className = value;
    else if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const find = (id) => document.getElementById(id);

export function show(view) {
  const content = find(`${view}-view`).content.cloneNode(true);
  find("main").replaceChildren(content);
}

const OPENING = 80;
let fading;

// Says something to people who look and to those who listen.
// `href` leads to what it speaks of.
export function say(text, href) {
  const status = find("status");
  status.replaceChildren(text, ...(href ? [" ", make("a", { href, text: "Open" })] : []));
  clearTimeout(fading);
  fading = setTimeout(() => { status.textContent = ""; }, href ? 20000 : 8000);
}

export function complain(id, text) {
  const place = find(id);
  place.textContent = text;
  place.hidden = !text;
  if (text) find("status").replaceChildren(); // which might lie over it
}

// What to call an article: its opening stands for a headline that it does not have.
export function titleOf({ id, title, text }, brief) {
  const opening = (text ?? brief?.text ?? "").trim();
  return title || (opening.length > OPENING ? `${opening.slice(0, OPENING).replace(/\s+\S*$/, "")} …` : opening) || id;
}

export const words = (text) => (text.match(/\S+/g) ?? []).length;

export const count = (number, one, many = `${one}s`) => `${number.toLocaleString("en-GB")} ${number === 1 ? one : many}`;

export const percent = (probability) => `${Math.round(probability * 100)} %`;

export function moment(at) {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}
