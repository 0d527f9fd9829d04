// Correcting the brief: one sentence, or the whole of it; what is typed is checked on the way.
import { checkWhileTyping, isDoubtful, reasons, verdict } from "./check.js";
import { find, make, say } from "./dom.js";
import { briefText, realign, textsOf } from "./draft.js";
import { plain } from "./words.js";

// Opens a form in place of a sentence; `stop` shows the sentence again.
export function editForm(story, sentence, place, stop) {
  const area = make("textarea", { rows: 3, dir: "auto", "aria-label": `Sentence ${place + 1}` });
  area.value = sentence.text;
  const told = make("p", { class: "live small", role: "status" });
  const keep = (event) => {
    event?.preventDefault();
    const text = plain(area.value);
    if (text === sentence.text) return cancel();
    const { sentences } = story.draft;
    const now = text ? { text, of: sentence.of } : null;
    sentences.splice(sentences.indexOf(sentence), 1, ...(now ? [now] : []));
    form.remove();
    story.changed("brief");
    stop(now);
    say(now ? "Corrected." : "Removed.");
  };
  const cancel = () => { form.remove(); stop(sentence); };
  const form = make("form", { class: "edit", novalidate: true, onsubmit: keep }, area, make("div", { class: "row" },
    make("button", { class: "primary small", text: "Keep" }),
    make("button", { type: "button", class: "quiet small", text: "Cancel", onclick: cancel }),
    make("span", { class: "soft small hint", text: "Ctrl + Enter keeps, Esc cancels" })), told); // below the buttons, which must not move away from under the pointer
  const typed = () => story.draft.sentences.map((other) => (other === sentence ? plain(area.value) : other.text)).filter(Boolean);
  const show = () => {
    const text = plain(area.value);
    const said = story.check.said(typed(), typed().indexOf(text));
    told.replaceChildren(...(text && text !== sentence.text ? verdict(said, text) : []));
    if (isDoubtful(said)) told.scrollIntoView({ block: "nearest" });
  };
  checkWhileTyping(story.check, area, typed, show);
  story.check.ask(textsOf(story.draft)); // has the check loaded, if it is not yet, while the editor types
  onKeys(area, keep, cancel);
  form.sentence = sentence;
  return form;
}

function onKeys(area, keep, stop) {
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) keep(event);
    if (event.key === "Escape") { event.stopPropagation(); stop(); }
  });
}

// Keeps what is being typed, so that leaving the page or the record loses nothing.
export function keepOpenEdits() {
  for (const form of document.querySelectorAll("form.edit, #whole-form:not([hidden])")) form.requestSubmit();
}

export function prepareWhole(story) {
  const [form, area, list, told] = [find("whole-form"), find("whole-text"), find("sentences"), find("whole-live")];
  const { language } = story.data.article;
  const close = () => { form.hidden = true; list.hidden = false; find("whole").focus(); };
  const keep = (event) => {
    event.preventDefault();
    if (plain(area.value) !== plain(briefText(story.draft))) {
      story.draft.sentences = realign(story.draft.sentences, area.value, language);
      story.changed("brief");
      say("The brief was changed.");
    }
    close();
  };
  find("whole").addEventListener("click", () => {
    area.value = briefText(story.draft);
    told.replaceChildren();
    form.hidden = false;
    list.hidden = true;
    area.focus();
  });
  const typed = () => realign(story.draft.sentences, area.value, language);
  const show = () => told.replaceChildren(...wholeVerdict(story, typed()));
  checkWhileTyping(story.check, area, () => textsOf({ sentences: typed() }), show);
  form.addEventListener("submit", keep);
  find("whole-cancel").addEventListener("click", close);
  onKeys(area, keep, close);
}

function wholeVerdict(story, sentences) {
  const texts = textsOf({ sentences });
  const changed = sentences.map((sentence, place) => ({ sentence, said: story.check.said(texts, place) }))
    .filter(({ sentence }) => !story.draft.sentences.includes(sentence));
  if (!changed.length) return [];
  const fault = changed.find(({ said }) => !said || said.fault);
  if (fault) return verdict(fault.said, fault.sentence.text);
  const doubtful = changed.filter(({ said }) => isDoubtful(said));
  if (!doubtful.length) return [make("span", { class: "soft", text: "What you changed passed the check." })];
  return doubtful.flatMap(({ sentence, said }) => [
    make("span", { class: "bad", text: "The source does not bear this out: " }), make("q", { text: sentence.text }), reasons(said.unsupported)]);
}
