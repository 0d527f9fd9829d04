// Asks what the article bears out of sentences that an editor wrote: one question at a time, and the latest counts.
import { post } from "./api.js";
import { make, percent } from "./dom.js";
import { ownWords } from "./words.js";

const PAUSE = 600;

// What is known of the briefs of one record. `isOn` tells whether there is a check and an article to go by.
export function prepareCheck(data, about) {
  const known = new Map(); // by the sentences of a brief, what was said of each
  const latest = new Map(); // by a sentence, what was said of it last: shown until the brief around it is checked
  let next = null;
  let busy = null;
  let fault = "";
  async function run() {
    while (next) {
      const texts = next;
      next = null;
      try {
        const { sentences } = await post("checks", { key: data.key, sentences: texts });
        known.set(JSON.stringify(texts), sentences);
        sentences.forEach((said, place) => latest.set(texts[place], said));
        fault = "";
      } catch (error) {
        fault = error.message;
      }
    }
    busy = null;
  }
  return {
    isOn: about.checks && data.article.text !== null,
    // What was said of one sentence of a brief: nothing yet, a fault in words, or the check's own answer.
    said: (texts, place) => known.get(JSON.stringify(texts))?.[place] ?? latest.get(texts[place]) ?? (fault ? { fault } : null),
    isKnown: (texts) => known.has(JSON.stringify(texts)),
    // Ends when nothing is left to ask.
    ask(texts) {
      if (!this.isOn || !texts.length || known.has(JSON.stringify(texts))) return Promise.resolve();
      next = texts;
      busy ??= run();
      return busy;
    },
  };
}

export const isDoubtful = (said) => Boolean(said?.unsupported?.length);

// Says in words what the check found.
export function verdict(said, text) {
  if (!said) return [make("span", { class: "soft", text: "being checked against the source …" })];
  if (said.fault) return [make("span", { class: "soft", text: `not checked: ${said.fault}` })];
  if (isDoubtful(said)) return [make("p", { class: "bad", text: "The source does not bear this out" }), reasons(said.unsupported)];
  if (said.origin === "verbatim") return [make("span", { class: "soft", text: "the source’s own words" })];
  const passed = make("span", { class: "soft", text: `passed the check, support ${percent(said.support)}` });
  return [passed, ...notInPassage(text, said.evidence)];
}

export const reasons = (texts) => make("ul", { class: "reasons" }, ...texts.map((text) => make("li", { text })));

export function notInPassage(text, evidence) {
  const own = evidence?.length ? ownWords(text, evidence).filter(({ isOwn }) => isOwn).map(({ piece }) => piece) : [];
  return own.length ? [make("p", { class: "soft", text: `Not in its passage: ${[...new Set(own)].join(", ")}` })] : [];
}

// Has a field checked while it is typed in, after a pause or when it is left.
// `show` is told when a check begins and when its answer is there; `textsOf` gives the brief with what the field holds.
export function checkWhileTyping(check, field, textsOf, show) {
  if (!check.isOn) return;
  let waiting;
  const ask = async () => {
    clearTimeout(waiting);
    if (!field.isConnected) return;
    show();
    await check.ask(textsOf());
    if (field.isConnected) show();
  };
  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, PAUSE); });
  field.addEventListener("blur", (event) => { if (!field.form.contains(event.relatedTarget)) ask(); });
}
