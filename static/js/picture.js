// A field of a picture: choose it, drop it, paste it, many at once into a gallery; see how far each file is and what is
// wrong with it; tap the point no crop loses. A file goes to the server by itself, and the form it belongs to is sent
// with the picture's name when it is there, so nothing that was typed waits for it. The forms work without this file.
"use strict";
(() => {
  const most = 20 * 1024 * 1024;
  const kinds = ["image/jpeg", "image/png", "image/webp", "image/gif"];
  const atOnce = 2; // files on their way
  const patience = 8; // times that a file waits for its turn at the server
  const byId = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];

  // ── which field is meant ───────────────────────────────────────────────────────────────────────────────────────
  // The one under the pointer or around the cursor; anywhere on the screen when there is but one.
  function meant(element) {
    const around = element && element.closest && element.closest("[data-upload]");
    const fields = all("[data-upload]");
    return around || (fields.length === 1 ? fields[0] : null);
  }

  // The form must not save what is only chosen: the field is emptied, and the files go by themselves.
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      if (!event.target.matches || !event.target.matches("[data-upload] .picture__file")) return;
      event.stopPropagation();
      if (kind === "input" || event.target.files.length === 0) return;
      const files = [...event.target.files];
      event.target.value = "";
      take(event.target.closest("[data-upload]"), files);
    }, true);
  }

  const carries = (event) => [...((event.dataTransfer && event.dataTransfer.types) || [])].includes("Files");
  function over(field) {
    for (const other of all("[data-upload].is-over")) if (other !== field) other.classList.remove("is-over");
    if (field) field.classList.add("is-over");
  }
  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => {
      if (!carries(event) || all("[data-upload]").length === 0) return;
      event.preventDefault(); // anywhere on the screen: a miss would leave the page for the file
      over(meant(event.target));
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) over(null);
  });
  document.addEventListener("drop", (event) => {
    if (!carries(event) || all("[data-upload]").length === 0) return;
    event.preventDefault();
    over(null);
    take(meant(event.target), [...event.dataTransfer.files]);
  });
  document.addEventListener("paste", (event) => {
    const files = event.clipboardData ? [...event.clipboardData.files] : [];
    const field = files.length > 0 && meant(event.target);
    if (!field) return;
    event.preventDefault();
    take(field, files);
  });

  // ── files on their way ─────────────────────────────────────────────────────────────────────────────────────────
  let queue = []; // { row, place, file, state, media, tries }; state is waiting, going, wrong, there or sent
  let count = 0;

  function take(field, files) {
    if (!field || files.length === 0) return;
    const many = field.dataset.many !== undefined;
    if (!many) {
      for (const old of queue.filter((one) => one.place === field.id)) leave(old);
      files = files.slice(0, 1);
    }
    for (const file of files) {
      const row = field.querySelector("[data-queued-form]").content.firstElementChild.cloneNode(true);
      const name = file.name || "The pasted picture";
      row.id = `queued-${++count}`;
      row.querySelector("[data-name]").textContent = name;
      row.querySelector("[data-bar]").setAttribute("aria-label", `Upload of ${name}`);
      row.querySelector("[data-leave]").setAttribute("aria-label", `Leave out ${name}`);
      field.querySelector("[data-queue]").append(row);
      const one = { row, place: field.id, file, state: "waiting", media: "", tries: 0 };
      queue.push(one);
      draw(one);
      if (file.type && !kinds.includes(file.type)) fail(one, "That is no JPEG, PNG, WebP or GIF.", false);
      else if (file.size > most) fail(one, "This file is larger than 20 MB. Save it smaller.", false);
      else says(one, "Waiting for its turn.");
    }
    pump();
  }

  // The picture is seen at once, before the server has it.
  async function draw(one) {
    try {
      const picture = await createImageBitmap(one.file);
      const canvas = one.row.querySelector("canvas");
      const side = Math.min(picture.width, picture.height);
      canvas.getContext("2d").drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, canvas.width, canvas.height);
      picture.close();
    } catch {
      // nothing to be seen of it: the server says why
    }
  }

  function says(one, words) {
    const place = one.row.querySelector("[data-wrong]");
    place.textContent = words;
    place.className = one.state === "wrong" ? "error" : "hint";
    one.row.querySelector("[data-bar]").hidden = one.state === "wrong";
    if (one.state !== "wrong") one.row.querySelector("[data-again]").hidden = true;
  }
  function tell(place, words) {
    const status = byId(place) && byId(place).querySelector("[data-said]");
    if (status && status.textContent !== words) status.textContent = words;
  }
  function fail(one, words, again) {
    one.state = "wrong";
    says(one, words);
    one.row.querySelector("[data-again]").hidden = !again;
    tell(one.place, `${one.file.name || "The picture"}: ${words}`);
    settle(one.place);
  }
  function leave(one) {
    if (one.xhr) one.xhr.abort();
    one.row.remove();
    queue = queue.filter((other) => other !== one);
    pump();
    settle(one.place);
  }

  function pump() {
    for (const one of queue) {
      if (queue.filter((other) => other.state === "going").length >= atOnce) return;
      if (one.state === "waiting") send(one);
    }
  }

  function send(one) {
    const field = byId(one.place);
    if (!field) return leave(one);
    const bar = one.row.querySelector("[data-bar]");
    const xhr = new XMLHttpRequest();
    one.xhr = xhr;
    one.state = "going";
    bar.value = 0;
    says(one, "Uploading.");
    tell(one.place, "Uploading.");
    xhr.open("POST", field.dataset.upload);
    xhr.setRequestHeader("HX-Request", "true");
    xhr.timeout = 420000; // a slow line gets its time
    xhr.upload.addEventListener("progress", (event) => {
      // The last part is the server's: making the sizes takes a moment.
      if (event.lengthComputable) bar.value = Math.round((95 * event.loaded) / event.total);
    });
    const ended = (f) => () => {
      one.xhr = null;
      f();
      pump();
    };
    xhr.addEventListener("error", ended(() => fail(one, "It did not arrive: no connection.", true)));
    xhr.addEventListener("timeout", ended(() => fail(one, "It did not arrive in time.", true)));
    xhr.addEventListener("load", ended(() => {
      const answer = new DOMParser().parseFromString(xhr.responseText, "text/html");
      const stored = answer.querySelector("[data-media]");
      const refused = answer.querySelector("[data-refused]");
      if (xhr.status === 200 && stored) {
        bar.value = 100;
        one.state = "there";
        one.media = stored.dataset.media;
        says(one, "It is there.");
        settle(one.place);
      } else if (xhr.status === 429 && ++one.tries < patience) {
        one.state = "later";
        says(one, "Many pictures are being worked on. It waits for its turn.");
        setTimeout(() => {
          if (one.state === "later") one.state = "waiting";
          pump();
        }, 1000 * (Number(xhr.getResponseHeader("Retry-After")) || 5));
      } else if (xhr.status === 401) fail(one, "You are signed out. Sign in in another tab, then try again.", true);
      else fail(one, refused ? refused.textContent : "It was not stored. Try again in a moment.", !refused || xhr.status >= 429);
    }));
    const body = new FormData();
    body.append("file", one.file, one.file.name || "picture");
    xhr.send(body);
  }

  const underWay = (one) => ["waiting", "going", "later"].includes(one.state);

  // Whoever adds a block, or is done with one, while its picture is on its way, does so when it is there.
  let held = null; // { form, by }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.hasAttribute("data-saves") && !(event.submitter && event.submitter.value === "done")) return;
    const waited = queue.filter((one) => underWay(one) && form.contains(byId(one.place)));
    if (waited.length === 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    held = { form, by: event.submitter };
    for (const one of waited) says(one, "Uploading. It goes on when the picture is there.");
    tell(waited[0].place, "It goes on when the picture is there.");
  }, true);

  // When nothing of a field is on its way any more, its form is sent with what has arrived, in the order it was given.
  function settle(place) {
    const own = queue.filter((one) => one.place === place);
    const field = byId(place);
    const there = own.filter((one) => one.state === "there");
    if (!field || own.some(underWay)) return;
    const form = field.closest("form");
    const goes = held && held.form === form ? held : null;
    held = goes ? null : held;
    if (there.length === 0) return;
    const name = field.dataset.picture;
    const carry = (name, value) => {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      input.dataset.carried = "new";
      field.append(input);
    };
    let next = 1000; // behind all rows of the form
    for (const one of there) {
      one.state = "sent";
      if (field.dataset.many !== undefined) carry(`${name}[${next++}].media`, one.media);
      else {
        carry(`${name}.media`, one.media);
        // The point of the picture before is none of this one.
        carry(`${name}.across`, "");
        carry(`${name}.down`, "");
      }
    }
    // What did not arrive is first to be seen and decided on.
    const whole = goes && !own.some((one) => one.state === "wrong");
    form.requestSubmit(whole && goes.by && goes.by.isConnected ? goes.by : field.querySelector("[data-show]"));
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-again], [data-leave]");
    const one = button && queue.find((one) => one.row.contains(button));
    if (!one) return;
    if (button.dataset.leave !== undefined) {
      const field = byId(one.place);
      leave(one);
      if (field) field.querySelector(".picture__file").focus();
      return;
    }
    one.state = "waiting";
    one.tries = 0;
    pump();
  });

  // What is on its way, and what no request has carried yet, outlives a swap; what a request carried does not outlive its
  // answer: the form that comes with it names the picture.
  Idiomorph.defaults.callbacks.beforeNodeRemoved = (node) => !(node.dataset && (node.dataset.queued !== undefined || node.dataset.carried === "new"));
  const carriedBy = (event) => [...event.detail.requestConfig.elt.querySelectorAll("[data-carried]")];
  document.addEventListener("htmx:configRequest", (event) => {
    for (const input of event.detail.elt.querySelectorAll("[data-carried]")) input.dataset.carried = "sent";
  });
  for (const broken of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(broken, (event) => {
      if (event.detail.requestConfig) for (const input of carriedBy(event)) input.dataset.carried = "new";
    });
  }
  document.addEventListener("htmx:afterSwap", () => {
    for (const one of queue.filter((one) => one.state === "sent")) {
      if (document.querySelector("[data-carried]")) continue; // it was another request's answer
      one.row.remove();
      queue = queue.filter((other) => other !== one);
      tell(one.place, "The picture is there.");
    }
    points();
  });

  window.addEventListener("beforeunload", (event) => {
    if (queue.some((one) => one.state !== "wrong")) event.preventDefault();
  });

  // ── the point no crop loses ────────────────────────────────────────────────────────────────────────────────────
  const numbers = (field) => ["across", "down"].map((part) => field.querySelector(`[name="${CSS.escape(field.dataset.picture)}.${part}"]`));
  const at = (input) => (input.value.trim() === "" ? 50 : Math.min(100, Math.max(0, Math.round(Number(input.value)) || 0)));
  function points() {
    for (const tap of all("[data-focus-on]")) {
      const [across, down] = numbers(tap.closest("[data-picture]"));
      const mark = tap.firstElementChild;
      if (!across || !down) continue;
      mark.style.left = `${at(across)}%`;
      mark.style.top = `${at(down)}%`;
    }
  }
  function point(tap, x, y) {
    const field = tap.closest("[data-picture]");
    const inputs = numbers(field);
    if (!inputs[0] || !inputs[1]) return;
    [x, y].forEach((n, i) => {
      inputs[i].value = String(Math.min(100, Math.max(0, Math.round(n))));
      inputs[i].dispatchEvent(new Event("input", { bubbles: true }));
    });
    points();
    tell(field.closest("[data-upload]").id, `${inputs[0].value} % from the left, ${inputs[1].value} % from the top.`);
  }
  document.addEventListener("click", (event) => {
    const tap = event.target.closest("[data-focus-on]");
    if (!tap || event.detail === 0) return; // a key presses it at no place
    const box = tap.getBoundingClientRect();
    point(tap, (100 * (event.clientX - box.left)) / box.width, (100 * (event.clientY - box.top)) / box.height);
  });
  document.addEventListener("keydown", (event) => {
    const tap = event.target.closest && event.target.closest("[data-focus-on]");
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!tap || !way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [across, down] = numbers(tap.closest("[data-picture]"));
    const step = event.shiftKey ? 10 : 1;
    point(tap, at(across) + way[0] * step, at(down) + way[1] * step);
  });
  document.addEventListener("input", (event) => {
    if (event.target.closest("[data-point]")) points();
  });
  points();
})();
