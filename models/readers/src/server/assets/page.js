// The session of a reader: cases one after the other, answers kept as they are given.
"use strict";

const $ = (id) => document.getElementById(id);
const root = location.pathname.replace(/\/$/, "");
const tab = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");

let state = null; // of the study and the reader
let current = null; // the case on screen
let pictures = [];
let shownPicture = 0;
let map = null;
let tool = "window";
let isLost = false; // another tab reads
let drafting = 0;
let isBusy = false;

const viewer = new Viewer($("canvas"), values);
const marks = new Marks(viewer, () => marksChanged());
viewer.over.push((context, step, start) => {
  if (map && $("help-shown").checked && shownPicture === 0) drawMap(map, viewer, context, step, start);
});
viewer.over.push((context) => {
  if (!current || !current.help || !$("help-shown").checked) return;
  for (const mark of current.help.marks) {
    if (mark.picture === shownPicture + 1 && mark.slice === viewer.picture.slice) outline(context, viewer, mark, "#f6c25b", "", false);
  }
});
viewer.over.push((context) => marks.draw(context));

// ---- The server

class Refused extends Error {
  constructor(message, status, isOther) {
    super(message);
    Object.assign(this, { status, isOther });
  }
}

async function send(what, content, keepalive = false) {
  const body = JSON.stringify({ tab, ...content });
  // Browsers keep no more than 64 KB alive.
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body, keepalive: keepalive && body.length < 60000 };
  const answer = await fetch(`${root}/${what}`, options);
  if (answer.ok) return;
  const told = await answer.json().catch(() => ({}));
  throw new Refused(told.error || `the server answers ${answer.status}`, answer.status, told.other_tab === true);
}

function saved(text, isBad = false) {
  $("saved").textContent = text;
  $("saved").classList.toggle("bad", isBad);
}

// ---- Covers

let coverDone = null;

function cover(title, text, button, done) {
  $("cover-title").textContent = title;
  $("cover-text").textContent = text;
  $("cover-button").hidden = !button;
  $("cover-button").textContent = button || "";
  coverDone = done || null;
  $("main").inert = true;
  $("cover").hidden = false;
  if (button) $("cover-button").focus();
}

function uncover() {
  $("cover").hidden = true;
  $("main").inert = false;
  $("canvas").focus();
}

$("cover-button").addEventListener("click", () => coverDone && coverDone());

function lost() {
  keepTime();
  isLost = true;
  cover("Open in another tab", "You read this study in another tab or window. What you answered so far is kept. One tab at a time can be read in.", "Continue here", () => start(true));
}

function failed(error) {
  if (error.isOther) {
    lost();
    return;
  }
  cover("This does not work", `${error.message}\n\nYour submitted answers are kept.`, "Try again", () => start(false));
}

// ---- Where the reader stands

async function start(take) {
  try {
    await claim(take);
    isLost = false;
    state = await ask(`${root}/state`);
    $("title").textContent = document.title = state.title;
    await go();
  } catch (error) {
    failed(error);
  }
}

// Takes the desk. A page that is loaded anew may be faster than the word that the old one is gone.
async function claim(take) {
  try {
    await send("claim", { take });
  } catch (error) {
    if (!error.isOther) throw error;
    await new Promise((done) => setTimeout(done, 700));
    await send("claim", { take });
  }
}

async function go() {
  const { place } = state;
  if (place.at === "done") {
    finish("All cases are read", "Thank you. You can close this page.");
    return;
  }
  if (place.at === "waiting") {
    const opens = new Date(place.opens_ms).toLocaleString([], { dateStyle: "full", timeStyle: "short" });
    finish(`Session ${place.session - 1} of ${state.sessions} is complete`, `Thank you. Session ${place.session} opens on ${opens}; the same link leads to it.`);
    return;
  }
  await show(place.case);
}

function finish(title, text) {
  current = null;
  viewer.clear();
  cover(title, text, "", null);
}

function progress() {
  const { place } = state;
  const number = current.submitted ? "changing a submitted case" : `case ${place.place} of ${place.total}`;
  $("progress-text").textContent = `${state.sessions > 1 ? `Session ${place.session} of ${state.sessions}, ` : ""}${number}`;
  $("progress").max = place.total;
  $("progress").value = place.done;
}

