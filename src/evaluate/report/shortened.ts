/** The text up to `most` characters; half a surrogate pair is not left at its end. */
export function shortened(text: string, most: number): { readonly shown: string; readonly left: number } {
  if (text.length <= most) return { shown: text, left: 0 };
  const isHigh = (code: number) => code >= 0xd800 && code < 0xdc00;
  const shown = text.slice(0, isHigh(text.charCodeAt(most - 1)) ? most - 1 : most);
  return { shown, left: text.length - shown.length };
}

export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : several}`;
}
