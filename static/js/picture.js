// The portrait: choose it, drop it, paste it; see how far it is; tap the point no crop loses. The form works as it
// stands, without this file.
"use strict";
(() => {
  const most = 20 * 1024 * 1024;
  const kinds = ["image/jpeg", "image/png", "image/webp", "image/gif"];
  const byId = (id) => document.getElementById(id);
  const input = () => byId("picture-file");

  // ── a file from anywhere becomes the field's ───────────────────────────────────────────────────────────────────
  function take(files) {
    const field = input();
    const file = [...files].find((f) => kinds.includes(f.type));
    if (!field || !file) {
      if (field && files.length > 0) say("That is no JPEG, PNG, WebP or GIF.");
      return false;
    }
    const held = new DataTransfer();
    held.items.add(file);
    field.files = held.files;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  }

  const carries = (event) => [...((event.dataTransfer && event.dataTransfer.types) || [])].includes("Files");
  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => {
      if (!carries(event) || !byId("picture")) return;
      event.preventDefault(); // anywhere on the screen: a miss would leave the page for the file
      byId("picture").classList.toggle("is-over", event.target.closest && event.target.closest("#picture") !== null);
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (byId("picture") && !event.relatedTarget) byId("picture").classList.remove("is-over");
  });
  document.addEventListener("drop", (event) => {
    if (!carries(event) || !byId("picture")) return;
    event.preventDefault();
    byId("picture").classList.remove("is-over");
    take(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    if (input() && event.clipboardData && event.clipboardData.files.length > 0 && take(event.clipboardData.files)) event.preventDefault();
  });

  // What is known to be too large need not be sent.
  document.addEventListener("htmx:confirm", (event) => {
    const field = input();
    if (!field || event.target.id !== "picture-form" || !field.files[0] || field.files[0].size <= most) return;
    event.preventDefault();
    say("This file is larger than 20 MB. Save it smaller.");
    field.value = "";
    delete field.dataset.typed;
  });

  // ── how far it is ──────────────────────────────────────────────────────────────────────────────────────────────
  function say(text) {
    const status = byId("picture-said");
    if (!status) return;
    status.textContent = text;
    status.classList.toggle("sr", text === "" || text.startsWith("Up"));
  }
  const ours = (event) => event.detail.elt && event.detail.elt.id === "picture-form";
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!ours(event) || !input() || !input().files[0]) return;
    const bar = byId("picture-progress");
    bar.hidden = false;
    bar.value = 0;
    say("Uploading");
  });
  document.addEventListener("htmx:xhr:progress", (event) => {
    const bar = byId("picture-progress");
    if (!bar || bar.hidden || !event.detail.lengthComputable) return;
    // The last part is the server's: making the sizes takes a moment.
    bar.value = Math.round((95 * event.detail.loaded) / event.detail.total);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!ours(event)) return;
    const bar = byId("picture-progress");
    if (bar) bar.hidden = true;
    const status = event.detail.xhr.status;
    if (input() && status >= 200 && status < 500) input().value = ""; // it is there, or refused: once is enough
    if (status >= 200 && status < 300) say("");
    if (status === 429) say("Many pictures are being worked on right now. Send it again in a few seconds.");
    point();
  });

  // ── the point no crop loses ────────────────────────────────────────────────────────────────────────────────────
  function point() {
    const mark = byId("picture-focus");
    const across = byId("across");
    const down = byId("down");
    if (!mark || !across || !down) return;
    mark.hidden = false;
    mark.style.left = `${across.value}%`;
    mark.style.top = `${down.value}%`;
  }
  document.addEventListener("click", (event) => {
    const shown = event.target.closest("[data-focus-on]");
    if (!shown) return;
    const box = shown.getBoundingClientRect();
    const hundredth = (at, from, size) => Math.min(100, Math.max(0, Math.round((100 * (at - from)) / size)));
    byId("across").value = hundredth(event.clientX, box.left, box.width);
    byId("down").value = hundredth(event.clientY, box.top, box.height);
    byId("down").dispatchEvent(new Event("input", { bubbles: true }));
    point();
  });
  document.addEventListener("input", (event) => {
    if (event.target.id === "across" || event.target.id === "down") point();
  });
  document.addEventListener("htmx:afterSwap", point);
  point();
})();
