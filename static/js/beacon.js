// Tells that a page was looked at and that an address without a counted path (mailto:, tel:, sms:) was tapped.
// It keeps nothing on the device and knows nothing of who looks. The page is the same for everybody, so that it may
// come from a cache; what belongs to this visit is read here.
(function () {
  'use strict';
  var script = document.currentScript;
  var path = script && script.getAttribute('data-view');
  if (!path) return;

  // A fresh id for each event: however often the network sends it again, it counts once.
  function id() {
    var text = '';
    crypto.getRandomValues(new Uint8Array(16)).forEach(function (byte) {
      text += (byte + 256).toString(16).slice(1);
    });
    return text;
  }

  // Of the address that led here only its place, of our own address only the campaign.
  var referrer = document.referrer.split(/[?#]/)[0].slice(0, 500);
  var campaign = location.search.slice(1).split('&').filter(function (part) {
    return /^utm_[a-z]+=/.test(part);
  }).join('&').slice(0, 500);

  function send(kind, link) {
    var body = new URLSearchParams({ id: id(), k: kind, r: referrer, q: campaign });
    if (link) body.set('l', link);
    // sendBeacon outlives the page; where it is missing or its queue is full, fetch is asked to.
    if (navigator.sendBeacon && navigator.sendBeacon(path, body)) return;
    if (window.fetch) fetch(path, { method: 'POST', body: body, keepalive: true, credentials: 'omit' }).catch(function () {});
  }

  // This runs once a load: coming back out of the back/forward cache is no new load and does not run it again.
  // A page that the browser loads ahead of a tap has not been looked at until it is shown.
  function view() { send('view'); }
  if (document.prerendering) document.addEventListener('prerenderingchange', view, { once: true });
  else view();

  document.addEventListener('click', function (event) {
    var link = event.target.closest && event.target.closest('a[data-link]');
    if (link) send('click', link.getAttribute('data-link'));
  }, { capture: true, passive: true });
})();
