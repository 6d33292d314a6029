// The editor as a tool: keys, pasting, typed text that outlives a lost connection. All of it is beside the forms,
// which do without.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const store = (kind) => {
    try {
      return window[kind];
    } catch {
      return null; // the browser keeps nothing for us
    }
  };

  // ── keys ───────────────────────────────────────────────────────────────────────────────────────────────────────
  // Single letters can be switched off: somebody who speaks to the machine presses them by chance.
  const lettersWork = () => (store("localStorage") || {}).letters !== "off";
  const send = (id) => {
    const form = byId(id);
    if (form) form.requestSubmit();
    return form !== null;
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const writing = event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select") !== null;
    const key = event.key.toLowerCase();
    let done = false;
    if (event.ctrlKey || event.metaKey) {
      if (key === "z" && !writing) done = send(event.shiftKey ? "redo-form" : "undo-form");
      else if (key === "y" && !writing) done = send("redo-form");
      else if (key === "p" && event.shiftKey && byId("publish") && !byId("publish").disabled) done = send("publish-form");
      else if (key === "s") {
        for (const form of document.querySelectorAll("#editor form[data-saves]")) {
          if (form.querySelector("[data-typed=yes]")) form.requestSubmit();
        }
        done = true;
      }
    } else if (key === "escape" && !document.querySelector("dialog[open]")) {
      const open = document.querySelector("#editor a.track__what[aria-expanded=true], #add a.button--quiet");
      if (open) open.click();
      done = open !== null;
    } else if (!writing && lettersWork()) {
      if (event.key === "?" && byId("shortcuts") && !byId("shortcuts").open) {
        byId("shortcuts").showModal();
        done = true;
      } else if (key === "a" && !event.shiftKey && byId("paste-text")) {
        byId("paste-text").focus();
        done = true;
      }
    }
    if (done) event.preventDefault();
  });

  document.addEventListener("change", (event) => {
    if (event.target.id === "letters" && store("localStorage")) store("localStorage").letters = event.target.checked ? "on" : "off";
  });

  // A question that was answered is closed; what came of it is said on the page.
  document.addEventListener("submit", (event) => {
    const dialog = event.target.closest("#editor dialog[open]");
    if (dialog && event.target.hasAttribute("hx-post")) dialog.close();
  });

  // ── pasting ────────────────────────────────────────────────────────────────────────────────────────────────────
  // What is pasted into the empty field is taken at once; several addresses pasted into the field of one become several.
  const addresses = (text) => text.split(/\s+/).filter((word) => /^(https?:\/\/|[a-z0-9-]+(\.[a-z0-9-]+)+\/)/i.test(word));
  document.addEventListener("paste", (event) => {
    const field = event.target;
    const box = byId("paste-text");
    if (!box || !field.matches || !field.matches("#paste-text, #add-url")) return;
    const text = event.clipboardData.getData("text");
    const many = addresses(text);
    if (field === box ? box.value !== "" || many.length === 0 : many.length < 2) return;
    event.preventDefault();
    box.value = text;
    box.dataset.typed = "yes";
    box.form.requestSubmit();
  });

  // ── typed text outlives the page ───────────────────────────────────────────────────────────────────────────────
  const place = () => `typed:${location.pathname}`;
  function keep() {
    const kept = {};
    for (const form of document.querySelectorAll("#editor form[data-saves]")) {
      for (const field of form.querySelectorAll("[data-typed=yes]")) {
        if (field.name && field.matches("input[type=text], input:not([type]), textarea")) (kept[form.id] ||= {})[field.name] = field.value;
      }
    }
    try {
      if (Object.keys(kept).length > 0) sessionStorage.setItem(place(), JSON.stringify(kept));
      else sessionStorage.removeItem(place());
    } catch {
      // nothing is kept beyond this page
    }
  }
  document.addEventListener("input", (event) => {
    if (event.target.closest("#editor form[data-saves]")) keep();
  });
  document.addEventListener("htmx:afterSettle", keep);

  function bringBack() {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem(place()));
    } catch {
      return;
    }
    for (const [id, fields] of Object.entries(kept || {})) {
      for (const [name, value] of Object.entries(fields)) {
        const form = byId(id);
        const field = form && form.elements.namedItem(name);
        if (!field || field.value === undefined || field.value === value) continue;
        field.value = value;
        field.dispatchEvent(new Event("input", { bubbles: true })); // it is saved as if it were typed now
      }
    }
  }

  if (byId("letters")) byId("letters").checked = lettersWork();
  bringBack();
})();
