// The topics: a bar for each probability, a yes or no for each decision, and adding what is missing.
import { count, find, make, percent, say } from "./dom.js";

const TOLD = { accepted: "accepted", review: "Does this topic fit?", rejected: "rejected" };

export function renderTopics(story) {
  const { data, draft } = story;
  const tags = data.record.tags ?? [];
  const numbered = tags.map((tag, place) => ({ tag, place }));
  const shown = numbered.filter(({ tag }) => tag.decision !== "rejected");
  const folded = numbered.filter(({ tag }) => tag.decision === "rejected");
  find("tags").replaceChildren(...shown.map((one) => row(story, one)), ...draft.added.map((topic) => addedRow(story, topic)));
  find("rejected-tags").replaceChildren(...folded.map((one) => row(story, one)));
  find("rejected").hidden = !folded.length;
  find("rejected").querySelector("summary").textContent = `${count(folded.length, "topic")} rejected`;
  const none = find("topics-none");
  none.hidden = shown.length + draft.added.length > 0;
  none.textContent = data.record.tags ? "No topic fits by itself; please look at this one." : "This run gives no topics.";
  renderOpen(story);
}

function renderOpen(story) {
  const open = (story.data.record.tags ?? []).filter(({ topic, decision }) => decision === "review" && !story.draft.tags[topic]);
  find("topics-open").textContent = open.length ? `${count(open.length, "topic asks", "topics ask")} for a yes or no` : "";
}

function row(story, { tag, place }) {
  const { names } = story.data;
  const name = names[tag.topic] ?? tag.topic;
  const answer = story.draft.tags[tag.topic];
  const decision = answer ?? tag.decision;
  const item = make("li", { class: "tag", "data-for": `t${place}`, "data-decision": decision, "data-topic": tag.topic });
  const told = answer && answer !== tag.decision ? `${answer} by you` : TOLD[decision];
  const bar = make("span", { class: "meter", "aria-hidden": "true" }, make("span", { class: "fill" }));
  bar.firstChild.style.width = percent(tag.probability).replace(" ", "");
  const group = make("fieldset", { class: "choice" },
    make("legend", { class: "sr", text: `${name}, ${percent(tag.probability)}, ${told}` }),
    ...["accepted", "rejected"].map((value) => choice(story, tag, place, value, decision)));
  item.append(
    make("div", { class: "what", "aria-hidden": "true" },
      make("span", { class: "name", text: name, title: tag.code }),
      make("span", { class: "told", text: told })),
    bar,
    make("span", { class: "percent", "aria-hidden": "true", text: percent(tag.probability) }),
    group,
  );
  return item;
}

function choice(story, tag, place, value, decision) {
  const input = make("input", { type: "radio", name: `tag-${place}`, value, checked: decision === value });
  input.addEventListener("change", () => answer(story, tag, value));
  return make("label", {}, input, make("span", { text: value === "accepted" ? "Yes" : "No" }));
}

function answer(story, tag, value) {
  if (value === tag.decision) delete story.draft.tags[tag.topic];
  else story.draft.tags[tag.topic] = value;
  story.changed("topics");
  const row = rowOf(tag.topic);
  row.closest("details")?.setAttribute("open", "");
  row.querySelector(`input[value=${value}]`).focus();
}

const rows = () => [...document.querySelectorAll(".tag[data-topic]")];
const rowOf = (topic) => rows().find((item) => item.dataset.topic === topic);

function addedRow(story, topic) {
  const name = story.data.names[topic] ?? topic;
  const remove = () => {
    story.draft.added = story.draft.added.filter((other) => other !== topic);
    story.changed("topics");
    find("new-topic").focus();
  };
  return make("li", { class: "tag added", "data-decision": "accepted" },
    make("div", { class: "what" }, make("span", { class: "name", text: name }), make("span", { class: "told", text: "added by you" })),
    make("button", { type: "button", class: "quiet small", text: "Remove", "aria-label": `Remove ${name}`, onclick: remove }));
}

export function prepareTopics(story, known) {
  find("known-topics").replaceChildren(...known.map(({ name }) => make("option", { value: name })));
  find("add-topic").addEventListener("submit", (event) => {
    event.preventDefault();
    add(story, known, find("new-topic"));
  });
}

function add(story, known, field) {
  const typed = field.value.trim();
  const same = known.find(({ id, name }) => [id, name].includes(typed) || name.toLowerCase() === typed.toLowerCase());
  const topic = same?.id ?? idOf(typed);
  if (!topic) return field.focus();
  const there = rowOf(topic);
  if (there) {
    there.closest("details")?.setAttribute("open", "");
    there.querySelector("input[value=accepted]").click();
    say("That topic is in the list already; it is accepted now.");
  } else if (!story.draft.added.includes(topic)) {
    story.draft.added.push(topic);
    story.data.names[topic] ??= same?.name ?? typed;
    story.changed("topics");
    say(`${story.data.names[topic]} was added.`);
  }
  field.value = "";
  field.focus();
}

// As the server makes ids: small letters, hyphens for blanks, nothing that would not do in a file.
function idOf(name) {
  const plain = name.normalize("NFC").toLowerCase().replace(/[\s_]+/g, "-");
  return plain.replace(/[^\p{L}\p{N}_./:#+-]/gu, "").slice(0, 100).replace(/^-+|-+$/g, "");
}

export function focusTopic() {
  const asking = rows().find((item) => item.dataset.decision === "review");
  const target = (asking ?? rows()[0])?.querySelector("input");
  (target ?? find("new-topic")).focus();
}

// Answers the topic in focus and goes on to the next that asks.
export function answerFocused(value) {
  const item = document.activeElement?.closest(".tag[data-topic]");
  if (!item) return false;
  item.querySelector(`input[value=${value}]`).click();
  const next = rows().find((other) => other.dataset.decision === "review");
  next?.querySelector("input").focus();
  return true;
}
