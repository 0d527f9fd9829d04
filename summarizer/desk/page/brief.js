// The brief: each sentence with where it comes from in words, and the tools to correct it.
import { isDoubtful, notInPassage, reasons, verdict } from "./check.js";
import { complain, count, find, make, percent, say, words } from "./dom.js";
import { briefText, isChangedSentence, textsOf } from "./draft.js";
import { editForm } from "./edit.js";
import { nameOf } from "./source.js";
import { ownWords, sentencesOf } from "./words.js";

const WORDS = {
  verbatim: "The source’s own words",
  generated: "Rewritten by the model, passed the check",
  flagged: "The source does not bear this out",
  replaced: "The source’s own words, in place of the model’s sentence",
  corrected: "Corrected by you",
  restored: "The model’s sentence, put back by you",
  added: "Written by you",
};

export function renderBrief(story) {
  const { data, draft } = story;
  const before = data.record.brief?.sentences ?? [];
  const text = briefText(draft);
  find("brief-words").textContent = text ? lengths(data, text) : "";
  const open = new Map([...document.querySelectorAll("form.edit")].map((form) => [form.sentence, form]));
  find("sentences").replaceChildren(...draft.sentences.map((sentence, place) => row(story, before, sentence, place, open)));
  if (!draft.sentences.length) {
    const none = data.record.brief ? "The brief is empty." : "This run writes no briefs; you can write one.";
    find("sentences").append(make("li", { class: "empty soft", text: none }));
  }
  find("set-aside").replaceChildren(...setAside(story, before));
  find("taken-out").replaceChildren(...removed(story, before), ...dropped(data));
  countDoubtful(story, before);
}

// Shows what the check said meanwhile, and leaves alone whatever is being typed.
export function renderChecks(story) {
  const before = story.data.record.brief?.sentences ?? [];
  const texts = textsOf(story.draft);
  story.draft.sentences.forEach((sentence, place) => {
    const item = find(`sentence-${nameOf(sentence, place)}`);
    if (!isChangedSentence(story.data, sentence) || !item?.querySelector(".why")) return;
    const own = sentence.of === null ? null : before[sentence.of];
    const said = story.check.said(texts, place);
    item.classList.toggle("doubtful", isDoubtful(said));
    item.querySelector(".why").replaceWith(why(story, stateOf(before, sentence), sentence, own, place));
  });
  countDoubtful(story, before);
}

function countDoubtful(story, before) {
  const texts = textsOf(story.draft);
  const doubtful = story.draft.sentences.filter((sentence, place) =>
    stateOf(before, sentence) === "flagged" || (isChangedSentence(story.data, sentence) && isDoubtful(story.check.said(texts, place))));
  find("brief-check").textContent = `${doubtful.length} not borne out`;
  find("brief-check").hidden = !doubtful.length;
}

function lengths(data, text) {
  const source = data.article.text;
  return source === null ? count(words(text), "word") : `${count(words(text), "word")} from ${words(source).toLocaleString("en-GB")}`;
}

function stateOf(before, { text, of }) {
  if (of === null) return before[0]?.replaces?.includes(text) ? "restored" : "added";
  const { origin, unsupported, replaces } = before[of];
  if (before[of].text !== text) return text === replaces ? "restored" : "corrected";
  return origin === "generated" && unsupported?.length ? "flagged" : origin;
}

function row(story, before, sentence, place, open) {
  const state = stateOf(before, sentence);
  const own = sentence.of === null ? null : before[sentence.of];
  const name = nameOf(sentence, place);
  const isOwn = ["corrected", "restored", "added"].includes(state);
  const doubtful = isOwn && isDoubtful(story.check.said(textsOf(story.draft), place)) ? " doubtful" : "";
  const item = make("li", { class: `sentence ${state}${doubtful}`, id: `sentence-${name}`, "data-for": name });
  if (open.has(sentence)) {
    item.append(open.get(sentence));
    return item;
  }
  item.append(make("div", { class: "line" },
    make("span", { class: "number", "aria-hidden": "true", text: String(place + 1) }),
    make("a", { class: "said", href: `#evidence-${name}`, dir: "auto", "aria-describedby": `why-${place}` }, ...said(sentence, isOwn ? null : own))));
  item.append(make("div", { class: "below" }, tools(story, item, sentence, place, own, state), why(story, state, sentence, own, place)));
  return item;
}

// Cuts a sentence so that the words that its evidence does not have can be told from the others.
function said({ text }, own) {
  if (!own?.evidence?.length || own.origin !== "generated") return [text];
  return ownWords(text, own.evidence).map(({ piece, isOwn }) => (isOwn ? make("span", { class: "own", text: piece }) : piece));
}

