// Answers, their ratings and marks, and what is sent of them.
"use strict";

function scale() {
  const field = $("scale");
  field.querySelectorAll(":scope > :not(legend)").forEach((child) => child.remove());
  const { kind } = state.scale;
  if (kind === "percent") {
    percent(field);
    return;
  }
  field.setAttribute("role", "radiogroup");
  (state.scale.labels || state.scale.classes).forEach((label, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "answer";
    button.setAttribute("role", "radio");
    const key = document.createElement("kbd");
    key.textContent = place + 1;
    button.append(key, label);
    button.addEventListener("click", () => answerBy(place));
    field.append(button);
  });
  checked();
}

function percent(field) {
  const line = document.createElement("div");
  line.className = "percent";
  const slider = Object.assign(document.createElement("input"), { type: "range", min: 0, max: 100, step: 1, id: "percent-slider" });
  const number = Object.assign(document.createElement("input"), { type: "number", min: 0, max: 100, step: 1, id: "percent" });
  slider.setAttribute("aria-label", "Answer from 0 to 100");
  number.setAttribute("aria-label", "Answer from 0 to 100, as a number");
  slider.addEventListener("input", () => rate(Number(slider.value)));
  number.addEventListener("input", () => rate(number.value === "" ? null : Number(number.value)));
  line.append(slider, number, "of 100");
  field.append(line);
  checked();
}

function rate(value) {
  current.rating = value;
  checked();
  changed();
}

function answerBy(place) {
  if (state.scale.kind === "confidence") current.rating = place + 1;
  else current.class = state.scale.classes[place];
  checked();
  changed();
}

function checked() {
  if (state.scale.kind === "percent") {
    if (current.rating !== null && $("percent") !== document.activeElement) $("percent").value = current.rating;
    if (current.rating !== null) $("percent-slider").value = current.rating;
    // Before there is an answer the slider stands in the middle, and is not to look like one.
    $("percent-slider").classList.toggle("unset", current.rating === null);
    return;
  }
  [...document.querySelectorAll("#scale .answer")].forEach((button, place) => {
    const isOn = state.scale.kind === "confidence" ? current.rating === place + 1 : current.class === state.scale.classes[place];
    button.setAttribute("aria-checked", String(isOn));
  });
}

// Time with the case on screen and away from it, up to now.
function keepTime() {
  if (!current) return;
  const now = performance.now();
  if (current.hidden !== null) {
    current.away += (now - current.hidden) / 1000;
    current.hidden = now;
  } else {
    current.seconds += (now - current.since) / 1000;
  }
  current.since = now;
}

function answer() {
  keepTime();
  const round = (value) => Math.round(value * 1000) / 1000;
  const said = { marks: marks.copy(), seconds: round(current.seconds), away_seconds: round(current.away) };
  if (current.rating !== null) said.rating = current.rating;
  if (current.class !== null) said.class = current.class;
  return said;
}

function changed() {
  $("fault").textContent = "";
  clearTimeout(drafting);
  drafting = setTimeout(draft, 400);
}

async function draft(keepalive = false) {
  clearTimeout(drafting);
  if (!current || isLost || isBusy) return;
  try {
    await send("draft", { session: current.session, case: current.case, answer: answer() }, keepalive);
    saved("Kept");
  } catch (error) {
    if (error.isOther) lost();
    else if (error instanceof Refused) saved("Not kept", true);
    else {
      saved("No connection", true);
      drafting = setTimeout(draft, 3000);
    }
  }
}

// What is missing before the answer can be submitted.
function fault() {
  const { kind } = state.scale;
  if (kind === "classes" ? current.class === null : current.rating === null) return "Please answer the question first.";
  if (kind === "percent" && !(Number.isInteger(current.rating) && current.rating >= 0 && current.rating <= 100)) return "The answer is a whole number from 0 to 100.";
  if (kind !== "classes") {
    const place = marks.list.findIndex((mark) => mark.rating === null);
    if (place >= 0) {
      marks.choose(place);
      listMarks();
      return `Please rate mark ${place + 1}, or remove it.`;
    }
  }
  return "";
}

