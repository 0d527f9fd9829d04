// The article, its evidence marked; and lighting up what belongs together, on either side.
// Parts that belong together share a name in data-for: "s0" is the brief's first sentence, "t0" the first topic.
import { find, make, words, count } from "./dom.js";
import { isChangedSentence, textsOf } from "./draft.js";

export function renderSource(story) {
  const { data } = story;
  const { text, language } = data.article;
  const pane = find("source");
  if (language) pane.lang = language;
  pane.dir = "auto";
  if (text === null) {
    pane.replaceChildren(...quotesOnly(data));
    find("source-words").textContent = "not at hand";
    return;
  }
  find("source-words").textContent = count(words(text), "word");
  const focused = pane.contains(document.activeElement) && document.activeElement.dataset.for;
  pane.replaceChildren(...marked(text, spansOf(story)));
  lightUp(document.querySelector(".columns"), lit);
  if (focused) [...pane.querySelectorAll("a.mark")].find((part) => part.dataset.for === focused)?.focus({ preventScroll: true });
}

// The evidence of the brief as it stands: of a sentence that the editor wrote, what the check found.
function spansOf({ data, draft, check }) {
  const spans = [];
  const take = (evidence, name, number) => (evidence ?? []).forEach(({ start, end }) => spans.push({ start, end, name, number }));
  const texts = textsOf(draft);
  draft.sentences.forEach((sentence, place) => {
    const own = sentence.of === null ? null : data.record.brief.sentences[sentence.of];
    const { evidence } = (isChangedSentence(data, sentence) && check.said(texts, place)) || own || {};
    take(evidence ?? own?.evidence, nameOf(sentence, place), place + 1);
  });
  (data.record.tags ?? []).forEach(({ evidence }, place) => take(evidence, `t${place}`));
  return spans;
}

export const nameOf = ({ of }, place) => (of === null ? `new${place}` : `s${of}`);

// Cuts the text where evidence begins or ends; spans count code points, and may overlap.
function marked(text, spans) {
  const points = Array.from(text);
  const cuts = [...new Set([0, points.length, ...spans.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  return cuts.slice(1).map((end, place) => {
    const start = cuts[place];
    const piece = points.slice(start, end).join("");
    const over = spans.filter((span) => span.start <= start && end <= span.end);
    const names = [...new Set(over.map(({ name }) => name))];
    const sentences = names.filter((name) => !name.startsWith("t"));
    if (!names.length) return piece;
    if (!sentences.length) return make("span", { class: "under", "data-for": names.join(" "), text: piece });
    const begun = over.filter((span) => span.start === start && span.number).map(({ number }) => number);
    return mark(piece, names, sentences, begun);
  });
}

function mark(piece, names, sentences, begun) {
  const numbers = begun.join(", ");
  const link = make("a", { class: "mark", href: `#sentence-${sentences[0]}`, "data-for": names.join(" ") });
  if (numbers) link.append(make("sup", { "aria-hidden": "true", text: numbers }));
  link.append(piece);
  if (numbers) link.append(make("span", { class: "sr", text: ` (evidence of sentence ${numbers} of the brief)` }));
  return link;
}

// Without the article, the passages that the brief rests on are all that can be shown of it.
function quotesOnly(data) {
  const seen = new Map();
  (data.record.brief?.sentences ?? []).forEach((sentence, place) => {
    for (const span of sentence.evidence ?? []) {
      const known = seen.get(span.start) ?? { ...span, names: [], numbers: [] };
      known.names.push(`s${place}`);
      known.numbers.push(place + 1);
      seen.set(span.start, known);
    }
  });
  const quotes = [...seen.values()].sort((a, b) => a.start - b.start);
  const note = "The article is not at hand: start the desk with --articles. These are the passages that the brief names.";
  return [
    make("p", { class: "soft small ui", text: note }),
    ...quotes.map(({ text, names, numbers }) => make("p", {}, mark(text, names, names, numbers))),
  ];
}

const namesOf = (part) => part?.dataset.for.split(" ") ?? [];

let lit = []; // what is lit, so that it is again where the source is shown anew

function light(root, part) {
  lightUp(root, part && root.contains(part) ? namesOf(part) : []);
}

function lightUp(root, names) {
  lit = names;
  root.classList.toggle("lighting", names.length > 0);
  for (const other of root.querySelectorAll("[data-for]")) {
    other.classList.toggle("lit", namesOf(other).some((name) => names.includes(name)));
  }
}

// Brings lit evidence into view inside the source's own pane; never moves the page under the pointer.
function bringIntoPane() {
  const pane = find("source");
  const first = pane?.querySelector(".lit");
  if (!first || pane.scrollHeight <= pane.clientHeight) return;
  const [box, frame] = [first.getBoundingClientRect(), pane.getBoundingClientRect()];
  if (box.top >= frame.top + 8 && box.bottom <= frame.bottom - 8) return;
  pane.scrollBy({ top: box.top - frame.top - frame.height / 3, behavior: behavior() });
}

export const behavior = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");

export function linkUp(root) {
  lit = [];
  let waiting;
  const follow = (part, isPane) => {
    light(root, part);
    clearTimeout(waiting);
    if (part && !isPane) waiting = setTimeout(bringIntoPane, 150);
  };
  const focused = () => document.activeElement?.closest("[data-for]");
  const own = (event) => event.target.closest?.("[data-for]");
  root.addEventListener("pointerover", (event) => follow(own(event) ?? focused(), find("source").contains(own(event) ?? null)));
  root.addEventListener("pointerleave", () => follow(focused(), true));
  root.addEventListener("focusin", (event) => follow(own(event), find("source").contains(event.target)));
  root.addEventListener("focusout", () => follow(null, true));
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#sentence-'], a[href^='#evidence-']");
    if (!link) return;
    event.preventDefault();
    const isBack = link.getAttribute("href").startsWith("#sentence-");
    if (isBack) find(link.getAttribute("href").slice(1))?.querySelector("a.said")?.focus();
    else goToEvidence(link.getAttribute("href").slice("#evidence-".length));
  });
}

function goToEvidence(name) {
  const target = [...find("source").querySelectorAll("a.mark")].find((part) => namesOf(part).includes(name));
  if (!target) return;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center", behavior: behavior() });
}
