// The keys: one table for what they do and for the help that lists them.
import { find, make, say } from "./dom.js";
import { act, isOpen, step } from "./story.js";
import { answerFocused, focusTopic } from "./topics.js";

const SWITCH = "desk.keys";
const press = (id) => () => find(id)?.click();
const go = (id) => () => find(id)?.focus();
const follow = (id) => () => { if (!find(id)?.hidden) find(id)?.click(); };

// Letters, what they do in words, the deed, and whether a record must be open (true), must not (false), or either.
const KEYS = [
  ["j", "Next sentence of the brief", () => step(1), true],
  ["k", "Previous sentence", () => step(-1), true],
  ["Enter", "On a sentence: go to its evidence; on evidence: back to the sentence", null, true],
  ["e", "Correct the sentence", () => act("Correct"), true],
  ["x", "Remove the sentence", () => act("Remove"), true],
  ["w", "Edit the brief as a whole", press("whole"), true],
  ["c", "Copy the brief", press("copy"), true],
  ["t", "Go to the topics, first to one that asks", focusTopic, true],
  ["y", "Yes, the topic fits", () => answerFocused("accepted"), true],
  ["n", "No, it does not", () => answerFocused("rejected"), true],
  ["a", "Add a topic", go("new-topic"), true],
  ["s", "Go to the sign-off", go("editor"), true],
  ["r", "Go to the source", go("source"), true],
  ["[", "Previous record", follow("previous"), true],
  ["]", "Next record", follow("next"), true],
  ["h", "All articles", () => { location.hash = "#/"; }, undefined],
  ["p", "Paste a new article", go("text"), false],
  ["/", "Find a record", go("find"), false],
  ["Esc", "Leave what is being edited", null, undefined],
  ["?", "This list", () => find("help").showModal(), undefined],
];

const areOn = () => localStorage.getItem(SWITCH) !== "off";

export function prepareKeys() {
  for (const [key, told] of KEYS) find("help-keys").append(make("div", {}, make("dt", {}, make("kbd", { text: key })), make("dd", { text: told })));
  find("help-button").addEventListener("click", () => find("help").showModal());
  find("keys-on").checked = areOn();
  find("keys-on").addEventListener("change", () => localStorage.setItem(SWITCH, find("keys-on").checked ? "on" : "off"));
  document.addEventListener("keydown", onKey);
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  const field = event.target.closest?.("textarea, select, input:not([type=radio], [type=checkbox], [type=file])");
  if (field) {
    if (event.key === "Escape") field.blur();
    return;
  }
  const known = KEYS.find(([key]) => key === event.key);
  if (!known || !known[2] || (!areOn() && event.key !== "?")) return;
  const needs = known[3];
  if (needs !== undefined && needs !== isOpen()) return;
  event.preventDefault();
  if (known[2]() === false) say("Go to a topic first: press t.");
}
