// Mouse, buttons and keys.
"use strict";

let drag = null;
let isSpace = false;

function choose(name) {
  const button = document.querySelector(`[data-tool="${name}"]`);
  if (!button || button.hidden) return;
  tool = name;
  for (const other of document.querySelectorAll("[data-tool]")) other.setAttribute("aria-pressed", String(other === button));
}

function where(event) {
  const box = $("canvas").getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

$("canvas").addEventListener("pointerdown", (event) => {
  if (!viewer.picture || drag) return;
  event.preventDefault();
  $("canvas").focus();
  $("canvas").setPointerCapture(event.pointerId);
  let what = event.button === 2 ? "window" : event.button === 1 || isSpace ? "pan" : tool;
  drag = { what, from: where(event), window: viewer.picture.window.slice() };
  if (what === "box" || what === "contour") marks.begin(what, viewer.within(viewer.toImage(...drag.from)));
});

$("canvas").addEventListener("pointermove", (event) => {
  if (!drag || !viewer.picture) return;
  const at = where(event);
  const [dx, dy] = [at[0] - drag.from[0], at[1] - drag.from[1]];
  if (drag.what === "pan") {
    viewer.pan(dx, dy);
    drag.from = at;
  } else if (drag.what === "window") {
    const [centre, width] = drag.window;
    viewer.setWindow(centre + (dy * width) / 400, width * Math.exp(dx / 250));
  } else marks.move(viewer.within(viewer.toImage(...at)));
});

function drop(event) {
  if (!drag) return;
  const { what } = drag;
  drag = null;
  if (what === "box" || what === "contour") marks.end(viewer.within(viewer.toImage(...where(event))));
}

$("canvas").addEventListener("pointerup", drop);
$("canvas").addEventListener("pointercancel", () => {
  drag = null;
  marks.open = null;
  viewer.redraw();
});
$("canvas").addEventListener("contextmenu", (event) => event.preventDefault());
$("canvas").addEventListener("wheel", (event) => {
  event.preventDefault();
  if (!viewer.picture) return;
  if (viewer.slices > 1 && !event.ctrlKey) viewer.turnTo(viewer.picture.slice + Math.sign(event.deltaY));
  else viewer.zoom(Math.exp(-event.deltaY / 500), where(event));
}, { passive: false });

// ---- Buttons and keys

for (const button of document.querySelectorAll("[data-tool]")) button.addEventListener("click", () => choose(button.dataset.tool));
$("invert").addEventListener("click", () => viewer.invert());
$("reset").addEventListener("click", () => viewer.reset());
$("zoom-in").addEventListener("click", () => viewer.zoom(1.25));
$("zoom-out").addEventListener("click", () => viewer.zoom(0.8));
$("slice").addEventListener("input", () => viewer.turnTo(Number($("slice").value)));
$("help-shown").addEventListener("change", () => viewer.redraw());
$("marks-shown").addEventListener("change", () => {
  marks.shown = $("marks-shown").checked;
  viewer.redraw();
});
$("undo").addEventListener("click", () => marks.undo());
$("redo").addEventListener("click", () => marks.redo());
$("add-box").addEventListener("click", () => marks.addBox());
$("next").addEventListener("click", submit);
$("previous").addEventListener("click", async () => {
  const before = earlier();
  if (!before || isBusy) return;
  await draft();
  if (!isLost) await show(before);
});
$("open-keys").addEventListener("click", () => $("keys").showModal());
$("close-keys").addEventListener("click", () => $("keys").close());

function toggle(id) {
  $(id).checked = !$(id).checked;
  $(id).dispatchEvent(new Event("change"));
}

function windowBy(centre, width) {
  if (!viewer.picture) return;
  const [c, w] = viewer.picture.window;
  viewer.setWindow(c + centre * w, w * width);
}

function turnBy(slices) {
  if (viewer.picture) viewer.turnTo(viewer.picture.slice + slices);
}

const keys = {
  w: () => choose("window"),
  d: () => choose("pan"),
  b: () => choose("box"),
  c: () => choose("contour"),
  i: () => viewer.invert(),
  r: () => viewer.reset(),
  h: () => toggle("help-shown"),
  m: () => toggle("marks-shown"),
  n: () => marks.list.length && select((marks.chosen + 1) % marks.list.length),
  p: () => pictures.length > 1 && turnPicture((shownPicture + 1) % pictures.length),
  B: () => !$("add-box").hidden && marks.addBox(),
  "+": () => viewer.zoom(1.25),
  "=": () => viewer.zoom(1.25),
  "-": () => viewer.zoom(0.8),
  "[": () => windowBy(0, 0.85),
  "]": () => windowBy(0, 1 / 0.85),
  ",": () => windowBy(0.05, 1),
  ".": () => windowBy(-0.05, 1),
  ArrowUp: () => turnBy(-1),
  ArrowDown: () => turnBy(1),
  PageUp: () => turnBy(-10),
  PageDown: () => turnBy(10),
  Delete: () => marks.remove(marks.chosen),
  Backspace: () => marks.remove(marks.chosen),
  Escape: () => select(-1),
  "?": () => $("keys").showModal(),
};

function digit(value) {
  const chosen = marks.list[marks.chosen];
  const count = state.scale.kind === "percent" ? 0 : (state.scale.labels || state.scale.classes).length;
  if (state.scale.kind === "percent") {
    const field = chosen ? $("mark-list").children[marks.chosen].querySelector("input") : $("percent");
    field.value = "";
    field.focus();
    return false;
  }
  if (value < 1 || value > count) return true;
  if (chosen && state.scale.kind === "confidence") {
    const place = marks.chosen;
    // The next digit answers the question.
    marks.choose(-1);
    marks.rate(place, value);
  } else answerBy(value - 1);
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.key === " ") isSpace = true;
  if (!current || $("keys").open || !$("cover").hidden) return;
  const target = event.target;
  const isField = target instanceof HTMLInputElement;
  if (event.ctrlKey || event.metaKey) {
    const key = event.key.toLowerCase();
    if (isField && target.type === "number") return;
    if (key === "z" || key === "y") {
      event.preventDefault();
      if (key === "y" || event.shiftKey) marks.redo();
      else marks.undo();
    }
    return;
  }
  const step = { ArrowLeft: [-4, 0], ArrowRight: [4, 0], ArrowUp: [0, -4], ArrowDown: [0, 4] }[event.key];
  if (event.altKey) {
    if (step && marks.chosen >= 0) {
      event.preventDefault();
      marks.nudge(step[0], step[1], event.shiftKey);
    }
    return;
  }
  if (event.key === "Enter") {
    if (event.repeat || (target instanceof HTMLButtonElement && target.id !== "next") || target.type === "checkbox") return;
    event.preventDefault();
    submit();
    return;
  }
  // Fields and sliders take keys themselves.
  if (isField && (target.type === "number" || (target.type === "range" && event.key.length > 1))) return;
  if (/^[0-9]$/.test(event.key)) {
    if (digit(Number(event.key))) event.preventDefault();
    return;
  }
  const does = keys[event.key] || keys[event.key.toLowerCase()];
  if (event.key === " " && target === $("canvas")) event.preventDefault();
  if (does) {
    event.preventDefault();
    does();
  }
});

document.addEventListener("keyup", (event) => {
  if (event.key === " ") isSpace = false;
});
