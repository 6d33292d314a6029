// The look of one's own: the contrast of text on background, while somebody chooses. The form works as it stands,
// without this file; the server decides what is saved.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);

  // WCAG 2.2: relative luminance, and the ratio of two of them.
  function luminance(colour) {
    const light = [1, 3, 5].map((at) => {
      const part = parseInt(colour.slice(at, at + 2), 16) / 255;
      return part > 0.04045 ? ((part + 0.055) / 1.055) ** 2.4 : part / 12.92;
    });
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2];
  }
  function contrast(a, b) {
    const [x, y] = [luminance(a), luminance(b)];
    return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
  }

  let timer = 0;
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.type !== "color" || !field.closest("#look-form")) return;
    byId("colours-own").checked = true; // who touches a colour wants it
    const [ground, ink, line] = [byId("look-ground").value, byId("look-ink").value, byId("look-ratio")];
    const ratio = contrast(ground, ink);
    const low = ratio < Number(line.dataset.least);
    line.classList.toggle("is-low", low);
    line.querySelector("rect").setAttribute("fill", ground);
    line.querySelector("text").setAttribute("fill", ink);
    line.querySelector("[data-ratio]").textContent = (Math.floor(ratio * 10) / 10).toFixed(1) + ":1";
    line.querySelector("[data-says]").textContent = low ? "Hard to read: the text is made darker or lighter when it is saved." : "Easy to read.";
    clearTimeout(timer); // a dragged colour is said once, where it stops
    timer = setTimeout(() => { byId("look-said").textContent = line.innerText; }, 600);
  });
})();
