// Passkeys. A form with data-passkey is shown where the browser has them: its button asks the server what is to be signed,
// lets the device sign it, and sends the answer as any form is sent. Without script the page's other ways stay.
"use strict";
(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  // What the server asks for comes as JSON; the browser wants bytes.
  function read(options) {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const list of [options.excludeCredentials, options.allowCredentials]) {
      for (const known of list || []) known.id = bytes(known.id);
    }
    return options;
  }

  function write(credential) {
    const r = credential.response;
    const response = { clientDataJSON: text(r.clientDataJSON) };
    if (r.attestationObject) {
      response.attestationObject = text(r.attestationObject);
      response.transports = r.getTransports ? r.getTransports() : [];
    } else {
      response.authenticatorData = text(r.authenticatorData);
      response.signature = text(r.signature);
      if (r.userHandle) response.userHandle = text(r.userHandle);
    }
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
      authenticatorAttachment: credential.authenticatorAttachment, clientExtensionResults: {},
    });
  }

  const problem = (words) => Object.assign(new Error(words), { shown: true });

  async function options(form) {
    const answer = await fetch(form.dataset.options, { method: "POST" });
    if (answer.status === 429) throw problem("Too many tries. Wait a minute, then try again.");
    if (!answer.ok || answer.redirected || !(answer.headers.get("Content-Type") || "").includes("json")) {
      throw problem("This page has been open for too long. Load it again.");
    }
    return read(await answer.json());
  }

  function send(form, credential) {
    form.elements.namedItem("credential").value = write(credential);
    form.requestSubmit();
  }

  // What waits in the background for a name to be chosen ends when a button is pressed.
  let waiting = null;

  async function ask(form, button) {
    const says = form.querySelector("[data-says]");
    says.hidden = true;
    if (waiting) waiting.abort();
    waiting = null;
    button.setAttribute("aria-busy", "true");
    try {
      const publicKey = await options(form);
      const how = form.dataset.passkey === "create" ? "create" : "get";
      send(form, await navigator.credentials[how]({ publicKey }));
    } catch (error) {
      says.textContent = words(error);
      says.hidden = false;
    }
    button.removeAttribute("aria-busy");
  }

  function words(error) {
    if (error.shown) return error.message;
    switch (error.name) {
      case "NotAllowedError": return "Nothing was signed. Try again when you are ready.";
      case "InvalidStateError": return "This device has a passkey for you already.";
      case "SecurityError": return "Passkeys do not work at this address.";
    }
    return "The passkey could not be used. Try again, or take another way.";
  }

  // Passkeys among the names that the browser offers. A question is good for five minutes, so it is asked anew in time.
  async function offer(form) {
    if (!PublicKeyCredential.isConditionalMediationAvailable || !(await PublicKeyCredential.isConditionalMediationAvailable())) return;
    const mine = new AbortController();
    waiting = mine;
    const renew = setTimeout(() => {
      mine.abort();
      if (waiting === mine) offer(form);
    }, 4 * 60 * 1000);
    try {
      const publicKey = await options(form);
      if (waiting !== mine) return;
      send(form, await navigator.credentials.get({ publicKey, mediation: "conditional", signal: mine.signal }));
    } catch {
      // Nobody asked for it, so nothing is said.
    }
    clearTimeout(renew);
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    const button = form.querySelector("[data-ask]");
    button.addEventListener("click", () => ask(form, button));
    if (form.dataset.autofill !== undefined) offer(form);
  }
  for (const missing of document.querySelectorAll("[data-no-passkeys]")) missing.hidden = true;
})();
