// Asks the desk's own server; a fault comes as an error whose message is fit to be shown.
import { find } from "./dom.js";

const BASE = "/desk/api/";
const TOKEN = "desk.token";

export class Fault extends Error {}

async function ask(path, options = {}) {
  const token = sessionStorage.getItem(TOKEN);
  const headers = { ...options.headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  let answer;
  try {
    answer = await fetch(BASE + path, { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Fault("The desk does not answer. Is it still running? What you typed is kept in this browser.");
  }
  if (answer.status === 401) {
    await askForToken();
    return ask(path, options);
  }
  if (answer.ok) return answer;
  let told = {};
  try { told = await answer.json(); } catch { /* something before the desk answered, in a form of its own */ }
  throw new Fault(told.detail && typeof told.detail === "string" ? told.detail : `The desk refused (${answer.status}).`);
}

function askForToken() {
  const dialog = find("token");
  find("token-field").value = "";
  dialog.showModal();
  return new Promise((resolve, reject) => {
    dialog.addEventListener("close", () => {
      const token = find("token-field").value;
      if (!token) return reject(new Fault("The desk asks for a token."));
      sessionStorage.setItem(TOKEN, token);
      resolve();
    }, { once: true });
  });
}

export const get = async (path) => (await ask(path)).json();

export async function post(path, value, signal) {
  const headers = { "Content-Type": "application/json" };
  return (await ask(path, { method: "POST", headers, body: JSON.stringify(value), signal })).json();
}

export async function send(path, file, signal) {
  const headers = { "Content-Type": "application/octet-stream" };
  return (await ask(path, { method: "POST", headers, body: file, signal })).json();
}

// Saves what the server sends as a file; a plain link could not carry the token.
export async function save(path, name) {
  const address = URL.createObjectURL(await (await ask(path)).blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
