// The address holds the state: a tab reads its part, and writes it whole. What is shared is what is seen.

/** Parameters of the address. `tab` belongs to the page, all others to the tab that is open. */
export const read = () => new URLSearchParams(location.search);

/** Writes a tab's state. `push` makes a step that Back undoes; otherwise the current step is mended in place. */
export function write(tab, state, push = true) {
  const parameters = new URLSearchParams({ tab });
  for (const [name, value] of Object.entries(state)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '' && one !== false) parameters.append(name, one);
    }
  }
  // Commas, colons and slashes may stand in a query as they are, and an address is read by people.
  const address = `/?${parameters.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/')}`;
  if (address === location.pathname + location.search) return;
  history[push ? 'pushState' : 'replaceState'](null, '', address);
}
