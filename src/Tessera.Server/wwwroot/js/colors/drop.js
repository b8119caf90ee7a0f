// Images that come from outside: chosen, dropped, pasted.

/** Calls `onImage(file)` for each image that is dropped on a panel, pasted while it is shown, or chosen with an input. */
export function takeImages(panel, input, onImage) {
  const imageOf = list => [...list ?? []].find(file => file.type.startsWith('image/'));
  let depth = 0;
  const over = on => panel.classList.toggle('dropping', on);

  input.addEventListener('change', () => {
    if (input.files[0]) onImage(input.files[0]);
    input.value = '';
  });
  // Enter and leave come for every child; only the outermost pair counts.
  panel.addEventListener('dragenter', event => {
    if (![...event.dataTransfer.types].includes('Files')) return;
    event.preventDefault();
    over(++depth > 0);
  });
  panel.addEventListener('dragover', event => event.preventDefault());
  panel.addEventListener('dragleave', () => over(--depth > 0));
  panel.addEventListener('drop', event => {
    event.preventDefault();
    depth = 0;
    over(false);
    const image = imageOf(event.dataTransfer.files);
    if (image) onImage(image);
  });
  document.addEventListener('paste', event => {
    const image = imageOf(event.clipboardData?.files);
    if (image && !panel.hidden) onImage(image);
  });
}
