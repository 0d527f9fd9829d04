// Signing off: what would be signed in words, the name, and who signed before.
import { post } from "./api.js";
import { complain, count, find, make, moment, say } from "./dom.js";
import { changesOf, draftOf, dropDraft, isChangedSentence, isSame, textsOf } from "./draft.js";
import { isDoubtful } from "./check.js";
import { focusTopic } from "./topics.js";

const NAME = "desk.editor";

function inWords(data, draft) {
  const { corrected, added, removed, accepted, rejected, topics } = changesOf(data, draft);
  const parts = [
    corrected && `${count(corrected, "sentence")} corrected`,
    added && `${count(added, "sentence")} added`,
    removed && `${count(removed, "sentence")} removed`,
    accepted && `${count(accepted, "topic")} accepted`,
    rejected && `${count(rejected, "topic")} rejected`,
    topics && `${count(topics, "topic")} added`,
  ].filter(Boolean);
  return parts.length ? `You changed: ${parts.join(", ")}.` : "Nothing is changed.";
}

export function renderSign(story) {
  const { open } = changesOf(story.data, story.draft);
  const told = isSignedAlready(story) ? "Signed off as it stands here." : inWords(story.data, story.draft);
  const asked = `${count(open.length, "topic still asks", "topics still ask")} for a yes or no`;
  const link = open.length && make("button", { type: "button", class: "quiet small", text: asked, onclick: focusTopic });
  find("changes").replaceChildren(told, ...(link ? [link] : []));
}

function isSignedAlready({ data, draft }, editor) {
  const last = data.signoffs.at(-1);
  return last?.entry === data.key && (!editor || last.editor === editor) && isSame({ ...draft, note: last.note }, { ...draftOf(data, last), note: last.note });
}

export function renderHistory(story) {
  find("signed").hidden = !story.data.signoffs.length;
  find("history").replaceChildren(...[...story.data.signoffs].reverse().map((signed, place) => entry(story, signed, place === 0)));
}

function entry(story, signed, isLatest) {
  const told = `Signed off by ${signed.editor}, ${moment(signed.at)}`;
  const item = make("li", { class: isLatest ? "latest" : "" }, make("span", { text: told }));
  if (!isLatest) item.append(make("span", { class: "soft", text: " · superseded" }));
  if (signed.note) item.append(make("p", { class: "soft", dir: "auto", text: signed.note }));
  if (signed.entry === story.data.key && !isSame({ ...draftOf(story.data, signed), note: "" }, { ...story.draft, note: "" })) {
    item.append(make("button", { type: "button", class: "quiet small", text: "Start from this version", onclick: () => {
      story.replaceDraft(draftOf(story.data, signed));
      find("headline").focus();
      say(`The version of ${signed.editor} is on the page.`);
    } }));
  }
  return item;
}

export function prepareSign(story, onSigned) {
  const [name, note] = [find("editor"), find("note")];
  name.value = localStorage.getItem(NAME) ?? "";
  note.value = story.draft.note;
  find("note-box").open = note.value !== "";
  note.addEventListener("input", () => { story.draft.note = note.value.trim(); story.changed("note"); });
  find("sign").addEventListener("submit", (event) => {
    event.preventDefault();
    complain("sign-problem", missing(story, name) || unproven(story));
    if (!find("sign-problem").textContent) sign(story, name.value.trim(), onSigned);
  });
}

// Says what is missing and goes there; empty where nothing is.
function missing(story, name) {
  if (document.querySelector("form.edit") || !find("whole-form").hidden) {
    (document.querySelector("form.edit textarea") ?? find("whole-text")).focus();
    return "A correction is still open. Keep or cancel it first.";
  }
  const { open } = changesOf(story.data, story.draft);
  if (open.length) {
    focusTopic();
    return `${count(open.length, "topic asks", "topics ask")} for a yes or no: ${open.map(({ topic }) => story.data.names[topic] ?? topic).join(", ")}.`;
  }
  if (!name.value.trim()) {
    name.focus();
    return "Sign with your name.";
  }
  if (isSignedAlready(story, name.value.trim()) && !story.draft.note) return "You have signed off exactly this already.";
  return "";
}

// Says once what the check does not find in the source; the editor has the last word, and signs by asking again.
function unproven(story) {
  const { data, draft, check } = story;
  const texts = textsOf(draft);
  const found = draft.sentences.map((sentence, place) => ({ sentence, place, said: check.said(texts, place) }))
    .filter(({ sentence, said }) => isChangedSentence(data, sentence) && isDoubtful(said));
  if (!found.length || story.warnedOf === JSON.stringify(texts)) return "";
  story.warnedOf = JSON.stringify(texts);
  const told = found.map(({ place, said }) => `Sentence ${place + 1}: ${said.unsupported.join("; ")}.`);
  return [...told, "The source does not bear this out. Correct it, or sign off once more to let it stand."].join("\n");
}

async function sign(story, editor, onSigned) {
  const { data, draft } = story;
  const [button, before] = [find("sign-button"), data.signoffs.length];
  story.ticket ??= newTicket(); // the same until it is acknowledged, so that trying again never signs twice
  const tags = { ...draft.tags, ...Object.fromEntries(draft.added.map((topic) => [topic, "accepted"])) };
  const brief = draft.sentences.length || data.record.brief ? draft.sentences : null;
  button.disabled = true;
  button.textContent = "Signing …";
  try {
    const answer = await post("signoffs", { key: data.key, ticket: story.ticket, editor, brief, tags, note: draft.note });
    localStorage.setItem(NAME, editor);
    dropDraft(data);
    story.ticket = null;
    data.signoffs = answer.signoffs;
    story.draft.note = "";
    find("note").value = "";
    renderHistory(story);
    renderSign(story);
    const others = answer.signoffs.slice(before).filter(({ id }) => id !== answer.signed);
    onSigned(others);
  } catch (error) {
    complain("sign-problem", error.message);
  } finally {
    button.disabled = false;
    button.textContent = "Sign off";
  }
}

const newTicket = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16).padStart(8, "0")).join("-");
