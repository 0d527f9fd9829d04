// The first view: an article to paste, drop or pick, and the records to choose from.
import { get, post, send } from "./api.js";
import { complain, count, find, make, say, show, titleOf } from "./dom.js";
import { showProgress, stop, work } from "./work.js";

const PAGE = 25;
let list = { start: 0, only: "all", find: "" };
const PASTE = "desk.paste";

export function openHome(about, open) {
  show("home");
  document.title = "Editor’s desk";
  prepareIntake(about, open);
  if (about.run) prepareList();
  else renderRecent(about.recent);
}

function prepareIntake(about, open) {
  const card = document.querySelector(".intake");
  if (!about.reads) { card.remove(); document.querySelector(".home").classList.add("alone"); return; }
  find("file").accept = about.endings.flatMap((ending) => [ending, `${ending}.gz`]).join(",");
  if (matchMedia("(pointer: coarse)").matches) find("text").placeholder = "Paste the story"; // nothing is dropped on a phone
  const size = Math.floor(about.most_bytes / 1048576);
  find("endings").textContent = `Reads ${about.endings.join(" ")}, also as .gz; at most ${size} MB and ${about.most_articles} articles.`;
  find("intake").addEventListener("submit", (event) => {
    event.preventDefault();
    if (!find("text").value.trim()) {
      complain("intake-problem", "There is no story yet. Paste one, or choose a file.");
      return find("text").focus();
    }
    const paste = { title: find("title").value, text: find("text").value };
    const read = (answer) => { if (answer.records.length) sessionStorage.removeItem(PASTE); taken(answer, open, about); };
    work(paste.title ? `“${paste.title}”` : "your story", (signal) => post("articles", paste, signal), read);
  });
  find("file").addEventListener("change", () => takeFile(find("file").files[0], open, about));
  find("stop").addEventListener("click", stop);
  keepPaste();
  showProgress();
}

// Keeps a story that is not read yet through a reload and a desk that does not answer.
function keepPaste() {
  const fields = [find("title"), find("text")];
  const kept = JSON.parse(sessionStorage.getItem(PASTE) ?? "[]");
  fields.forEach((field, place) => { field.value = kept[place] ?? ""; });
  const keep = () => {
    try { sessionStorage.setItem(PASTE, JSON.stringify(fields.map(({ value }) => value))); } catch { /* too long to be kept: only the safety net is lost */ }
  };
  for (const field of fields) field.addEventListener("input", keep);
}

export function takeFile(file, open, about) {
  if (!file || !find("intake")) return;
  if (file.size > about.most_bytes) {
    return complain("intake-problem", `${file.name}: ${Math.ceil(file.size / 1048576)} MB, more than the desk takes. Make a run of it.`);
  }
  const path = `articles?${new URLSearchParams({ name: file.name })}`;
  work(file.name, (signal) => send(path, file, signal), (answer) => taken(answer, open, about));
}

function taken({ records, failures }, open, about) {
  const told = failures.map(({ where, what, mend }) => `${where}: ${what}.${mend ? ` ${mend}` : ""}`);
  about.recent = [...records.map(summary), ...about.recent.filter(({ key }) => !records.some((other) => other.key === key))];
  if (!find("intake")) {
    const ready = records.length ? `The brief of ${records.map(({ article }) => `“${titleOf(article)}”`).join(", ")} is ready.` : told.join(" ");
    return say(ready, records.length === 1 ? `#/record/${records[0].key}` : "#/");
  }
  if (records.length === 1 && !failures.length) return open(records[0]);
  complain("intake-problem", told.join("\n"));
  if (records.length) {
    renderRecent(about.recent);
    say(`${count(records.length, "article")} read; choose one from the list.`);
    find("rows").querySelector("a").focus();
  }
}

const summary = ({ key, article, record }) => ({ key, article: article.id, title: titleOf(article, record.brief), needs_review: record.needs_review });

function renderRecent(recent) {
  find("list-title").textContent = "Opened lately";
  find("list-form").hidden = true;
  find("pager").hidden = true;
  find("list-count").textContent = recent.length ? "not signed yet" : "";
  find("rows").replaceChildren(...recent.map((one) => row(`#/record/${one.key}`, { ...one, id: one.article })));
  if (!recent.length) {
    find("rows").append(make("li", { class: "empty soft", text: "Nothing is waiting. What you read and have not signed yet stays here." }));
  }
}

function row(href, { id, title, needs_review, signed }) {
  const marks = make("span", { class: "marks" });
  if (signed) marks.append(make("span", { class: "chip done", text: `signed by ${signed}` }));
  else if (needs_review) marks.append(make("span", { class: "chip ask", text: "for review" }));
  return make("li", {}, make("a", { href }, make("span", { class: "title", dir: "auto", text: title || id }), make("span", { class: "soft small", text: title ? id : "" }), marks));
}

function prepareList() {
  find("find").value = list.find;
  document.querySelector(`#list-form input[value=${list.only}]`).checked = true;
  let waiting;
  const again = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (!find("find")) return;
      list = { start: 0, find: find("find").value, only: document.querySelector("#list-form input:checked").value };
      loadList();
    }, 200);
  };
  find("list-form").addEventListener("input", again);
  find("list-form").addEventListener("submit", (event) => event.preventDefault());
  find("back").addEventListener("click", () => { list.start = Math.max(0, list.start - PAGE); loadList(); });
  find("on").addEventListener("click", () => { list.start += PAGE; loadList(); });
  loadList();
}

async function loadList() {
  const asked = { ...list };
  try {
    const got = await get(`run?${new URLSearchParams({ start: list.start, count: PAGE, find: list.find, only: list.only })}`);
    const isStale = asked.start !== list.start || asked.find !== list.find || asked.only !== list.only;
    if (find("rows") && !isStale) renderList(got);
  } catch (error) {
    if (find("rows")) find("rows").replaceChildren(make("li", { class: "empty problem", text: error.message }));
  }
}

function renderList({ count: all, signed, fitting, rows }) {
  find("list-count").textContent = `${signed.toLocaleString("en-GB")} of ${all.toLocaleString("en-GB")} signed off`;
  find("rows").replaceChildren(...rows.map((one) => row(`#/run/${one.number}`, one)));
  if (!rows.length) find("rows").append(make("li", { class: "empty soft", text: "No record fits." }));
  find("pager").hidden = fitting <= PAGE;
  find("where").textContent = `${list.start + 1} to ${list.start + rows.length} of ${fitting.toLocaleString("en-GB")}`;
  find("back").disabled = list.start === 0;
  find("on").disabled = list.start + rows.length >= fitting;
}
