// Keeps <main> as the server renders it: the page's own URL, asked for as an event stream, sends what changed.
const main = document.querySelector('main');
const connection = document.getElementById('connection');
const states = { live: 'Live', lost: 'Reconnecting…', paused: 'Paused' };
let source, html, retry;

function say(state) {
  if (connection.dataset.state === state) return;
  connection.dataset.state = state;
  connection.textContent = states[state];
}

function open() {
  close();
  html = '';
  source = new EventSource(location.href);
  source.onopen = () => { html = ''; };
  source.onmessage = message => {
    const change = JSON.parse(message.data);
    html = html.slice(0, change.head) + change.html + html.slice(html.length - change.tail);
    const template = document.createElement('template');
    template.innerHTML = html;
    update(main, template.content);
    say('live');
  };
  source.onerror = () => {
    say('lost');
    // A browser gives up for good where the host answered with an error, for instance while it starts.
    if (source.readyState === EventSource.CLOSED) retry = setTimeout(open, 3000);
  };
}

function close() {
  clearTimeout(retry);
  source?.close();
}

// Changes only what differs, so that focus, selection, scroll and opened details stay as they are.
function update(from, to) {
  const keyed = new Map();
  for (const child of from.children) if (child.dataset.key) keyed.set(child.dataset.key, child);
  let cursor = from.firstChild;
  for (const node of [...to.childNodes]) {
    const key = node.dataset?.key;
    const match = key ? keyed.get(key) : cursor && !cursor.dataset?.key && alike(cursor, node) ? cursor : null;
    if (!match) {
      from.insertBefore(node, cursor);
      continue;
    }
    if (match === cursor) cursor = cursor.nextSibling;
    else from.insertBefore(match, cursor);
    if (match.nodeType === Node.ELEMENT_NODE) updateElement(match, node);
    else if (match.data !== node.data) match.data = node.data;
  }
  while (cursor) {
    const next = cursor.nextSibling;
    cursor.remove();
    cursor = next;
  }
}

function alike(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && a.id === b.id;
}

function updateElement(was, is) {
  for (const { name } of [...was.attributes])
    if (name !== 'open' && !is.hasAttribute(name)) was.removeAttribute(name);
  for (const { name, value } of is.attributes)
    if (was.getAttribute(name) !== value) was.setAttribute(name, value);
  update(was, is);
}

// A tab that nobody sees needs no stream; browsers allow only a few to one host.
document.addEventListener('visibilitychange', () => {
  if (document.hidden) { close(); say('paused'); } else open();
});
addEventListener('pagehide', close);
addEventListener('pageshow', event => { if (event.persisted) open(); });
if (!document.hidden) open();
