import { listHeader, Thrift, varint } from './parquetFooter.js';

/**
 * Where the pages of a file lie, found by reading their headers, for the many files that do not say it themselves: parquet-wasm can
 * then read a part of a row group, and needs no memory for the rest.
 */
const [STOP, I32, I64, LIST] = [0, 5, 6, 9];
/** Fields by their numbers in Parquet's own definition. */
const FILE = { rowGroups: 4 };
const GROUP = { columns: 1, rows: 3 };
const CHUNK = { metadata: 3, offsetIndexOffset: 4 };
const COLUMN = { values: 5, compressedBytes: 7, dataPage: 9, dictionaryPage: 11 };
const PAGE = { kind: 1, compressedBytes: 3, data: 5, dataV2: 8 };
const [DATA_PAGE, DICTIONARY_PAGE, DATA_PAGE_V2] = [0, 2, 3];
/** Headers have statistics, of texts too: most are short, none is longer than this. */
const HEADER_BYTES = [512, 65_536];

export type ReadAt = (position: number, length: number) => Promise<Uint8Array>;

interface Chunk {
  /** Where its fields end in the footer, and the number of the last. */
  readonly end: number;
  readonly lastField: number;
  readonly start: number;
  readonly bytes: number;
  readonly values: number;
}

interface Page {
  readonly offset: number;
  readonly bytes: number;
  readonly firstRow: number;
}

/**
 * The index, to stand in the file at `position`, and a footer that names it. Null where the file has one or where rows of pages
 * cannot be told from their headers: lists in pages of the first version count items.
 */
export async function pageIndex(
  footer: Uint8Array,
  position: number,
  read: ReadAt,
): Promise<{ readonly index: Uint8Array; readonly footer: Uint8Array } | null> {
  const groups = readGroups(footer);
  if (!groups) return null;
  const indexes: Uint8Array[] = [];
  const parts: Uint8Array[] = [];
  let [at, copied] = [position, 0];
  for (const { rows, chunks } of groups) {
    for (const chunk of chunks) {
      const pages = await readPages(chunk, rows, read);
      if (!pages) return null;
      const index = offsetIndex(pages);
      parts.push(footer.subarray(copied, chunk.end), indexFields(chunk.lastField, at, index.length));
      copied = chunk.end;
      at += index.length;
      indexes.push(index);
    }
  }
  return { index: Buffer.concat(indexes), footer: Buffer.concat([...parts, footer.subarray(copied)]) };
}

/** Null if a column has an index already, or is encrypted. */
function readGroups(footer: Uint8Array): { rows: number; chunks: Chunk[] }[] | null {
  const groups: { rows: number; chunks: Chunk[] }[] = [];
  const reader = new Thrift(footer);
  let isPlain = true;
  reader.struct((id) => {
    if (id !== FILE.rowGroups) return false;
    for (let { size } = reader.list(); size > 0; size--) {
      const group = { rows: 0, chunks: [] as Chunk[] };
      reader.struct((field) => {
        if (field === GROUP.rows) group.rows = reader.integer();
        else if (field === GROUP.columns) {
          for (let { size } = reader.list(); size > 0; size--) group.chunks.push(readChunk(reader));
        } else return false;
        return true;
      });
      groups.push(group);
      isPlain &&= group.chunks.every(({ lastField }) => lastField < CHUNK.offsetIndexOffset);
    }
    return true;
  });
  return isPlain ? groups : null;
}

function readChunk(reader: Thrift): Chunk {
  const found = new Map<number, number>();
  const lastField = reader.struct((id) => {
    if (id !== CHUNK.metadata) return false;
    reader.struct((field) => {
      if (!(Object.values(COLUMN) as number[]).includes(field)) return false;
      found.set(field, reader.integer());
      return true;
    });
    return true;
  });
  const [dataPage, dictionary] = [found.get(COLUMN.dataPage) ?? 0, found.get(COLUMN.dictionaryPage) ?? 0];
  return {
    end: reader.at - 1,
    lastField,
    start: dictionary > 0 ? Math.min(dictionary, dataPage) : dataPage,
    bytes: found.get(COLUMN.compressedBytes) ?? 0,
    values: found.get(COLUMN.values) ?? 0,
  };
}

/** Null unless the pages fill the chunk and their rows are those of the group. */
async function readPages(chunk: Chunk, rows: number, read: ReadAt): Promise<Page[] | null> {
  const pages: Page[] = [];
  const end = chunk.start + chunk.bytes;
  let [at, firstRow] = [chunk.start, 0];
  while (at < end) {
    const header = await readHeader(at, end, read);
    if (!header || (header.rows === null && chunk.values !== rows)) return null;
    if (header.kind !== DICTIONARY_PAGE) {
      if (header.kind !== DATA_PAGE && header.kind !== DATA_PAGE_V2) return null;
      pages.push({ offset: at, bytes: header.bytes, firstRow });
      firstRow += header.rows ?? header.values;
    }
    at += header.bytes;
  }
  return at === end && firstRow === rows ? pages : null;
}

interface PageHeader {
  readonly kind: number;
  /** The header's own and those of the page behind it. */
  readonly bytes: number;
  readonly values: number;
  /** Null where it counts values only. */
  readonly rows: number | null;
}

async function readHeader(at: number, end: number, read: ReadAt): Promise<PageHeader | null> {
  for (const most of HEADER_BYTES) {
    const bytes = await read(at, Math.min(most, end - at));
    try {
      return parseHeader(bytes);
    } catch {
      // It is longer than what was read, or none.
    }
  }
  return null;
}

function parseHeader(bytes: Uint8Array): PageHeader {
  const reader = new Thrift(bytes);
  let [kind, page, values] = [-1, 0, 0];
  let rows: number | null = null;
  reader.struct((id) => {
    if (id === PAGE.kind) kind = reader.integer();
    else if (id === PAGE.compressedBytes) page = reader.integer();
    else if (id === PAGE.data || id === PAGE.dataV2) {
      reader.struct((field) => {
        if (field === 1) values = reader.integer();
        else if (field === 3 && id === PAGE.dataV2) rows = reader.integer();
        else return false;
        return true;
      });
    } else return false;
    return true;
  });
  if (page < 0 || values < 0 || (rows ?? 0) < 0) throw new Error('a page of a negative size');
  if (kind === DICTIONARY_PAGE) rows = 0;
  return { kind, bytes: reader.at + page, values, rows };
}

function offsetIndex(pages: readonly Page[]): Uint8Array {
  const locations = pages.map(({ offset, bytes, firstRow }) =>
    Buffer.concat([field(1, I64, offset), field(1, I32, bytes), field(1, I64, firstRow), Buffer.of(STOP)]),
  );
  return Buffer.concat([Buffer.of((1 << 4) | LIST), listHeader(pages.length), ...locations, Buffer.of(STOP)]);
}

function indexFields(lastField: number, offset: number, bytes: number): Uint8Array {
  return Buffer.concat([field(CHUNK.offsetIndexOffset - lastField, I64, offset), field(1, I32, bytes)]);
}

/** A number; `step` is how far the field's own number is from the one before. */
function field(step: number, type: number, value: number): Uint8Array {
  return Buffer.concat([Buffer.of((step << 4) | type), varint(2 * value)]);
}
