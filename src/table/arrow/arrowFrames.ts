import type { ByteInput } from './arrowInput.js';
import { type MessageFacts, messageFacts } from './arrowMessage.js';

/** One message of an Arrow stream, whole: its prefix, its metadata and its body. */
export interface Frame extends MessageFacts {
  readonly bytes: Uint8Array;
}

const CONTINUATION = 0xffffffff;
/** A schema of a hundred thousand columns is some 10 MB. */
const MOST_METADATA = 256 * 1024 * 1024;
const MOST_BODY = 2 ** 32 - 1 - MOST_METADATA;
/** A body is made room for step by step, so that a wrong length does not take memory that its bytes never fill. */
const STEP_BYTES = 64 * 1024 * 1024;

/** The next message; null at the end, whether it is marked or the bytes just stop there. An Error says what was found instead. */
export async function readFrame(input: ByteInput): Promise<Frame | null> {
  const length = await readLength(input);
  if (length === 0) return null;
  if (length < 0 || length > MOST_METADATA) throw new Error(`a message of ${length} bytes of metadata`);
  // The prefix of 8 bytes also where the writer used the old one of 4, so that a body stands at a multiple of 8.
  const head = new Uint8Array(8 + length);
  const prefix = new DataView(head.buffer);
  prefix.setUint32(0, CONTINUATION, true);
  prefix.setInt32(4, length, true);
  const metadata = head.subarray(8);
  const found = await input.readInto(metadata);
  if (found < length) throw new Error(`the end within a message's metadata, after ${found} of ${length} bytes`);
  const facts = factsOf(metadata);
  const bytes = await readBody(input, head, facts.bodyLength);
  return { ...facts, bytes };
}

function factsOf(metadata: Uint8Array): MessageFacts {
  try {
    return messageFacts(metadata);
  } catch (error) {
    if (error instanceof RangeError) throw new Error(`a damaged message (${error.message})`, { cause: error });
    throw error;
  }
}

async function readLength(input: ByteInput): Promise<number> {
  const word = new Uint8Array(4);
  const view = new DataView(word.buffer);
  for (const mayContinue of [true, false]) {
    const found = await input.readInto(word);
    if (found === 0 && mayContinue) return 0;
    if (found < 4) throw new Error(`the end within a message's length`);
    if (!mayContinue || view.getUint32(0, true) !== CONTINUATION) break;
  }
  return view.getInt32(0, true);
}

async function readBody(input: ByteInput, head: Uint8Array, length: number): Promise<Uint8Array> {
  if (length > MOST_BODY) throw new Error(`a message body of ${length} bytes`);
  const parts: Uint8Array[] = [];
  for (let done = 0; done < length; ) {
    const wanted = Math.min(STEP_BYTES, length - done);
    const whole = parts.length === 0 && wanted === length;
    const part = new Uint8Array(whole ? head.length + wanted : wanted);
    const target = whole ? part.subarray(head.length) : part;
    const found = await input.readInto(target);
    done += found;
    if (found < wanted) throw new Error(`the end within a message's body, after ${done} of ${length} bytes`);
    if (!whole) parts.push(part);
    else {
      part.set(head);
      return part;
    }
  }
  return Buffer.concat([head, ...parts]);
}