// ---- A case

async function show(id) {
  isBusy = true;
  $("loading").hidden = false;
  $("loading").textContent = "Loading the picture\u2026";
  viewer.clear();
  map = null;
  try {
    const told = await ask(`${root}/case/${id}`);
    const opened = [];
    for (let place = 1; place <= told.pictures.length; place++) opened.push(await viewer.open(`${root}/picture/${id}/${place}`));
    if (told.help && told.help.picture) map = await openMap(`${root}/help/${id}/1`);
    await send("draft", { session: told.session, case: id });
    begin(told, opened);
  } catch (error) {
    $("loading").textContent = error.message;
    failed(error);
  } finally {
    isBusy = false;
  }
}

function begin(told, opened) {
  const answer = told.answer || { seconds: 0, away_seconds: 0 };
  current = {
    ...told,
    rating: answer.rating ?? null,
    class: answer.class ?? null,
    seconds: answer.seconds,
    away: answer.away_seconds,
    since: performance.now(),
    hidden: document.hidden ? performance.now() : null,
  };
  pictures = opened;
  marks.reset(answer.marks || []);
  shownPicture = 0;
  $("loading").hidden = true;
  $("fault").textContent = "";
  $("question").textContent = state.question;
  $("method").hidden = state.sessions < 2 && !told.help;
  $("method").textContent = told.help ? "With the module's help" : "Without help";
  $("method").classList.toggle("without", !told.help);
  $("help").hidden = !told.help;
  if (told.help) {
    $("help-text").textContent = told.help.text;
    $("help-toggle").hidden = !map && !told.help.marks.length;
    $("help-shown").checked = true;
  }
  $("marks-shown").checked = true;
  const kinds = { none: [], boxes: ["box"], contours: ["contour"], both: ["box", "contour"] }[state.marks];
  $("marks").hidden = !kinds.length;
  $("add-box").hidden = !kinds.includes("box");
  for (const button of document.querySelectorAll("[data-tool]")) {
    if (["box", "contour"].includes(button.dataset.tool)) button.hidden = !kinds.includes(button.dataset.tool);
  }
  choose(kinds[0] || "window");
  pictureButtons();
  turnPicture(0);
  scale();
  listMarks();
  const before = earlier();
  $("previous").hidden = !state.place.changeable.length;
  $("previous").disabled = !before;
  $("next").firstChild.textContent = told.submitted ? "Submit the change " : "Submit, next case ";
  progress();
  saved("");
  uncover();
}

// The submitted case before the one on screen, where it may be changed.
function earlier() {
  const list = state.place.changeable;
  const at = list.indexOf(current.case);
  return at < 0 ? list[list.length - 1] : list[at - 1];
}

function pictureButtons() {
  $("pictures").replaceChildren();
  if (pictures.length < 2) return;
  pictures.forEach((_, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `Picture ${place + 1}`;
    button.addEventListener("click", () => turnPicture(place));
    $("pictures").append(button);
  });
}

function turnPicture(place) {
  shownPicture = place;
  marks.picture = place + 1;
  marks.chosen = -1;
  viewer.show(pictures[place]);
  [...$("pictures").children].forEach((button, at) => button.setAttribute("aria-pressed", String(at === place)));
  $("slice").hidden = viewer.slices < 2;
  $("slice").max = viewer.slices;
  viewer.turnTo(viewer.picture.slice);
  const edges = pictures[place].meta.edges || "    ";
  ["left", "right", "top", "bottom"].forEach((edge, at) => ($(`edge-${edge}`).textContent = edges[at].trim()));
}

// The numbers below the picture.
function values() {
  const picture = viewer.picture;
  if (!picture) {
    $("values").textContent = "";
    return;
  }
  const [centre, width] = picture.window;
  const digits = (value) => (Math.abs(picture.meta.slope) < 0.5 ? value.toPrecision(4) : Math.round(value));
  const slice = viewer.slices > 1 ? `slice ${picture.slice} of ${viewer.slices}   ` : "";
  $("values").textContent = `${slice}centre ${digits(centre)}  width ${digits(width)}   zoom ${Math.round(picture.zoom * 100)} %`;
  $("slice").value = picture.slice;
  $("invert").setAttribute("aria-pressed", String(picture.invert));
}
