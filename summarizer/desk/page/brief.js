// The brief: each sentence with where it comes from in words, and the tools to correct it.
import { complain, count, find, make, percent, say, words } from "./dom.js";
import { realign } from "./draft.js";
import { ownWords } from "./words.js";

const WORDS = {
  verbatim: "The source’s own words",
  generated: "Rewritten by the model, passed the check",
  flagged: "The source does not bear this out",
  replaced: "The source’s own words, in place of the model’s sentence",
  corrected: "Corrected by you",
  added: "Written by you; no evidence is linked",
};

export function briefText(draft) {
  return draft.sentences.map(({ text }) => text).join(" ");
}

export function renderBrief(story) {
  const { data, draft } = story;
  const before = data.record.brief?.sentences ?? [];
  const text = briefText(draft);
  find("brief-words").textContent = text ? lengths(data, text) : "";
  const doubtful = draft.sentences.filter((sentence) => ["flagged", "replaced"].includes(stateOf(before, sentence))).length;
  find("brief-check").textContent = `${doubtful} to check`;
  find("brief-check").hidden = !doubtful;
  find("sentences").replaceChildren(...draft.sentences.map((sentence, place) => row(story, before, sentence, place)));
  if (!draft.sentences.length) {
    const none = data.record.brief ? "The brief is empty." : "This run writes no briefs; you can write one.";
    find("sentences").append(make("li", { class: "empty soft", text: none }));
  }
  find("taken-out").replaceChildren(...removed(story, before), ...dropped(data));
}

function lengths(data, text) {
  const source = data.article.text;
  return source === null ? count(words(text), "word") : `${count(words(text), "word")} from ${words(source)}`;
}

function stateOf(before, { text, of }) {
  if (of === null) return "added";
  if (before[of].text !== text) return "corrected";
  const { origin, unsupported } = before[of];
  return origin === "generated" && unsupported?.length ? "flagged" : origin;
}

function row(story, before, sentence, place) {
  const state = stateOf(before, sentence);
  const own = sentence.of === null ? null : before[sentence.of];
  const name = own ? `s${sentence.of}` : `new${place}`;
  const line = make("div", { class: "line" });
  const item = make("li", { class: `sentence ${state}`, id: `sentence-${name}`, "data-for": name }, line);
  line.append(
    make("span", { class: "number", "aria-hidden": "true", text: String(own ? sentence.of + 1 : "+") }),
    make("a", { class: "said", href: `#evidence-${name}`, dir: "auto", "aria-describedby": `why-${place}` }, ...said(sentence, own)),
  );
  item.append(make("div", { class: "below" }, tools(story, item, sentence, place, own, state), why(state, sentence, own, place)));
  return item;
}

// Cuts a sentence so that the words that its evidence does not have can be told from the others.
function said({ text }, own) {
  if (!own?.evidence?.length || own.origin !== "generated") return [text];
  return ownWords(text, own.evidence).map(({ piece, isOwn }) => (isOwn ? make("span", { class: "own", text: piece }) : piece));
}

function why(state, sentence, own, place) {
  const told = make("div", { class: "why", id: `why-${place}` }, make("span", { class: "origin", text: WORDS[state] }));
  if (state === "generated" && own.support) told.append(make("span", { class: "soft", text: ` · support ${percent(own.support)}` }));
  if (state === "generated" || state === "flagged") told.append(...notInEvidence(sentence, own));
  if (state === "flagged") told.append(reasons(own.unsupported));
  if (state === "replaced") told.append(draftOf(own));
  if (state === "corrected") told.append(make("p", { class: "was" }, "Before: ", make("del", { dir: "auto", text: own.text })));
  return told;
}

function notInEvidence({ text }, own) {
  const words = own.evidence?.length ? ownWords(text, own.evidence).filter(({ isOwn }) => isOwn).map(({ piece }) => piece) : [];
  return words.length ? [make("p", { class: "soft", text: `Not in its passage: ${[...new Set(words)].join(", ")}` })] : [];
}

const reasons = (texts) => make("ul", { class: "reasons" }, ...texts.map((text) => make("li", { text })));

function draftOf(own) {
  const told = make("p", { class: "was" }, "The model had written: ", make("del", { dir: "auto", text: own.replaces ?? "" }));
  return own.unsupported?.length ? make("div", {}, told, reasons(own.unsupported)) : told;
}

