// The last view: what was signed, and taking it away.
import { get, save } from "./api.js";
import { complain, find, make, moment, say, show } from "./dom.js";

export async function openSigned() {
  show("signed");
  document.title = "Signed off – Editor’s desk";
  for (const kind of ["training", "audit"]) find(`export-${kind}`).addEventListener("click", () => take(kind));
  const signoffs = await get("signoffs");
  if (!find("last")) return; // somebody went on meanwhile
  find("last").replaceChildren(...signoffs.map(row));
  if (!signoffs.length) find("last").append(make("li", { class: "empty soft", text: "Nobody has signed anything yet." }));
}

function row({ key, article, title, editor, at, note }) {
  const told = `${editor}, ${moment(at)}${note ? ` · ${note}` : ""}`;
  return make("li", {}, make("a", { href: `#/record/${key}` },
    make("span", { class: "title", dir: "auto", text: title || article }), make("span", { class: "soft small", dir: "auto", text: told })));
}

async function take(kind) {
  complain("export-problem", "");
  try {
    await save(`export/${kind}.jsonl`, `${kind}.jsonl`);
    say(`${kind}.jsonl was saved.`);
  } catch (error) {
    complain("export-problem", error.message);
  }
}
