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

let fading;

// Says something to people who look and to those who listen.
export function say(text) {
  const status = find("status");
  status.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => { status.textContent = ""; }, 8000);
}

export function complain(id, text) {
  const place = find(id);
  place.textContent = text;
  place.hidden = !text;
}

export const words = (text) => (text.match(/\S+/g) ?? []).length;

export const count = (number, one, many = `${one}s`) => `${number.toLocaleString("en-GB")} ${number === 1 ? one : many}`;

export const percent = (probability) => `${Math.round(probability * 100)} %`;

export function moment(at) {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}
