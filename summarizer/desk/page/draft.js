// An editor's corrections of one record until they are signed: what they are, and keeping them through a crash.
// A sentence is { text, of }: `of` is its place in the record's brief, null for one that the editor added.

const PREFIX = "desk.draft.";

export function freshDraft(data) {
  const sentences = data.record.brief?.sentences ?? [];
  return { sentences: sentences.map(({ text }, of) => ({ text, of })), tags: {}, added: [], note: "" };
}

export function keepDraft(data, draft) {
  try {
    if (isChanged(data, draft)) localStorage.setItem(PREFIX + data.key, JSON.stringify(draft));
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
    return fits && isChanged(data, kept) ? kept : null;
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

export function isChanged(data, draft) {
  const { corrected, added, removed, accepted, rejected, topics } = changesOf(data, draft);
  return corrected + added + removed + accepted + rejected + topics > 0 || draft.note !== "";
}

// Finds the sentences of the brief again in a text that was edited as a whole; what lies between them is the editor's.
export function realign(sentences, text) {
  const found = [];
  let rest = text.replace(/\s+/g, " ").trim();
  for (const sentence of sentences) {
    const place = rest.indexOf(sentence.text.replace(/\s+/g, " "));
    if (place < 0) continue;
    found.push({ text: rest.slice(0, place).trim(), of: null }, sentence);
    rest = rest.slice(place + sentence.text.replace(/\s+/g, " ").length).trim();
  }
  found.push({ text: rest, of: null });
  return pairUp(sentences, found.filter((sentence) => sentence.text));
}

// Where one sentence went and one came in its place, it was corrected and keeps its evidence.
function pairUp(before, after) {
  return after.map((sentence, place) => {
    if (before.includes(sentence)) return sentence;
    const first = place ? before.indexOf(after[place - 1]) + 1 : 0;
    const last = place + 1 < after.length ? before.indexOf(after[place + 1]) : before.length;
    const gone = before.slice(first, last).filter(({ of }) => of !== null);
    return gone.length === 1 ? { text: sentence.text, of: gone[0].of } : sentence;
  });
}