function tools(story, item, sentence, place, own, state) {
  const bar = make("div", { class: "tools" });
  const tool = (text, act) => {
    const label = `${text} sentence ${place + 1}`;
    bar.append(make("button", { type: "button", class: "quiet small", text, "aria-label": label, "data-act": text, onclick: act }));
  };
  tool("Correct", () => edit(story, item, sentence, place));
  if (state === "corrected") tool("Restore", () => change(story, place, { text: own.text, of: sentence.of }, "Restored"));
  tool("Remove", () => change(story, place, null, "Removed"));
  return bar;
}

function change(story, place, sentence, told) {
  story.draft.sentences.splice(place, 1, ...(sentence ? [sentence] : []));
  story.changed("brief");
  const lines = find("sentences").querySelectorAll("a.said");
  (lines[Math.min(place, lines.length - 1)] ?? find("whole")).focus();
  say(`${told}.`);
}

function edit(story, item, sentence, place) {
  const area = make("textarea", { rows: 3, dir: "auto", "aria-label": `Sentence ${place + 1}` });
  area.value = sentence.text;
  const stop = () => { renderBrief(story); focusSentence(place); };
  const keep = (event) => {
    event.preventDefault();
    const text = area.value.replace(/\s+/g, " ").trim();
    if (text === sentence.text) return stop();
    change(story, place, text ? { text, of: sentence.of } : null, text ? "Corrected" : "Removed");
  };
  const form = make("form", { class: "edit", novalidate: true, onsubmit: keep }, area, make("div", { class: "row" },
    make("button", { class: "primary small", text: "Keep" }),
    make("button", { type: "button", class: "quiet small", text: "Cancel", onclick: stop }),
    make("span", { class: "soft small hint", text: "Ctrl + Enter keeps, Esc cancels" })));
  onKeys(area, keep, stop);
  item.replaceChildren(form);
  area.focus();
}

function onKeys(area, keep, stop) {
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) keep(event);
    if (event.key === "Escape") { event.stopPropagation(); stop(); }
  });
}

export function focusSentence(place) {
  const lines = find("sentences").querySelectorAll("a.said");
  lines[Math.max(0, Math.min(place, lines.length - 1))]?.focus();
}

function removed(story, before) {
  const stayed = new Set(story.draft.sentences.map(({ of }) => of));
  return before.map((sentence, of) => ({ sentence, of })).filter(({ of }) => !stayed.has(of)).map(({ sentence, of }) =>
    out("Removed by you", sentence.text, [], () => {
      const { sentences } = story.draft;
      const later = sentences.findIndex((other) => other.of !== null && other.of > of);
      const place = later < 0 ? sentences.length : later;
      sentences.splice(place, 0, { text: sentence.text, of });
      story.changed("brief");
      focusSentence(place);
    }));
}

const dropped = (data) => (data.record.brief?.dropped ?? []).map(({ text, unsupported }) => out("Taken out by the check", text, unsupported));

function out(told, text, why, restore) {
  const item = make("div", { class: "out" }, make("p", { class: "origin", text: told }), make("p", {}, make("del", { dir: "auto", text })));
  if (why.length) item.append(reasons(why));
  if (restore) item.append(make("button", { type: "button", class: "quiet small", text: "Put back", onclick: restore }));
  return item;
}

export function prepareWhole(story) {
  const [form, area, list] = [find("whole-form"), find("whole-text"), find("sentences")];
  const close = () => { form.hidden = true; list.hidden = false; find("whole").focus(); };
  const keep = (event) => {
    event.preventDefault();
    story.draft.sentences = realign(story.draft.sentences, area.value);
    story.changed("brief");
    close();
    say("The brief was changed.");
  };
  find("whole").addEventListener("click", () => {
    area.value = briefText(story.draft);
    form.hidden = false;
    list.hidden = true;
    area.focus();
  });
  form.addEventListener("submit", keep);
  find("whole-cancel").addEventListener("click", close);
  onKeys(area, keep, close);
  find("copy").addEventListener("click", () => copy(briefText(story.draft)));
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say("The brief is on the clipboard.");
  } catch {
    complain("sign-problem", "The browser does not let this page write to the clipboard.");
  }
}
