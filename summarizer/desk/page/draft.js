// An editor's corrections of one record until they are signed: what they are, and keeping them through a crash.
// A sentence is { text, of }: `of` is its place in the record's brief, null for one that the editor added.

import { plain, sentencesOf } from "./words.js";

const PREFIX = "desk.draft.";

export function freshDraft(data) {
  const sentences = data.record.brief?.sentences ?? [];
  return { sentences: sentences.map(({ text }, of) => ({ text, of })), tags: {}, added: [], note: "" };
}

// What the desk shows first: what was signed last, or the record as it was made.
export function firstDraft(data) {
  const last = data.signoffs.at(-1);
  return last?.entry === data.key ? draftOf(data, last) : freshDraft(data);
}

export function isSame(one, other) {
  const inOrder = ({ sentences, tags, added, note }) =>
    JSON.stringify([sentences.map(({ text, of }) => [text, of]), Object.entries(tags).sort(), [...added].sort(), note]);
  return inOrder(one) === inOrder(other);
}

export function keepDraft(data, draft) {
  try {
    if (!isSame(draft, firstDraft(data))) localStorage.setItem(PREFIX + data.key, JSON.stringify(draft));
    else localStorage.removeItem(PREFIX + data.key);
  } catch { /* a full or forbidden storage only costs the safety net */ }
}

export function dropDraft(data) {
  try { localStorage.removeItem(PREFIX + data.key); } catch { /* as above */ }
}

// Returns what was kept, or null: what is kept may be of another version of this page.
export function keptDraft(data) {
  try {
    const kept = JSON.parse(localStorage.getItem(PREFIX + data.key));
    const fits = Array.isArray(kept?.sentences) && Array.isArray(kept.added) && typeof kept.tags === "object";
    return fits && !isSame(kept, firstDraft(data)) ? kept : null;
  } catch {
    return null;
  }
}

// Returns the corrections that a sign-off of the same record left.
export function draftOf(data, signed) {
  const draft = freshDraft(data);
  if (signed.brief) draft.sentences = signed.brief.map(({ text, of }) => ({ text, of }));
  draft.added = [...signed.added];
  for (const tag of data.record.tags ?? []) {
    const after = signed.tags[tag.topic];
    if (after && after !== tag.decision) draft.tags[tag.topic] = after;
  }
  return draft;
}

export const textsOf = ({ sentences }) => sentences.map(({ text }) => text);

export const briefText = (draft) => textsOf(draft).join(" ");

// Whether a sentence is not the record's own any more.
export const isChangedSentence = (data, { text, of }) => of === null || data.record.brief.sentences[of].text !== text;

export function changesOf(data, draft) {
  const before = data.record.brief?.sentences ?? [];
  const stayed = new Set(draft.sentences.map(({ of }) => of));
  const corrected = draft.sentences.filter(({ text, of }) => of !== null && before[of].text !== text).length;
  const added = draft.sentences.filter(({ of }) => of === null).length;
  const removed = before.filter((_, place) => !stayed.has(place)).length;
  const tags = data.record.tags ?? [];
  const answers = tags.filter(({ topic, decision }) => (draft.tags[topic] ?? decision) !== decision);
  const accepted = answers.filter(({ topic }) => draft.tags[topic] === "accepted").length;
  const open = tags.filter(({ topic, decision }) => decision === "review" && !draft.tags[topic]);
  return { corrected, added, removed, accepted, rejected: answers.length - accepted, topics: draft.added.length, open };
}

// Finds the sentences of the brief again in a text that was edited as a whole; what lies between them is the editor's.
export function realign(sentences, text, language) {
  const found = [];
  let rest = plain(text);
  for (const sentence of sentences) {
    const own = plain(sentence.text);
    const place = rest.indexOf(own);
    if (place < 0) continue;
    found.push(...written(rest.slice(0, place), language), sentence);
    rest = rest.slice(place + own.length).trim();
  }
  return pairUp(sentences, [...found, ...written(rest, language)]);
}

const written = (text, language) => sentencesOf(text, language).map((own) => ({ text: own, of: null }));

// Where as many sentences came as went, each is a correction; where one went, the first that came is.
function pairUp(before, after) {
  const stayed = (sentence) => before.includes(sentence);
  return after.map((sentence, place) => {
    if (stayed(sentence)) return sentence;
    const start = after.slice(0, place).findLastIndex(stayed) + 1;
    const length = after.slice(start).findIndex(stayed);
    const end = length < 0 ? after.length : start + length;
    const last = end < after.length ? before.indexOf(after[end]) : before.length;
    const gone = before.slice(start ? before.indexOf(after[start - 1]) + 1 : 0, last).filter(({ of }) => of !== null);
    const pair = gone.length === end - start ? gone[place - start] : gone.length === 1 && place === start ? gone[0] : null;
    return pair ? { text: sentence.text, of: pair.of } : sentence;
  });
}
