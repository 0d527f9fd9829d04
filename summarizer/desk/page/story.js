// One record on the desk: brief beside source, topics, sign-off. Holds the draft and renders what changes.
import { copyBrief, focusSentence, renderBrief, renderChecks } from "./brief.js";
import { isDoubtful, prepareCheck } from "./check.js";
import { complain, count, find, make, moment, say, show, titleOf } from "./dom.js";
import { dropDraft, firstDraft, isChangedSentence, keepDraft, keptDraft, textsOf } from "./draft.js";
import { keepOpenEdits, prepareWhole } from "./edit.js";
import { linkUp, renderSource } from "./source.js";
import { prepareSign, renderHistory, renderSign } from "./sign.js";
import { prepareTopics, renderTopics } from "./topics.js";

const BACKENDS = { passed: "the whole article, which is short", lead: "the article’s opening" };

let current = null;

export function openStory(data, about) {
  const kept = keptDraft(data);
  const story = { data, draft: kept ?? firstDraft(data), ticket: null, check: prepareCheck(data, about) };
  story.changed = (part) => {
    story.ticket = null; // another content is another sign-off
    keepDraft(data, story.draft);
    complain("sign-problem", "");
    if (part === "brief") {
      renderBrief(story);
      renderSource(story);
      recheck(story, true);
    }
    if (part === "topics") renderTopics(story);
    renderSign(story);
    renderHistory(story);
  };
  story.replaceDraft = (draft) => {
    story.draft = draft;
    find("note").value = draft.note;
    story.changed("brief");
    renderTopics(story);
  };
  current = story;
  show("story");
  head(story, about);
  notices(story, kept !== null);
  renderSource(story);
  renderBrief(story);
  renderTopics(story);
  renderSign(story);
  renderHistory(story);
  prepareWhole(story);
  find("copy").addEventListener("click", () => copyBrief(story));
  recheck(story, false);
  prepareTopics(story, about.topics);
  prepareSign(story, (others) => signed(story, about, others));
  linkUp(document.querySelector(".columns"));
  document.title = `${titleOf(data.article, data.record.brief)} – Editor’s desk`;
  find("headline").focus({ preventScroll: true });
  scrollTo(0, 0);
}

export function closeStory() {
  if (current) keepOpenEdits();
  current = null;
}

addEventListener("pagehide", keepOpenEdits);

// Has what the editor wrote checked, and shows the answer if the brief is still the same by then.
async function recheck(story, isTold) {
  const texts = textsOf(story.draft);
  if (!story.draft.sentences.some((sentence) => isChangedSentence(story.data, sentence)) || story.check.isKnown(texts)) return;
  await story.check.ask(texts);
  if (current !== story || JSON.stringify(texts) !== JSON.stringify(textsOf(story.draft))) return;
  renderChecks(story);
  renderSource(story);
  renderSign(story);
  if (!isTold) return;
  const doubtful = story.draft.sentences.findIndex((sentence, place) =>
    isChangedSentence(story.data, sentence) && isDoubtful(story.check.said(texts, place)));
  if (doubtful >= 0) say(`Sentence ${doubtful + 1}: ${story.check.said(texts, doubtful).unsupported.join("; ")}.`);
}

export const isOpen = () => current !== null;

function head({ data }, about) {
  const { article, record, number } = data;
  find("headline").textContent = titleOf(article, record.brief);
  if (article.language) find("headline").lang = article.language;
  const by = record.brief?.model || BACKENDS[record.brief?.backend] || record.brief?.backend;
  const facts = [article.source, article.date, article.language, article.title ? article.id : "", by && `brief: ${by}`].filter(Boolean);
  find("facts").textContent = facts.join(" · ");
  if (number === undefined || !about.run) return;
  find("place").textContent = `${(number + 1).toLocaleString("en-GB")} of ${about.run.count.toLocaleString("en-GB")}`;
  const link = (id, other) => {
    find(id).hidden = other < 0 || other >= about.run.count;
    find(id).href = `#/run/${other}`;
  };
  link("previous", number - 1);
  link("next", number + 1);
}

function notices(story, isRestored) {
  const { data } = story;
  const told = [];
  const { warnings } = data.record;
  if (warnings?.length) {
    told.push(make("li", { class: "notes" }, make("details", {}, make("summary", { text: count(warnings.length, "note of the run", "notes of the run") }),
      make("ul", {}, ...warnings.map((text) => make("li", { text, dir: "auto" }))))));
  }
  const { read, total } = data.record.brief?.source_tokens ?? {};
  if (read < total) told.unshift(make("li", { text: `The brief rests on the first ${Math.max(1, Math.round(100 * read / total))} % of the article; the model reads no further.` }));
  if (data.record.needs_review) told.unshift(make("li", { text: "The topics of this article need a person: please go through them." }));
  if (data.lost) told.push(make("li", { text: `${count(data.lost, "passage")} of the evidence do not fit this article: it is not the one that the record was made of.` }));
  if (isRestored) {
    const discard = make("button", { type: "button", class: "quiet small", text: "Discard them", onclick: () => {
      dropDraft(data);
      story.replaceDraft(firstDraft(data));
      item.remove();
      find("headline").focus();
    } });
    const item = make("li", { class: "restored" }, "Your corrections, not signed yet, are back. ", discard);
    told.unshift(item);
  }
  const last = data.signoffs.at(-1);
  if (last) told.unshift(make("li", { class: "done", text: `Signed off by ${last.editor}, ${moment(last.at)}. Who signs again adds a sign-off, and the later one counts.` }));
  find("notices").replaceChildren(...told);
}

function signed(story, about, others) {
  const { number } = story.data;
  notices(story, false);
  const also = others.length ? ` ${others.map(({ editor }) => editor).join(", ")} signed meanwhile; both are kept and yours, the later one, counts.` : "";
  say(`Signed off.${also}`);
  const target = number !== undefined && about.run && number + 1 < about.run.count ? find("next") : find("crumb");
  target.focus();
}

// What the keys do; each returns whether there was anything to do.
export function step(by) {
  const lines = [...find("sentences").querySelectorAll("a.said")];
  const here = document.activeElement?.closest(".sentence");
  const place = lines.findIndex((line) => line.closest(".sentence") === here);
  focusSentence(place < 0 ? (by > 0 ? 0 : lines.length - 1) : place + by);
}

export function act(name) {
  const item = document.activeElement?.closest(".sentence") ?? document.querySelector(".sentence");
  item?.querySelector(`[data-act=${name}]`)?.click();
}
