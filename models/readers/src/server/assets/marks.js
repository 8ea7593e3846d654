// Marks of a case: boxes and contours, drawn, rated, removed, undone.
"use strict";

class Marks {
  constructor(viewer, changed) {
    this.viewer = viewer;
    this.changed = changed;
    this.reset([]);
  }

  reset(list) {
    this.list = list.map((mark) => ({ ...mark, points: mark.points.map((point) => point.slice()) }));
    this.chosen = -1;
    this.open = null;
    this.before = [];
    this.after = [];
    this.shown = true;
  }

  copy() {
    return this.list.map((mark) => ({ ...mark, points: mark.points.map((point) => point.slice()) }));
  }

  // Notes how it was, so that the change that follows can be undone.
  note() {
    this.before.push(this.copy());
    if (this.before.length > 100) this.before.shift();
    this.after = [];
  }

  undo() {
    if (!this.before.length) return;
    this.after.push(this.copy());
    this.list = this.before.pop();
    this.choose(-1);
    this.changed();
  }

  redo() {
    if (!this.after.length) return;
    this.before.push(this.copy());
    this.list = this.after.pop();
    this.choose(-1);
    this.changed();
  }

  choose(place) {
    this.chosen = place;
    const mark = this.list[place];
    if (mark && mark.picture === this.picture && mark.slice !== this.viewer.picture.slice) this.viewer.turnTo(mark.slice);
    this.viewer.redraw();
  }

  add(kind, points) {
    this.note();
    this.list.push({ picture: this.picture, slice: this.viewer.picture.slice, kind, points, rating: null, lesion: null });
    this.choose(this.list.length - 1);
    this.changed();
  }

  rate(place, rating) {
    this.note();
    this.list[place].rating = rating;
    this.changed();
  }

  remove(place) {
    if (!this.list[place]) return;
    this.note();
    this.list.splice(place, 1);
    this.choose(-1);
    this.changed();
  }

  // A box in the middle of what is seen, for who draws with keys.
  addBox() {
    const { width, height } = this.viewer.canvas.getBoundingClientRect();
    const at = (x, y) => this.viewer.within(this.viewer.toImage(x, y));
    this.add("box", [at(width * 0.42, height * 0.42), at(width * 0.58, height * 0.58)]);
  }

  // Moves the selected box, or changes its size, by CSS pixels.
  nudge(dx, dy, isSize) {
    const mark = this.list[this.chosen];
    if (!mark || mark.kind !== "box") return;
    this.note();
    const { step } = this.viewer.frame();
    const by = [dx / step[0], dy / step[1]];
    mark.points = mark.points.map((point, place) => (isSize && place === 0 ? point : this.viewer.within([point[0] + by[0], point[1] + by[1]])));
    this.changed();
  }

  // The mark at a place of the picture, the smallest first.
  at(place) {
    const near = 6 / this.viewer.frame().step[0];
    const found = this.list.map((mark, index) => ({ mark, index })).filter(({ mark }) => {
      if (mark.picture !== this.picture || mark.slice !== this.viewer.picture.slice) return false;
      const [low, high] = bounds(mark.points);
      return place[0] >= low[0] - near && place[0] <= high[0] + near && place[1] >= low[1] - near && place[1] <= high[1] + near;
    });
    found.sort((a, b) => area(a.mark.points) - area(b.mark.points));
    return found.length ? found[0].index : -1;
  }

  // The corner of the selected box at a place, to be dragged.
  corner(place) {
    const mark = this.list[this.chosen];
    if (!mark || mark.kind !== "box" || mark.picture !== this.picture || mark.slice !== this.viewer.picture.slice) return null;
    const near = 8 / this.viewer.frame().step[0];
    const [low, high] = bounds(mark.points);
    for (const [x, y] of [[0, 0], [1, 0], [0, 1], [1, 1]]) {
      const corner = [x ? high[0] : low[0], y ? high[1] : low[1]];
      if (Math.hypot(place[0] - corner[0], place[1] - corner[1]) < near) return [x ? low[0] : high[0], y ? low[1] : high[1]];
    }
    return null;
  }

