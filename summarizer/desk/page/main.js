// Opens the desk and shows what the address names: #/ the articles, #/run/3 or #/record/KEY one of them, #/signed exports.
import { get } from "./api.js";
import { find, make } from "./dom.js";
import { openHome, takeFile } from "./home.js";
import { prepareKeys } from "./keys.js";
import { openSigned } from "./signed.js";
import { closeStory, openStory } from "./story.js";

let about = null;
let opened = null; // a record that came with the answer and need not be asked for again
let turn = 0;

async function route() {
  const mine = ++turn;
  const [view, name] = location.hash.replace(/^#\/?/, "").split("/");
  closeStory();
  for (const [id, own] of [["nav-articles", ""], ["nav-signed", "signed"]]) {
    if (view === own) find(id).setAttribute("aria-current", "page");
    else find(id).removeAttribute("aria-current");
  }
  try {
    if (view === "run" || view === "record") {
      const path = view === "run" ? `run/${encodeURIComponent(name)}` : `records/${encodeURIComponent(name)}`;
      const data = opened?.key === name ? opened : await get(path);
      opened = null;
      if (mine === turn) openStory(data, about);
    } else if (view === "signed") {
      await openSigned();
      scrollTo(0, 0);
    }
    else {
      if (!about.run) about = await get("about"); // what was signed meanwhile is not waiting any more
      if (mine === turn) openHome(about, openRecord);
    }
  } catch (error) {
    if (mine === turn) showProblem(error.message, route);
  }
}

function openRecord(data) {
  opened = data;
  location.hash = `#/record/${data.key}`;
}

function showProblem(text, again) {
  find("main").replaceChildren(make("div", { class: "narrow" }, make("p", { class: "problem", role: "alert", text }),
    make("p", { class: "again" }, make("button", { type: "button", class: "primary", text: "Try again", onclick: again }))));
}

function prepareDrop() {
  const isFile = (event) => about?.reads && event.dataTransfer?.types.includes("Files");
  let depth = 0;
  const mark = (by) => { depth = Math.max(0, depth + by); document.body.classList.toggle("dropping", depth > 0); };
  addEventListener("dragenter", (event) => { if (isFile(event)) mark(1); });
  addEventListener("dragleave", (event) => { if (isFile(event)) mark(-1); });
  addEventListener("dragover", (event) => { if (isFile(event)) event.preventDefault(); });
  addEventListener("drop", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    mark(-depth);
    const file = event.dataTransfer.files[0];
    if (!find("intake")) {
      history.replaceState(null, "", "#/");
      closeStory(); // its corrections are kept
      openHome(about, openRecord);
    }
    takeFile(file, openRecord, about);
  });
}

async function start() {
  prepareKeys();
  prepareDrop();
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    find("main").focus();
  });
  await begin();
}

async function begin() {
  try {
    about = await get("about");
  } catch (error) {
    return showProblem(error.message, begin);
  }
  if (!about.run && !about.reads) return showProblem("This desk has neither a run nor models.", begin);
  addEventListener("hashchange", async () => {
    await route();
    if (document.activeElement === document.body) find("main").focus({ preventScroll: true }); // where a screen reader goes on
  });
  await route();
}

start();
