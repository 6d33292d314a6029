// The editor: saves by itself, says so, moves rows, keeps the preview fresh. Every form on the screen also works as it
// stands, without this file. Saves go one after the other (hx-sync on #editor), each with the version that the answer
// before it brought, so the screen never conflicts with itself.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);

  // ── what somebody is typing is theirs ──────────────────────────────────────────────────────────────────────────
  // A field is dirty from the first keystroke until an answer arrives to a request that carried its present value.
  const sent = new WeakMap(); // field → the value that went with the last request
  const dirty = (field) => field.dataset && field.dataset.typed === "yes";

  // htmx listens to what came in a moment after it is there. What is typed in between is said again.
  let settling = false;
  const early = new Set();
  document.addEventListener("htmx:afterSwap", () => { settling = true; });
  document.addEventListener("htmx:afterSettle", () => {
    settling = false;
    for (const field of early) if (field.isConnected) field.dispatchEvent(new Event("input", { bubbles: true }));
    early.clear();
  });

  document.addEventListener("input", (event) => {
    if (event.target.closest("#editor form")) {
      if (settling) early.add(event.target);
      event.target.dataset.typed = "yes";
      if (event.target.form && event.target.form.hasAttribute("data-saves")) show("Not saved yet", false);
    }
  });

  const writing = (element) => element === document.activeElement && element.matches("input:not([type=color]), textarea");
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, element) => {
    if (name === "value" && (dirty(element) || writing(element))) return false;
    if (name === "data-typed") return false;
    if (name === "hidden" && element.dataset.copy) return false;
    if (name === "checked" && (dirty(element) || element.closest("#view-as, #shortcuts"))) return false;
    if (name === "popover" || (name === "open" && (element.tagName === "DIALOG" || element.tagName === "DETAILS"))) return false;
    return true;
  };

  // ── "Saved 3 seconds ago" ──────────────────────────────────────────────────────────────────────────────────────
  // The sighted see the words change; a screen reader is told only when the state does.
  let said = "";
  let failed = false;
  function show(text, aloud) {
    if (!navigator.onLine && text.startsWith("Not saved")) text = "You are offline. What you type and move is kept here, and saved when you are back";
    const place = byId("saved");
    if (place) place.textContent = text;
    if (aloud && said !== text) {
      said = text;
      const status = byId("saved-said");
      if (status) status.textContent = text;
    }
  }
  function ago() {
    const place = byId("saved");
    if (!place || !place.dataset.saved || failed || pending()) return;
    const seconds = Math.max(0, Math.round((Date.now() - skew - Date.parse(place.dataset.saved)) / 1000));
    let text = "just now";
    if (seconds >= 86400) return;
    if (seconds >= 3600) text = count(Math.floor(seconds / 3600), "hour");
    else if (seconds >= 60) text = count(Math.floor(seconds / 60), "minute");
    else if (seconds >= 2) text = count(seconds, "second");
    place.textContent = "Saved " + text;
  }
  const count = (n, unit) => `${n} ${unit}${n === 1 ? "" : "s"} ago`;
  const pending = () => inFlight > 0 || unsent.length > 0 || document.querySelector("#editor form[data-saves] [data-typed=yes]") !== null;
  // The machine's clock may be off: what the server said at the last answer is "just now" here.
  let skew = 0;
  setInterval(ago, 5000);

  // ── requests ───────────────────────────────────────────────────────────────────────────────────────────────────
  let inFlight = 0;
  let going = null; // the form whose request that is

  document.addEventListener("htmx:configRequest", (event) => {
    // A button outside its form (form="…") brings its name and value too.
    const by = event.detail.triggeringEvent && event.detail.triggeringEvent.submitter;
    if (by && by.name) event.detail.parameters[by.name] = by.value;
    const to = moves.get(event.detail.elt.id);
    if (to) event.detail.parameters[to.name] = to.value;
    moves.delete(event.detail.elt.id);
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.requestConfig.verb !== "post") return;
    inFlight++;
    failed = false;
    const form = event.detail.elt.closest("form");
    if (form) for (const field of form.elements) sent.set(field, field.value);
    going = form;
    show("Saving", false);
  });

  // Chromium's page dies when a list of suggestions is moved while fields point at it. They let go of it before the swap,
  // and what comes in points at it again.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.shouldSwap) for (const field of document.querySelectorAll("#editor [list]")) field.removeAttribute("list");
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.requestConfig.verb !== "post" || !event.detail.shouldSwap) return;
    cursor = place(event.detail.requestConfig.elt);
    // What the request carried is no longer only here; what was typed since still is.
    const form = event.detail.requestConfig.elt.closest("form");
    if (form) {
      for (const field of form.elements) {
        if (sent.get(field) === field.value) delete field.dataset.typed;
      }
    }
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.requestConfig.verb !== "post") return;
    inFlight = Math.max(0, inFlight - 1);
    going = null;
    if (resending && event.detail.requestConfig.elt.id === unsent[0].form) {
      resending = false;
      if (event.detail.xhr.status > 0) {
        unsent.shift(); // an answer came, whatever it says
        resend();
      }
    }
    if (leaving && !failed && !pending()) location.assign(leaving);
    leaving = pending() ? leaving : "";
  });

  // Whatever is done elsewhere on the screen, what was just typed goes first.
  function flush(except) {
    for (const form of document.querySelectorAll("#editor form[data-saves]")) {
      const typed = [...form.querySelectorAll("[data-typed=yes]")];
      if (form !== except && typed.some((field) => form !== going || sent.get(field) !== field.value)) form.requestSubmit();
    }
  }
  let leaving = ""; // where a tapped link leads, once all is saved
  document.addEventListener("submit", (event) => {
    if (event.target.closest("#editor") && !event.target.hasAttribute("data-saves")) flush(event.target);
  }, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
    flush(null);
    if (!link.hasAttribute("hx-get") && pending() && !failed) {
      event.preventDefault();
      leaving = link.href;
    }
  }, true);

  // A button that was pressed may be gone after the swap. The cursor then goes to what it acted on, or to the head.
  let cursor = "";
  function place(element) {
    if (element.closest("#add")) return "added";
    const row = element.closest(".track, .social");
    return row ? row.id : "";
  }
  function keepCursor() {
    const now = document.activeElement;
    if (now && now !== document.body && !now.disabled) return;
    const rows = document.querySelectorAll("#editor [data-track]");
    const row = cursor === "added" ? rows[rows.length - 1] : cursor && byId(cursor);
    const target = (row && row.querySelector("a.track__what, .is-gone button, .button")) || document.querySelector("#editor h1");
    if (target) {
      if (target.tagName === "H1") target.tabIndex = -1;
      target.focus({ preventScroll: true });
    }
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    const words = arrange();
    keepCursor();
    if (event.detail.requestConfig.verb === "post") {
      // The address names what is open now, so that loading it again shows the same.
      if (event.detail.xhr.status < 300 && event.detail.xhr.responseURL) {
        const at = new URL(event.detail.xhr.responseURL);
        for (const name of ["said", "block", "anew"]) at.searchParams.delete(name);
        history.replaceState(history.state, "", at);
      }
      const place = byId("saved");
      if (place && place.dataset.saved && event.detail.xhr.status < 300) {
        skew = Date.now() - Date.parse(place.dataset.saved);
        if (Math.abs(skew) > 60000) skew = 0; // nothing was saved just now: an undo of something old
        show(place.textContent, false);
        tell(words || "Saved");
      } else if (event.detail.xhr.status === 422 && asked(event.detail.requestConfig) && !document.querySelector("#editor [aria-invalid=true]")) {
        show("Not saved yet", false); // it was to be seen again, as was asked
      } else if (event.detail.xhr.status >= 400) {
        failed = true;
        show("Not saved", true);
        const wrong = document.querySelector("#editor [aria-invalid=true]");
        if (wrong && !document.activeElement.closest("form")) wrong.focus();
      }
      const frame = byId("preview-page");
      if (frame && event.detail.xhr.status < 300) frame.contentWindow.location.reload();
    }
  });

  // A button of a list or of a picture in a form that is not saved yet asks for the form again.
  const asked = (request) => /^(more|up|drop|show|pick|crop|uncrop|out|look|take):/.test(String((request.formData && request.formData.get("then")) || ""));

  function tell(text) {
    const status = byId("saved-said");
    if (status && status.textContent !== text) status.textContent = text;
  }

  // Nothing was stored. The screen stays as it is, with all that was typed, and tries again where that can help.
  let again = 0;
  let stuck = null; // the form whose save failed last
  function broken(event, words, retry) {
    failed = true;
    show(words, true);
    const request = event.detail.requestConfig;
    const form = request && request.elt.closest("form");
    if (!retry || !form) return;
    const saves = form.hasAttribute("data-saves");
    const by = form.hasAttribute("data-move-form") && ["by", "to"].find((name) => request.formData.has(name));
    if (by && !(unsent[0] && unsent[0].form === form.id)) unsent.push({ form: form.id, name: by, value: request.formData.get(by) });
    if (saves) stuck = form;
    if (!saves && !by) return;
    clearTimeout(again);
    again = setTimeout(retryAll, 8000);
  }
  function retryAll() {
    clearTimeout(again);
    const form = stuck;
    stuck = null;
    flush(form);
    if (form && form.isConnected) form.requestSubmit();
    resend();
  }

  // A row that was moved stands where it was put. So a move that did not arrive is sent again, in the order they were
  // made, each after the answer to the one before. One whose answer alone was lost is refused by its version.
  const unsent = []; // { form, name, value }
  let resending = false;
  function resend() {
    if (resending || unsent.length === 0) return;
    const form = byId(unsent[0].form);
    if (!form) {
      unsent.shift(); // its row is gone
      return resend();
    }
    resending = true;
    send(form, unsent[0]);
  }
  document.addEventListener("htmx:sendError", (event) => broken(event, "Not saved: no connection. Trying again", true));
  document.addEventListener("htmx:timeout", (event) => broken(event, "Not saved: no answer. Trying again", true));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (event.detail.requestConfig.verb !== "post") return;
    if (status === 401) broken(event, "Not saved: you are signed out. Sign in in another tab, then go on", false);
    else if (status === 404) broken(event, "Not saved: it is gone. Load this page again", false);
    else if (status === 413) broken(event, "Not saved: that is too long", false);
    else broken(event, "Not saved. Trying again", true);
  });

  window.addEventListener("offline", () => {
    failed = true;
    show("Not saved", true);
  });
  window.addEventListener("online", () => {
    failed = false;
    show("You are back", true);
    retryAll();
  });

  // A row that was begun and is not whole yet waits: nobody is told that a field is wrong which they have not reached.
  document.addEventListener("htmx:configRequest", (event) => {
    const by = event.detail.triggeringEvent;
    const form = event.detail.elt;
    if (!form.matches || !form.matches("form[data-saves]") || !by || by.type === "submit") return;
    for (const row of form.querySelectorAll(".row--date, .row--stack")) {
      const needed = row.matches(".row--date") ? ["city", "starts"] : ["question", "answer"];
      const empty = needed.filter((name) => row.querySelector(`[name$="].${name}"]`).value.trim() === "");
      if (empty.length === 1) event.preventDefault();
    }
  });

  window.addEventListener("beforeunload", (event) => {
    if (unsent.length > 0 || document.querySelector("#editor [data-typed=yes]")) event.preventDefault();
  });

  // ── whose address is it ────────────────────────────────────────────────────────────────────────────────────────
  let asking = null;
  let waiting = 0;
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.dataset || !field.dataset.url) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => ask(field), 250);
  });
  async function ask(field) {
    const place = byId(field.dataset.url);
    if (!place) return;
    if (asking) asking.abort();
    if (field.value.trim() === "") {
      place.replaceChildren();
      return;
    }
    asking = new AbortController();
    try {
      const answer = await fetch(`${place.dataset.provider}?url=${encodeURIComponent(field.value)}`, { headers: { "HX-Request": "true" }, signal: asking.signal });
      if (!answer.ok) return;
      const part = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...part.body.childNodes);
      name(field, place);
    } catch {
      // a later keystroke asks again
    }
  }
  // A title that nobody wrote follows the service: "Listen on Spotify".
  function name(field, place) {
    const found = place.querySelector("[data-found]");
    const title = field.form.elements.namedItem("title");
    if (!found || !title) return;
    if (title.value === "" || title.dataset.proposed === title.value) {
      title.value = found.dataset.found;
      title.dataset.proposed = title.value;
      title.dataset.typed = "yes";
    }
  }

  // ── moving rows ────────────────────────────────────────────────────────────────────────────────────────────────
  const moves = new Map(); // form → where to: its request may have to wait, and answers to others redraw it meanwhile
  function send(form, to) {
    moves.set(form.id, to);
    form.requestSubmit();
  }
  function move(form, name, value) {
    if (unsent.length > 0) {
      unsent.push({ form: form.id, name, value });
      show("Not saved yet", true);
    } else send(form, { name, value });
  }

  document.addEventListener("keydown", (event) => {
    const handle = event.target.closest("[data-handle]");
    if (!handle || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    if (inFlight > 0) return; // one step after the other, so that the words about it stay true
    const row = handle.closest("[data-track]");
    const rows = [...row.parentElement.querySelectorAll(":scope > [data-track]")];
    if (handle.dataset.group !== undefined) {
      // A heading's grip takes its group along, past the whole group beside it.
      const to = event.key === "ArrowUp" ? handle.dataset.up : handle.dataset.down;
      if (to === undefined) return; // it is there already
      move(byId(handle.dataset.handle), "to", to);
    } else {
      if (row === rows.at(event.key === "ArrowUp" ? 0 : -1)) return; // it is there already
      move(byId(handle.dataset.handle), "by", event.key === "ArrowUp" ? "-1" : "1");
    }
    moved = handle.id;
  });
  // What a heading stands over: the rows that follow, up to the next heading.
  function under(heading) {
    const rows = [...heading.parentElement.querySelectorAll(":scope > [data-track]")];
    const after = rows.slice(rows.indexOf(heading) + 1);
    const next = after.findIndex((row) => row.classList.contains("is-heading"));
    return next < 0 ? after : after.slice(0, next);
  }
  const staying = (list, along) => [...list.querySelectorAll(":scope > [data-track]")].filter((row) => !along.includes(row));
  let moved = "";
  let grip = null; // of the row that is dragged
  let along = []; // the rows that go with it
  let from = 0; // where it stood among those that stay

  // arrange makes the lists draggable and puts the cursor where it belongs; it returns what there is to say about it.
  function arrange() {
    for (const list of document.querySelectorAll("[data-tracks]")) {
      if (Sortable.get(list)) continue;
      Sortable.create(list, {
        handle: ".handle",
        draggable: "[data-track]",
        forceFallback: true, // one way of dragging for mouse and finger, and the row itself moves
        fallbackTolerance: 4,
        fallbackClass: "is-carried",
        animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 160,
        ghostClass: "is-dragged",
        onChoose: (event) => {
          grip = event.originalEvent.target.closest("[data-handle]");
          along = grip && grip.dataset.group !== undefined ? under(event.item) : [];
          if (along.length > 0) event.item.dataset.along = grip.dataset.group; // said on what is carried
        },
        onUnchoose: (event) => delete event.item.dataset.along,
        onStart: (event) => {
          from = staying(list, along).indexOf(event.item);
          for (const row of along) row.classList.add("is-along");
        },
        onEnd: (event) => {
          const to = staying(list, along).indexOf(event.item);
          for (const row of along) row.classList.remove("is-along");
          event.item.after(...along);
          if (grip && to !== from) move(byId(grip.dataset.handle), "to", String(to));
        },
      });
    }
    let words = ""; // what to say about the row that moved: "Slow Harbour, 2 of 3"
    if (moved) {
      const handle = byId(moved);
      moved = "";
      if (handle) {
        handle.focus();
        words = handle.getAttribute("aria-label").replace(/^Move /, "");
      }
    }
    focusOpened();
    return words;
  }

  // A form that has just opened gets the cursor; one that is merely drawn again does not lose it.
  let opened = "";
  function focusOpened() {
    const field = document.querySelector("#editor [data-focus]");
    const now = field ? field.id : "";
    if (field && now !== opened && ready) field.focus({ preventScroll: false });
    opened = now;
  }
  let ready = false;

  arrange();
  ready = true;
  if (opened && location.search.includes("add=")) byId(opened).focus();
})();