  begin(kind, place) {
    const opposite = this.corner(place);
    if (opposite) {
      this.note();
      this.open = { kind: "corner", points: [opposite, place] };
      return;
    }
    this.open = { kind, points: [place, place] };
  }

  move(place) {
    if (!this.open) return;
    if (this.open.kind === "contour") {
      const last = this.open.points[this.open.points.length - 1];
      const { step } = this.viewer.frame();
      if (Math.hypot((place[0] - last[0]) * step[0], (place[1] - last[1]) * step[1]) >= 3) this.open.points.push(place);
    } else {
      this.open.points[1] = place;
      if (this.open.kind === "corner") this.list[this.chosen].points = this.open.points.map((point) => point.slice());
    }
    this.viewer.redraw();
  }

  // What was begun is a mark where it is large enough; else a click, which selects.
  end(place) {
    const open = this.open;
    this.open = null;
    if (!open) return;
    if (open.kind === "corner") {
      this.changed();
      return;
    }
    const { step } = this.viewer.frame();
    const [low, high] = bounds(open.points);
    const isLarge = (high[0] - low[0]) * step[0] >= 4 && (high[1] - low[1]) * step[1] >= 4;
    const isWhole = open.kind === "box" || (open.points.length >= 4 && enclosed(open.points) * step[0] * step[1] >= 30);
    if (isLarge && isWhole) this.add(open.kind, open.kind === "contour" ? open.points.slice(1) : [low, high]);
    else {
      this.choose(this.at(place));
      this.changed();
    }
  }

  draw(context) {
    if (!this.shown) return;
    this.list.forEach((mark, place) => {
      if (mark.picture !== this.picture || mark.slice !== this.viewer.picture.slice) return;
      const colour = place === this.chosen ? "#63b3ed" : "#7ee787";
      outline(context, this.viewer, mark, colour, String(place + 1) + (mark.rating === null ? "" : `: ${mark.rating}`), place === this.chosen);
    });
    if (this.open && this.open.kind !== "corner") outline(context, this.viewer, this.open, "#63b3ed", "", false);
  }
}

function bounds(points) {
  const [xs, ys] = [points.map((point) => point[0]), points.map((point) => point[1])];
  return [[Math.min(...xs), Math.min(...ys)], [Math.max(...xs), Math.max(...ys)]];
}

// The area within a closed line, square pixels.
function enclosed(points) {
  const twice = points.reduce((sum, [x, y], place) => {
    const [nextX, nextY] = points[(place + 1) % points.length];
    return sum + x * nextY - y * nextX;
  }, 0);
  return Math.abs(twice) / 2;
}

function area(points) {
  const [low, high] = bounds(points);
  return (high[0] - low[0]) * (high[1] - low[1]);
}

function outline(context, viewer, mark, colour, text, isChosen) {
  const screen = mark.points.map(([x, y]) => viewer.toScreen(x, y));
  const [low, high] = bounds(screen);
  context.beginPath();
  if (mark.kind === "box") context.rect(low[0], low[1], high[0] - low[0], high[1] - low[1]);
  else {
    screen.forEach(([x, y], place) => (place ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.closePath();
  }
  // Dark below light, so that it is seen on any grey.
  context.lineWidth = 3.5;
  context.strokeStyle = "rgb(0 0 0 / .6)";
  context.stroke();
  context.lineWidth = isChosen ? 2.2 : 1.6;
  context.strokeStyle = colour;
  context.stroke();
  if (isChosen && mark.kind === "box") {
    context.fillStyle = colour;
    for (const [x, y] of [low, high, [low[0], high[1]], [high[0], low[1]]]) context.fillRect(x - 3.5, y - 3.5, 7, 7);
  }
  if (!text) return;
  context.font = "13px system-ui, sans-serif";
  context.lineWidth = 3;
  context.strokeStyle = "#000";
  const place = [low[0], low[1] > 18 ? low[1] - 6 : high[1] + 16];
  context.strokeText(text, place[0], place[1]);
  context.fillStyle = colour;
  context.fillText(text, place[0], place[1]);
}
