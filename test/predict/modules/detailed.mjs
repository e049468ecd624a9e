// Functions of a user's own that fail for some of their rows.

/** Quotes the text that it fails for, as JSON.parse does. */
export function parsed(batch) {
  return batch.column('text').map((text) => (text === null ? null : JSON.parse(text).n));
}

/** Complains in words of its own, with the row's number, name and a stretch of the text in them. */
export function complaining(batch) {
  return batch.column('text').map((text, row) => {
    if (text?.startsWith('bad')) throw new RangeError(`no customer ${text.split(' ')[1]} as in ${text} at ${row}`);
    return text && text.length + (batch.column('count')[row] ?? 0);
  });
}

export function mistyped(batch) {
  return batch.column('text').map((text) => (text === 'odd' ? `it is ${text}` : 1));
}

/** Ends its thread; what it throws outside of the task quotes the text. */
export async function dying(batch) {
  for (const text of batch.column('text')) {
    if (text === 'exit') process.exit(3);
    if (text?.startsWith('throw')) {
      setTimeout(() => {
        throw new TypeError(`cannot read "${text}"`);
      });
      await new Promise(() => {});
    }
  }
  return batch.column('text').map((text) => text?.length ?? null);
}
