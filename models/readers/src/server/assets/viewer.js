// The picture: sixteen bits a pixel with a window, zoom, place and slices. Marks and maps are drawn over it by others.
"use strict";

class Viewer {
  constructor(canvas, changed) {
    this.canvas = canvas;
    this.changed = changed;
    this.over = [];
    this.picture = null;
    this.buffer = document.createElement("canvas");
    this.table = new Uint32Array(65536);
    this.pending = false;
    new ResizeObserver(() => this.redraw()).observe(canvas);
  }

  clear() {
    this.picture = null;
    this.redraw();
  }

  // `base` is the address of the picture; slices are fetched as they are asked for.
  async open(base) {
    const meta = await ask(base);
    const picture = { base, meta, slices: new Map(), slice: Math.ceil(meta.size[2] / 2), window: meta.window.slice(), invert: false, zoom: 1, shift: [0, 0] };
    await fetchSlice(picture, picture.slice);
    return picture;
  }

  // Shows a picture that was opened; it comes as it was left.
  show(picture) {
    this.picture = picture;
    const [columns, rows] = picture.meta.size;
    this.buffer.width = columns;
    this.buffer.height = rows;
    this.repaint();
  }

  get slices() {
    return this.picture ? this.picture.meta.size[2] : 0;
  }

  async turnTo(slice) {
    const picture = this.picture;
    if (!picture) return;
    picture.slice = Math.max(1, Math.min(picture.meta.size[2], slice));
    const wanted = picture.slice;
    try {
      await fetchSlice(picture, wanted);
    } catch (error) {
      return;
    }
    if (this.picture !== picture || picture.slice !== wanted) return;
    this.repaint();
    for (const near of [wanted + 1, wanted - 1, wanted + 2, wanted - 2]) {
      if (near >= 1 && near <= picture.meta.size[2]) fetchSlice(picture, near).catch(() => {});
    }
  }

  setWindow(centre, width) {
    const picture = this.picture;
    if (!picture) return;
    const least = Math.abs(picture.meta.slope);
    picture.window = [centre, Math.max(least, Math.min(width, least * 1e6))];
    this.repaint();
  }

  invert() {
    if (!this.picture) return;
    this.picture.invert = !this.picture.invert;
    this.repaint();
  }

  reset() {
    const picture = this.picture;
    if (!picture) return;
    Object.assign(picture, { window: picture.meta.window.slice(), invert: false, zoom: 1, shift: [0, 0] });
    this.repaint();
  }

  // Zooms about a place of the canvas, in CSS pixels; about its middle without one.
  zoom(factor, at) {
    const picture = this.picture;
    if (!picture) return;
    const { width, height } = this.canvas.getBoundingClientRect();
    const [x, y] = at || [width / 2, height / 2];
    const before = this.toImage(x, y);
    picture.zoom = Math.max(0.2, Math.min(40, picture.zoom * factor));
    const [ax, ay] = this.toScreen(before[0], before[1]);
    picture.shift = [picture.shift[0] + x - ax, picture.shift[1] + y - ay];
    this.redraw();
  }

  pan(dx, dy) {
    if (!this.picture) return;
    this.picture.shift[0] += dx;
    this.picture.shift[1] += dy;
    this.redraw();
  }

  // CSS pixels of a column and of a row, and where the picture begins.
  frame() {
    const { width, height } = this.canvas.getBoundingClientRect();
    const [columns, rows] = this.picture.meta.size;
    const [sx, sy] = this.picture.meta.spacing_mm || [1, 1];
    const tall = sy / sx;
    const scale = Math.min(width / columns, height / (rows * tall)) * this.picture.zoom;
    const step = [scale, scale * tall];
    const start = [(width - columns * step[0]) / 2 + this.picture.shift[0], (height - rows * step[1]) / 2 + this.picture.shift[1]];
    return { step, start };
  }

  // The middle of the first pixel is (0, 0).
  toScreen(x, y) {
    const { step, start } = this.frame();
    return [start[0] + (x + 0.5) * step[0], start[1] + (y + 0.5) * step[1]];
  }

  toImage(x, y) {
    const { step, start } = this.frame();
    return [(x - start[0]) / step[0] - 0.5, (y - start[1]) / step[1] - 0.5];
  }