async function submit() {
  if (!current || isBusy || isLost) return;
  endTyping();
  const missing = fault();
  $("fault").textContent = missing;
  if (missing) return;
  isBusy = true;
  clearTimeout(drafting);
  try {
    await send("answer", { session: current.session, case: current.case, answer: answer() });
    state = await ask(`${root}/state`);
    current = null;
    await go();
  } catch (error) {
    if (error instanceof Refused) failed(error);
    else {
      $("fault").textContent = "The server cannot be reached; the answer is not submitted yet. Please try again.";
      saved("No connection", true);
    }
  } finally {
    isBusy = false;
  }
}

// ---- Marks

function marksChanged() {
  listMarks();
  viewer.redraw();
  changed();
}

// A number that is being typed counts.
function endTyping() {
  if (document.activeElement instanceof HTMLInputElement && document.activeElement.type === "number") document.activeElement.blur();
}

function listMarks() {
  const list = $("mark-list");
  // A field that is taken away while it is typed in would change the list once more meanwhile.
  if (list.contains(document.activeElement)) endTyping();
  list.replaceChildren();
  const range = { confidence: [1, (state.scale.labels || []).length], percent: [0, 100], classes: null }[state.scale.kind];
  marks.list.forEach((mark, place) => list.append(markRow(mark, place, range)));
  $("mark-count").textContent = marks.list.length || "";
  $("undo").disabled = !marks.before.length;
  $("redo").disabled = !marks.after.length;
  const chosen = marks.list[marks.chosen];
  $("mark-hint").textContent = chosen && range ? `Mark ${marks.chosen + 1} is selected: keys ${range[0]} to ${range[1]} rate it.` : marks.list.length ? "" : "Drag on the picture to mark a finding; none is an answer too.";
}

function markRow(mark, place, range) {
  const row = document.createElement("li");
  row.classList.toggle("chosen", place === marks.chosen);
  const name = document.createElement("button");
  name.type = "button";
  name.className = "name";
  const where = [pictures.length > 1 ? `picture ${mark.picture}` : "", (pictures[mark.picture - 1]?.meta.size[2] || 1) > 1 ? `slice ${mark.slice}` : ""].filter(Boolean).join(", ");
  name.textContent = `${place + 1}  ${mark.kind === "box" ? "Box" : "Contour"}${where ? `, ${where}` : ""}`;
  name.addEventListener("click", () => select(place));
  const remove = document.createElement("button");
  remove.type = "button";
  remove.textContent = "Remove";
  remove.addEventListener("click", () => marks.remove(place));
  row.append(name, remove);
  if (range && range[1] <= 9) {
    const grades = document.createElement("span");
    grades.className = "grades";
    grades.setAttribute("role", "group");
    grades.setAttribute("aria-label", `Rating of mark ${place + 1}`);
    for (let grade = range[0]; grade <= range[1]; grade++) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = grade;
      button.title = state.scale.labels[grade - 1];
      button.setAttribute("aria-pressed", String(mark.rating === grade));
      button.addEventListener("click", () => marks.rate(place, grade));
      grades.append(button);
    }
    row.append(grades);
  } else if (range) {
    const number = Object.assign(document.createElement("input"), { type: "number", min: range[0], max: range[1], step: 1, value: mark.rating ?? "" });
    number.setAttribute("aria-label", `Rating of mark ${place + 1}, ${range[0]} to ${range[1]}`);
    number.addEventListener("change", () => marks.rate(place, number.value === "" ? null : Math.max(range[0], Math.min(range[1], Math.round(Number(number.value))))));
    row.append(number);
  }
  return row;
}

function select(place) {
  const mark = marks.list[place];
  if (mark && mark.picture !== shownPicture + 1) turnPicture(mark.picture - 1);
  marks.choose(place);
  listMarks();
}
