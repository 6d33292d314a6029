// Puts a player in the place of what stands for it, on a tap and not before: until then nothing of its service is asked
// for. Counts down to a release, and loads the page again when its time has come.
(function () {
  'use strict';
  var beacon = document.querySelector('script[data-view]');

  // The tap leads to no counted path, so it is told; the address without a script says which link it is.
  function tell(href) {
    if (!beacon) return;
    var id = '';
    crypto.getRandomValues(new Uint8Array(16)).forEach(function (byte) {
      id += (byte + 256).toString(16).slice(1);
    });
    var body = new URLSearchParams({ id: id, k: 'click', l: decodeURIComponent(href.split('/').pop()), r: document.referrer.split(/[?#]/)[0].slice(0, 500) });
    var path = beacon.getAttribute('data-view');
    if (navigator.sendBeacon && navigator.sendBeacon(path, body)) return;
    if (window.fetch) fetch(path, { method: 'POST', body: body, keepalive: true, credentials: 'omit' }).catch(function () {});
  }

  document.addEventListener('click', function (event) {
    var facade = event.target.closest && event.target.closest('a.facade[data-frame]');
    // Another tab, another button, no network: the link leads there as it stands.
    if (!facade || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (navigator.onLine === false || facade.getAttribute('data-frame').indexOf('https://') !== 0) return;
    event.preventDefault();
    var href = facade.getAttribute('href');
    var title = facade.querySelector('.title');
    var block = facade.closest('.block');

    var frame = document.createElement('div');
    frame.className = block && block.classList.contains('video') ? 'frame wide' : 'frame';
    var player = document.createElement('iframe');
    player.title = title ? title.textContent : '';
    player.allow = 'autoplay; encrypted-media; fullscreen; picture-in-picture; clipboard-write';
    // As high as the service makes it, from the first moment: what comes below moves once, with the tap.
    var tall = Number(facade.getAttribute('data-tall'));
    if (tall > 0 && frame.className === 'frame') player.style.blockSize = tall + 'px';
    player.src = facade.getAttribute('data-frame');
    frame.appendChild(player);

    // What does not play in the page (not in this country, for members alone) is still one tap away.
    var figure = facade.querySelector('.figure');
    var beside = document.createElement('a');
    beside.className = 'beside note';
    beside.href = href;
    beside.textContent = figure ? figure.textContent : player.title;
    frame.appendChild(beside);

    facade.replaceWith(frame);
    player.focus();
    tell(href);
  });

  var units = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
  document.querySelectorAll('time[data-countdown]').forEach(function (time) {
    var until = Date.parse(time.getAttribute('datetime'));
    var words = window.Intl && Intl.RelativeTimeFormat ? new Intl.RelativeTimeFormat(document.documentElement.lang || 'en', { numeric: 'always' }) : null;
    var said = document.createElement('span');
    // A clock that is wrong must not make the page load again and again: only a boundary that is passed here counts.
    if (!(until > Date.now())) return;
    time.appendChild(said);
    (function tick() {
      var left = Math.ceil((until - Date.now()) / 1000);
      if (left <= 0) {
        setTimeout(function () { location.reload(); }, 250);
        return;
      }
      var unit = units.find(function (one) { return left >= 2 * one[1]; }) || units[3];
      if (words) said.textContent = ' · ' + words.format(Math.floor(left / unit[1]), unit[0]);
      // Whole seconds, never further than a minute: a tab that slept finds its way back soon.
      setTimeout(tick, left > 120 ? Math.min(60, left - 120) * 1000 : (until - Date.now()) % 1000 || 1000);
    })();
  });
})();
