// Time with the page hidden, tabs that open and close, and the beginning.
"use strict";

document.addEventListener("visibilitychange", () => {
  if (!current) return;
  keepTime();
  current.hidden = document.hidden ? performance.now() : null;
  if (document.hidden) draft(true);
});

window.addEventListener("pagehide", () => {
  if (isLost) return;
  // One request: two could come in either order.
  const last = current ? { session: current.session, case: current.case, answer: answer() } : {};
  send("release", last, true).catch(() => {});
});

setInterval(async () => {
  if (isLost || !state) return;
  try {
    await send("beat", {});
    if ($("saved").textContent === "No connection") saved("");
  } catch (error) {
    if (error.isOther) lost();
    else if (!(error instanceof Refused)) saved("No connection", true);
  }
}, 5000);

// Time is kept also where nothing is said for long.
setInterval(() => draft(), 15000);

(async () => {
  try {
    state = await ask(`${root}/state`);
  } catch (error) {
    failed(error);
    return;
  }
  $("title").textContent = document.title = state.title;
  const { place } = state;
  if (place.at !== "reading") {
    go();
    return;
  }
  const isNew = place.done === 0;
  const session = state.sessions > 1 ? `Session ${place.session} of ${state.sessions}. ` : "";
  const count = isNew ? `${place.total} cases.` : `${place.done} of ${place.total} cases are read.`;
  const text = [state.instructions, `${session}${count} Answers are kept as you give them; you can stop at any time and go on later with the same link. Press ? for keys.`];
  cover(state.title, text.filter(Boolean).join("\n\n"), isNew ? "Start" : "Continue", () => start(false));
})();
