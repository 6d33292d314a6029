// The desk's small comforts. Every screen works without them.
"use strict";
(() => {
  const all = (selector, root = document) => root.querySelectorAll(selector);

  // What a browser can do and a page without script cannot: shown only here. Runs again after every swap.
  function furnish(root) {
    for (const button of all("[data-print]", root)) button.hidden = false;
    if (navigator.clipboard) for (const button of all("[data-copy]", root)) button.hidden = false;
    for (const field of all("input[data-zone]", root)) {
      if (field.value === "") field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
    }
    for (const dialog of all("dialog[popover]", root)) dialog.removeAttribute("popover");
  }

  async function copy(button) {
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Could not copy";
    }
    setTimeout(() => { button.textContent = label; }, 2000);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.copy) copy(button);
    if (button.dataset.print !== undefined) window.print();
    if (button.dataset.dialog) {
      const dialog = document.getElementById(button.dataset.dialog);
      if (dialog && !dialog.open) dialog.showModal();
    }
    if (button.dataset.close !== undefined) button.closest("dialog").close();
    if (button.dataset.take) {
      // A handle that is free, proposed in the place of one that is not.
      const field = button.closest("form").elements.namedItem("handle");
      field.value = button.dataset.take;
      field.focus();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  // "41 of 600." counts while somebody types.
  document.addEventListener("input", (event) => {
    const field = event.target;
    const count = field.id && document.querySelector(`[data-of="${CSS.escape(field.id)}"]`);
    if (count) {
      const used = [...field.value].length;
      count.textContent = `${used.toLocaleString("en")} of ${Number(count.dataset.count).toLocaleString("en")}.`;
    }
  });

  // A form that is on its way is not sent twice by a second tap.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.hasAttribute("hx-post") || form.method === "get") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
  });
  // A page that comes back from the browser's memory can be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of all("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of all("[aria-busy]", form)) button.removeAttribute("aria-busy");
    }
  });

  furnish(document);
  document.addEventListener("htmx:afterSwap", (event) => furnish(event.detail.target.isConnected ? event.detail.target : document));
})();