function why(story, state, sentence, own, place) {
  const told = make("div", { class: "why", id: `why-${place}` }, make("span", { class: "origin", text: WORDS[state] }));
  if (state === "generated" && own.support) told.append(make("span", { class: "soft", text: ` · support ${percent(own.support)}` }));
  if (state === "generated" || state === "flagged") told.append(...notInPassage(sentence.text, own.evidence));
  if (state === "flagged") told.append(reasons(own.unsupported));
  if (state === "replaced" && !isSetAside(story.data)) told.append(draftOf(own));
  if (["corrected", "restored", "added"].includes(state)) {
    const said = story.check.said(textsOf(story.draft), place);
    if (story.check.isOn) told.append(isDoubtful(said) ? "" : " · ", ...verdict(said, sentence.text));
    else told.append(make("span", { class: "soft", text: " · not checked" }));
  }
  if (state === "corrected") told.append(make("p", { class: "was" }, "Before: ", make("del", { dir: "auto", text: own.text })));
  return told;
}

function draftOf(own) {
  const told = make("p", { class: "was" }, "The model had written: ", make("del", { dir: "auto", text: own.replaces ?? "" }));
  return own.unsupported?.length ? make("div", {}, told, reasons(own.unsupported)) : told;
}

// Whether the source's own sentences stand for the model's brief as a whole, and not each for one of its sentences.
function isSetAside({ record }) {
  const sentences = record.brief?.sentences ?? [];
  const { replaces } = sentences[0] ?? {};
  return Boolean(replaces) && sentences.every((own) => own.replaces === replaces)
    && (sentences.length > 1 || sentencesOf(replaces).length > 1);
}

// Says once for the whole brief what was set aside and why, and lets the editor have it after all.
function setAside(story, before) {
  if (!isSetAside(story.data)) return [];
  const { replaces, unsupported } = before[0];
  const take = () => {
    story.draft.sentences = sentencesOf(replaces, story.data.article.language).map((text) => ({ text, of: null }));
    story.changed("brief");
    focusSentence(0);
    say("The model’s brief is back; it is checked sentence by sentence.");
  };
  return [make("div", { class: "out" },
    make("p", { class: "origin", text: "The model’s brief was set aside; the source’s own sentences stand in its place" }),
    reasons(unsupported ?? []),
    make("details", {}, make("summary", { text: "What the model had written" }), make("p", { class: "draft", dir: "auto", text: replaces })),
    make("button", { type: "button", class: "quiet small", text: "Use the model’s brief", onclick: take }))];
}

function tools(story, item, sentence, place, own, state) {
  const bar = make("div", { class: "tools" });
  const tool = (text, act) => {
    const label = `${text} sentence ${place + 1}`;
    bar.append(make("button", { type: "button", class: "quiet small", text, "aria-label": label, "data-act": text, onclick: act }));
  };
  tool("Correct", () => edit(story, item, sentence, place));
  if (state === "replaced" && !isSetAside(story.data)) {
    tool("Use the model’s", () => change(story, sentence, { text: own.replaces, of: sentence.of }, "The model’s sentence is back"));
  }
  if (own && (state === "corrected" || state === "restored")) tool("Restore", () => change(story, sentence, { text: own.text, of: sentence.of }, "Restored"));
  tool("Remove", () => change(story, sentence, null, "Removed"));
  return bar;
}

function change(story, sentence, now, told) {
  const { sentences } = story.draft;
  const place = sentences.indexOf(sentence);
  sentences.splice(place, 1, ...(now ? [now] : []));
  story.changed("brief");
  const lines = find("sentences").querySelectorAll("a.said");
  (lines[Math.min(place, lines.length - 1)] ?? find("whole")).focus();
  say(`${told}.`);
}

function edit(story, item, sentence, place) {
  const form = editForm(story, sentence, place, (now) => {
    renderBrief(story);
    focusSentence(now ? story.draft.sentences.indexOf(now) : place);
  });
  item.replaceChildren(form);
  form.querySelector("textarea").focus();
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

const dropped = (data) => (isSetAside(data) ? [] : data.record.brief?.dropped ?? []).map(({ text, unsupported }) => out("Taken out by the check", text, unsupported));

function out(told, text, why, restore) {
  const item = make("div", { class: "out" }, make("p", { class: "origin", text: told }), make("p", {}, make("del", { dir: "auto", text })));
  if (why.length) item.append(reasons(why));
  if (restore) item.append(make("button", { type: "button", class: "quiet small", text: "Put back", onclick: restore }));
  return item;
}

export async function copyBrief(story) {
  try {
    await navigator.clipboard.writeText(briefText(story.draft));
    say("The brief is on the clipboard.");
  } catch {
    complain("sign-problem", "The browser does not let this page write to the clipboard.");
  }
}
