// Which words of a sentence its evidence does not have: what a reader should look at first.
// A word that the sentence has twice and the evidence once is one of them, the second time.

const WORD = /[\p{L}\p{N}]+(?:[.,'’-][\p{L}\p{N}]+)*/gu;
const LEAST_LETTERS = 3; // shorter ones hold a sentence together; numbers always count

const JOINING = new Set(["and", "the", "that", "which", "who", "with", "for", "from", "its", "his", "her", "their"]);

const isTelling = (word) => !JOINING.has(word.toLowerCase()) && (word.length >= LEAST_LETTERS || /\p{N}/u.test(word));

export function ownWords(text, evidence) {
  const left = new Map();
  for (const { text: passage } of evidence) {
    for (const [word] of passage.toLowerCase().matchAll(WORD)) left.set(word, (left.get(word) ?? 0) + 1);
  }
  const pieces = [];
  let end = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const key = word.toLowerCase();
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    if (count > 0 || !isTelling(word)) continue;
    pieces.push({ piece: text.slice(end, index), isOwn: false }, { piece: word, isOwn: true });
    end = index + word.length;
  }
  return [...pieces, { piece: text.slice(end), isOwn: false }].filter(({ piece }) => piece);
}

export const plain = (text) => text.replace(/\s+/g, " ").trim();

const ABBREVIATED = /(?:^|[\s(])(?:\p{Lu}|\p{Lu}\p{Ll}{1,3}|\p{L}\.\p{L})\.$/u; // "Dr." and "J." end no sentence

// Cuts what an editor wrote into sentences.
export function sentencesOf(text, language) {
  const found = [];
  for (const { segment } of segmenter(language).segment(plain(text))) {
    const piece = segment.trim();
    if (!piece) continue;
    if (found.length && ABBREVIATED.test(found.at(-1))) found[found.length - 1] += ` ${piece}`;
    else found.push(piece);
  }
  return found;
}

function segmenter(language) {
  try {
    return new Intl.Segmenter(language || "en", { granularity: "sentence" });
  } catch {
    return { segment: (text) => [{ segment: text }] }; // a language or a browser that does not know how
  }
}
