/** What the page can do beyond being read; without it nothing is missing. Its hash is all that the page's policy lets run. */
export const SCRIPT = `(() => {
  const controls = document.getElementById('controls');
  if (!controls) return;
  const rows = [...document.querySelectorAll('article')].map((card) => ({ card, text: card.textContent.toLowerCase() }));
  const words = document.getElementById('filter');
  const facts = document.getElementById('only-facts');
  const shown = document.getElementById('shown');
  const fold = document.getElementById('fold');
  const apply = () => {
    const wanted = words.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let count = 0;
    for (const { card, text } of rows) {
      const fits = wanted.every((word) => text.includes(word)) && (!facts.checked || card.dataset.facts !== '0');
      card.hidden = !fits;
      if (fits) count++;
    }
    shown.textContent = count + ' of ' + rows.length + ' cards shown';
  };
  let isOpen = false;
  words.addEventListener('input', apply);
  facts.addEventListener('change', apply);
  fold.addEventListener('click', () => {
    isOpen = !isOpen;
    for (const details of document.querySelectorAll('details.source')) details.open = isOpen;
    fold.textContent = isOpen ? 'Fold all sources' : 'Open all sources';
  });
  controls.hidden = false;
  apply();
})();`;
