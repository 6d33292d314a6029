// Cropping by hand: a rectangle over the whole picture, to be dragged, pulled at its corners, moved by the arrow keys
// (with Shift made larger or smaller), and a slider that goes closer. What it says stands in the numbers beside it, which
// are all that is sent; without this file they are written by hand.
"use strict";
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const clamp = (n, least, most) => Math.min(Math.max(n, least), Math.max(least, most));

  // One crop: its size and shape, its numbers, its rectangle.
  function open(work) {
    const name = work.dataset.crop;
    const input = (part) => work.querySelector(`[name="${CSS.escape(name)}.crop_${part}"]`);
    const crop = {
      work,
      width: Number(work.dataset.width),
      height: Number(work.dataset.height),
      square: work.dataset.square !== undefined,
      least: Number(work.dataset.least),
      box: work.querySelector("[data-box]"),
      zoom: work.querySelector("[data-zoom]"),
    };
    crop.least = Math.min(crop.least, crop.width, crop.height);
    crop.read = () => {
      const n = (part, other) => {
        const field = input(part);
        const value = field ? Math.round(Number(field.value)) : NaN;
        return Number.isFinite(value) ? value : other;
      };
      const width = clamp(n("width", crop.width), crop.least, crop.width);
      const height = crop.square ? Math.min(width, crop.height) : clamp(n("height", crop.height), crop.least, crop.height);
      return fit(crop, { left: n("left", 0), top: n("top", 0), width: crop.square ? height : width, height });
    };
    crop.write = (rect) => {
      rect = fit(crop, rect);
      for (const part of ["left", "top", "width", "height"]) if (input(part)) input(part).value = String(rect[part]);
      draw(crop, rect);
      return rect;
    };
    return crop;
  }

  // A rectangle within the picture, of its shape, in whole pixels.
  function fit(crop, rect) {
    let width = clamp(Math.round(rect.width), crop.least, crop.width);
    let height = clamp(Math.round(rect.height), crop.least, crop.height);
    if (crop.square) width = height = Math.min(width, height);
    return { left: clamp(Math.round(rect.left), 0, crop.width - width), top: clamp(Math.round(rect.top), 0, crop.height - height), width, height };
  }

  // How large a rectangle of these proportions may be, and how small.
  function sizes(crop, rect) {
    const shape = rect.width / rect.height;
    return { most: Math.min(crop.width, crop.height * shape), least: Math.max(crop.least, crop.least * shape), shape };
  }

  function draw(crop, rect) {
    // Of a tall picture all is to be seen at once.
    crop.box.parentElement.style.maxInlineSize = `min(30rem, ${(26 * crop.width) / crop.height}rem)`;
    const percent = (n, of) => `${(100 * n) / of}%`;
    Object.assign(crop.box.style, { left: percent(rect.left, crop.width), top: percent(rect.top, crop.height), width: percent(rect.width, crop.width), height: percent(rect.height, crop.height) });
    const { most, least } = sizes(crop, rect);
    if (crop.zoom !== document.activeElement) crop.zoom.value = String(most > least ? Math.round((100 * (most - rect.width)) / (most - least)) : 0);
    crop.zoom.setAttribute("aria-valuetext", `${rect.width} × ${rect.height}, ${rect.left} from the left, ${rect.top} from the top`);
  }
  function drawAll() {
    for (const work of all("[data-crop]")) {
      const crop = open(work);
      draw(crop, crop.read());
    }
  }

  // ── by pointer ─────────────────────────────────────────────────────────────────────────────────────────────────
  let held = null; // { crop, from, corner, x, y, scale }
  document.addEventListener("pointerdown", (event) => {
    const box = event.target.closest && event.target.closest("[data-box]");
    if (!box || event.button !== 0) return;
    const crop = open(box.closest("[data-crop]"));
    const stage = box.parentElement.getBoundingClientRect();
    const corner = event.target.closest("[data-corner]");
    held = { crop, from: crop.read(), corner: corner ? corner.dataset.corner : "", x: event.clientX, y: event.clientY, scale: crop.width / stage.width };
    box.setPointerCapture(event.pointerId);
  });
  document.addEventListener("pointermove", (event) => {
    if (!held) return;
    const { crop, from, corner } = held;
    const dx = (event.clientX - held.x) * held.scale;
    const dy = (event.clientY - held.y) * held.scale;
    if (corner === "") {
      crop.write({ ...from, left: from.left + dx, top: from.top + dy });
      return;
    }
    // The corner across stays where it is.
    const west = corner.endsWith("w");
    const north = corner.startsWith("n");
    const roomX = west ? from.left + from.width : crop.width - from.left;
    const roomY = north ? from.top + from.height : crop.height - from.top;
    let width = clamp(from.width + (west ? -dx : dx), crop.least, roomX);
    let height = clamp(from.height + (north ? -dy : dy), crop.least, roomY);
    if (crop.square) width = height = clamp(Math.max(width, height), crop.least, Math.min(roomX, roomY));
    width = Math.round(width);
    height = Math.round(height);
    crop.write({ left: west ? from.left + from.width - width : from.left, top: north ? from.top + from.height - height : from.top, width, height });
  });
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => { held = null; });

  // ── by keys ────────────────────────────────────────────────────────────────────────────────────────────────────
  document.addEventListener("keydown", (event) => {
    const box = event.target.closest && event.target.closest("[data-box]");
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!box || !way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const crop = open(box.closest("[data-crop]"));
    const rect = crop.read();
    const step = Math.max(1, Math.round(crop.width / 100));
    if (event.shiftKey) {
      rect.width += step * (crop.square ? way[0] + way[1] : way[0]);
      rect.height += step * (crop.square ? way[0] + way[1] : way[1]);
    } else {
      rect.left += step * way[0];
      rect.top += step * way[1];
    }
    crop.write(rect);
  });

  // ── by the slider and by numbers: neither saves anything before "Crop it" ──────────────────────────────────────
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const work = event.target.closest && event.target.closest("[data-crop]");
      if (!work) return;
      event.stopPropagation();
      const crop = open(work);
      const rect = crop.read();
      if (event.target !== crop.zoom) {
        draw(crop, rect);
        return;
      }
      const { most, least, shape } = sizes(crop, rect);
      const width = most - ((most - least) * Number(crop.zoom.value)) / 100;
      crop.write({ left: rect.left + (rect.width - width) / 2, top: rect.top + (rect.height - width / shape) / 2, width, height: width / shape });
    }, true);
  }
  document.addEventListener("toggle", (event) => {
    if (event.target.matches && event.target.matches("details.crop")) drawAll();
  }, true);
  document.addEventListener("htmx:afterSwap", drawAll);
  drawAll();
})();