  // A place within the picture.
  within([x, y]) {
    const [columns, rows] = this.picture.meta.size;
    const hold = (value, size) => Math.round(Math.max(-0.5, Math.min(size - 0.5, value)) * 100) / 100;
    return [hold(x, columns), hold(y, rows)];
  }

  // Grey values anew, then all that is drawn.
  repaint() {
    const picture = this.picture;
    const pixels = picture && picture.slices.get(picture.slice);
    if (pixels) {
      const { slope, intercept, inverted } = picture.meta;
      const [centre, width] = picture.window;
      const low = centre - width / 2;
      const turned = inverted !== picture.invert;
      for (let stored = 0; stored < 65536; stored++) {
        let grey = ((stored * slope + intercept - low) / width) * 255;
        grey = grey < 0 ? 0 : grey > 255 ? 255 : Math.round(grey);
        if (turned) grey = 255 - grey;
        this.table[stored] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
      }
      const context = this.buffer.getContext("2d");
      const image = context.createImageData(this.buffer.width, this.buffer.height);
      const words = new Uint32Array(image.data.buffer);
      const table = this.table;
      for (let place = 0; place < words.length; place++) words[place] = table[pixels[place]];
      context.putImageData(image, 0, 0);
    }
    this.redraw();
  }

  redraw() {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      this.draw();
    });
  }

  draw() {
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = this.canvas.getBoundingClientRect();
    const [wide, high] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
    if (this.canvas.width !== wide || this.canvas.height !== high) {
      this.canvas.width = wide;
      this.canvas.height = high;
    }
    const context = this.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = "#000";
    context.fillRect(0, 0, width, height);
    if (this.picture && this.picture.slices.has(this.picture.slice)) {
      const { step, start } = this.frame();
      const [columns, rows] = this.picture.meta.size;
      // Single pixels are to be seen as such once they are large.
      context.imageSmoothingEnabled = step[0] < 16;
      context.imageSmoothingQuality = "high";
      context.drawImage(this.buffer, start[0], start[1], columns * step[0], rows * step[1]);
      for (const draw of this.over) draw(context, step, start);
    }
    this.changed();
  }
}

// JSON of an address.
async function ask(address) {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) throw new Error((await answer.text()).trim() || `the server answers ${answer.status}`);
  return answer.json();
}

async function fetchSlice(picture, slice) {
  if (picture.slices.has(slice)) return;
  const answer = await fetch(`${picture.base}/${slice}`, { cache: "no-store" });
  if (!answer.ok) throw new Error((await answer.text()).trim());
  const bytes = await answer.arrayBuffer();
  const [columns, rows] = picture.meta.size;
  if (bytes.byteLength !== columns * rows * 2) throw new Error("the picture did not come whole");
  // Some 400 MB of slices at most.
  const most = Math.max(8, Math.floor(4e8 / bytes.byteLength));
  if (picture.slices.size >= most) picture.slices.delete(picture.slices.keys().next().value);
  picture.slices.set(slice, new Uint16Array(bytes));
}

// A map of the module over the picture: nothing where it is low, amber to red where it is high.
async function openMap(base) {
  const meta = await ask(base);
  return { base, meta, slices: new Map(), painted: 0, canvas: document.createElement("canvas") };
}

function drawMap(map, viewer, context, step, start) {
  const slice = viewer.picture.slice;
  const pixels = map.slices.get(slice);
  if (!pixels) {
    fetchSlice(map, slice).then(() => viewer.redraw()).catch(() => {});
    return;
  }
  const [columns, rows] = map.meta.size;
  if (map.painted !== slice) {
    Object.assign(map.canvas, { width: columns, height: rows });
    const inner = map.canvas.getContext("2d");
    const image = inner.createImageData(columns, rows);
    const { slope, intercept, range: [centre, width] } = map.meta;
    for (let place = 0; place < pixels.length; place++) {
      const part = Math.max(0, Math.min(1, (pixels[place] * slope + intercept - centre) / width + 0.5));
      image.data.set([255, Math.round(200 * (1 - part)), 40, Math.round(150 * part)], place * 4);
    }
    inner.putImageData(image, 0, 0);
    map.painted = slice;
  }
  context.drawImage(map.canvas, start[0], start[1], columns * step[0], rows * step[1]);
}
