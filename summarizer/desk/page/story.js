// One record on the desk: brief beside source, topics, sign-off. Holds the draft and renders what changes.
import { focusSentence, prepareWhole, renderBrief } from "./brief.js";
import { complain, count, find, make, say, show } from "./dom.js";
import { dropDraft, freshDraft, keepDraft, keptDraft } from "./draft.js";
import { linkUp, renderSource } from "./source.js";
import { prepareSign, renderHistory, renderSign } from "./sign.js";
import { prepareTopics, renderTopics } from "./topics.js";

let current = null;

export function openStory(data, about) {
  const kept = keptDraft(data);
  const story = { data, draft: kept ?? freshDraft(data), ticket: null };
  story.changed = (part) => {
    story.ticket = null; // another content is another sign-off
    keepDraft(data, story.draft);
    complain("sign-problem", "");
    if (part === "brief") renderBrief(story);
    if (part === "topics") renderTopics(story);
    renderSign(story);
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
  renderSource(data);
  renderBrief(story);
  renderTopics(story);
  renderSign(story);
  renderHistory(story);
  prepareWhole(story);
  prepareTopics(story, about.topics);
  prepareSign(story, (others) => signed(story, about, others));
  linkUp(document.querySelector(".columns"));
  document.title = `${data.article.title || data.article.id} – Editor’s desk`;
  find("headline").focus({ preventScroll: true });
  scrollTo(0, 0);
}

export function closeStory() {
  current = null;
}

export const isOpen = () => current !== null;

function head({ data }, about) {
  const { article, record, number } = data;
  find("headline").textContent = article.title || article.id;
  if (article.language) find("headline").lang = article.language;
  const by = [record.brief?.backend, record.brief?.model].filter(Boolean).join(" ");
  const facts = [article.title ? article.id : "", article.date, article.language, by && `brief: ${by}`].filter(Boolean);
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
  const told = (data.record.warnings ?? []).map((text) => make("li", { text, dir: "auto" }));
  if (data.lost) told.push(make("li", { text: `${count(data.lost, "passage")} of the evidence do not fit this article: it is not the one that the record was made of.` }));
  if (isRestored) {
    const discard = make("button", { type: "button", class: "quiet small", text: "Discard them", onclick: () => {
      dropDraft(data);
      story.replaceDraft(freshDraft(data));
      item.remove();
      find("headline").focus();
    } });
    const item = make("li", { class: "restored" }, "Your corrections, not signed yet, are back. ", discard);
    told.unshift(item);
  }
  const last = data.signoffs.at(-1);
  if (last) told.unshift(make("li", { class: "done", text: `Signed off by ${last.editor}. Who signs again adds a sign-off, and the later one counts.` }));
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
