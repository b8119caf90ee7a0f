// The server's JSON API: failures become sentences, a missing key is asked for, a loading system is waited for.

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

let key = sessionStorage.getItem('tessera-key') ?? '';

const withKey = headers => (key ? { ...headers, Authorization: `Bearer ${key}` } : headers);

/** Calls the API; `query` may hold arrays (repeated names) and empty values (left out). */
export async function api(path, { query, body, signal } = {}) {
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') url.searchParams.append(name, one);
    }
  }
  for (let attempt = 0; ; attempt++) {
    const response = await send(url, body, signal);
    if (response.ok) return response.json();
    const problem = await response.json().catch(() => ({}));
    if (response.status === 401) await askForKey();
    else if ((response.status === 503 || response.status === 429) && attempt < 60) await pause(1000 * Math.min(5, Number(response.headers.get('Retry-After')) || 1), signal);
    else throw new ApiError(response.status, problem.detail ?? problem.title ?? `The server answered ${response.status}.`);
  }
}

async function send(url, body, signal) {
  try {
    return await fetch(url, { method: body ? 'POST' : 'GET', body, signal, headers: withKey(body ? { 'Content-Type': body.type || 'application/octet-stream' } : {}) });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(0, 'The server does not answer. Is `tessera serve` still running?');
  }
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new DOMException('', 'AbortError'));
    });
  });
}

let asking;

// One dialog, however many requests found the door closed.
function askForKey() {
  asking ??= new Promise(resolve => {
    const dialog = document.getElementById('key-dialog');
    dialog.addEventListener('close', () => {
      key = document.getElementById('key').value;
      sessionStorage.setItem('tessera-key', key);
      asking = undefined;
      resolve();
    }, { once: true });
    dialog.showModal();
  });
  return asking;
}

/** Shows an image of the API. Image elements cannot send a key, so with one the bytes come by fetch. */
export async function showImage(image, path) {
  if (!key) {
    image.src = path;
    return;
  }
  const response = await fetch(path, { headers: withKey({}) });
  if (!response.ok) return;
  image.src = URL.createObjectURL(await response.blob());
  image.addEventListener('load', () => URL.revokeObjectURL(image.src), { once: true });
}

/** Runs only the newest of many calls: a new one aborts the one before. Aborted calls resolve to undefined. */
export function latest(call) {
  let controller;
  return async (...args) => {
    controller?.abort();
    const mine = controller = new AbortController();
    try {
      const result = await call(mine.signal, ...args);
      return mine.signal.aborted ? undefined : result;
    } catch (error) {
      if (mine.signal.aborted) return undefined;
      throw error;
    }
  };
}
