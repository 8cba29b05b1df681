// The reader's versions of listings. This browser keeps them for each account, until it signs out here. `key` is null for a
// reader without an account. Some browsers block localStorage, and it may be full: then a version lasts as long as the page.
function attempt(act) {
  try {
    return act();
  } catch {
    return null;
  }
}

export const keptVersion = (key) => key && attempt(() => localStorage.getItem(key));

// Null forgets the version.
export function keepVersion(key, source) {
  if (key) attempt(() => (source === null ? localStorage.removeItem(key) : localStorage.setItem(key, source)));
}
