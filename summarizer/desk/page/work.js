// Has articles read: shows that it goes on and for how long, can be stopped, and says what went wrong.
import { complain, find } from "./dom.js";

const LONG_SECONDS = 8;
let running = null;

export const stop = () => running?.abort();

// Runs `ask` with a signal to stop it; `taken` gets its answer. What runs already is stopped.
export async function work(name, ask, taken) {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  complain("intake-problem", "");
  const ticking = progress(name, Date.now());
  try {
    const answer = await ask(mine.signal);
    if (running === mine) done(ticking);
    taken(answer);
  } catch (error) {
    if (running !== mine) return;
    done(ticking);
    if (find("intake")) complain("intake-problem", error.name === "AbortError" ? "Stopped. Nothing was kept." : error.message);
  } finally {
    clearInterval(ticking);
    if (running === mine) running = null;
  }
}

// Shows again what goes on, where the view was left meanwhile.
let shown = null;
export const showProgress = () => shown?.();

function progress(name, start) {
  shown = () => {
    if (!find("progress")) return;
    const seconds = Math.round((Date.now() - start) / 1000);
    const told = seconds < LONG_SECONDS ? `Writing the brief of ${name}` : `Still writing the brief of ${name}; other articles may be before it`;
    if (find("progress").hidden || find("progress-told").textContent !== told) find("progress-told").textContent = told;
    find("progress").hidden = false;
    find("read").disabled = true;
    find("elapsed").textContent = `${seconds} s`;
  };
  shown();
  return setInterval(shown, 1000);
}

function done(ticking) {
  clearInterval(ticking);
  shown = null;
  if (!find("progress")) return;
  find("progress").hidden = true;
  find("read").disabled = false;
  find("file").value = "";
}
