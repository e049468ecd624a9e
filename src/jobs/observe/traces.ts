import { randomBytes } from 'node:crypto';
import { type TraceSettings, traceSettings } from './traceSettings.js';

export type Attributes = Readonly<Record<string, string | number | boolean | null>>;

export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** `error` is one line; times are milliseconds since 1970. */
  end(how?: { readonly attributes?: Attributes; readonly error?: string | null; readonly at?: number }): void;
}

export interface Traces {
  start(
    name: string,
    how?: { readonly parent?: Span | null; readonly attributes?: Attributes; readonly at?: number },
  ): Span;
  /** Sends what is left, for a short time at most; never rejects. */
  close(): Promise<void>;
}

export interface TraceOptions {
  readonly version: string;
  readonly offline?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly say?: (line: string) => void;
}

const QUEUE = 2048;
const BATCH = 512;
const EVERY = 5_000;
const AT_CLOSE = 2_000;
const INTERNAL = 1;
const FAILED = 2;

/** Spans for whoever collects them (OTLP over HTTP, as JSON); null where no endpoint is named. */
export function openTraces({
  version,
  offline = false,
  env = process.env,
  say = () => {},
}: TraceOptions): Traces | null {
  const settings = offline ? null : traceSettings(env, version, say);
  return settings === null ? null : new Exporter(settings, version, say);
}

/** Never in the way: a bounded queue, one request at a time, and what cannot be delivered is dropped. */
class Exporter implements Traces {
  private readonly queue: object[] = [];
  private readonly timer: NodeJS.Timeout;
  private readonly ending = new AbortController();
  private sending: Promise<void> | null = null;
  private dropped = 0;
  private hasFailed = false;

  constructor(
    private readonly settings: TraceSettings,
    private readonly version: string,
    private readonly say: (line: string) => void,
  ) {
    this.timer = setInterval(() => this.send(), EVERY);
    this.timer.unref();
  }

  start: Traces['start'] = (name, { parent = null, attributes = {}, at = Date.now() } = {}) => {
    const above = parent ?? this.settings.parent;
    const traceId = above?.traceId ?? randomBytes(16).toString('hex');
    const spanId = randomBytes(8).toString('hex');
    let hasEnded = false;
    const end: Span['end'] = ({ attributes: more = {}, error = null, at: end = Date.now() } = {}) => {
      if (hasEnded) return;
      hasEnded = true;
      this.add({
        traceId,
        spanId,
        ...(above ? { parentSpanId: above.spanId } : {}),
        ...(this.settings.parent?.state ? { traceState: this.settings.parent.state } : {}),
        flags: 1,
        name,
        kind: INTERNAL,
        startTimeUnixNano: nanoseconds(at),
        endTimeUnixNano: nanoseconds(end),
        attributes: attributeList({ ...attributes, ...more }),
        status: error === null ? {} : { code: FAILED, message: error },
      });
    };
    return { traceId, spanId, end };
  };

  async close(): Promise<void> {
    clearInterval(this.timer);
    const limit = setTimeout(() => this.ending.abort(new Error(`no answer within ${AT_CLOSE / 1000} s`)), AT_CLOSE);
    await this.sending;
    while (this.queue.length > 0 && !this.ending.signal.aborted) await this.send();
    clearTimeout(limit);
    this.dropped += this.queue.length;
    if (this.dropped > 0) this.say(`${this.dropped} spans were not delivered to ${this.settings.url}`);
  }

  private add(span: object): void {
    if (this.queue.length >= QUEUE) this.dropped++;
    else this.queue.push(span);
    if (this.queue.length >= BATCH) this.send();
  }

  private send(): Promise<void> {
    if (this.queue.length > 0)
      this.sending ??= this.deliver(this.queue.splice(0, BATCH)).finally(() => (this.sending = null));
    return this.sending ?? Promise.resolve();
  }

  private async deliver(spans: object[]): Promise<void> {
    const { url, headers, timeout } = this.settings;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(this.request(spans)),
        signal: AbortSignal.any([AbortSignal.timeout(timeout), this.ending.signal]),
        redirect: 'error',
      });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`status ${response.status}`);
    } catch (error) {
      this.dropped += spans.length;
      const { message, cause } = error as Error;
      if (!this.hasFailed) this.say(`traces cannot be delivered to ${url}: ${(cause as Error)?.message || message}`);
      this.hasFailed = true;
    }
  }

  private request(spans: object[]): object {
    const resource = { attributes: attributeList(this.settings.resource) };
    const scope = { name: 'precis', version: this.version };
    return { resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] };
  }
}

function attributeList(attributes: Attributes): object[] {
  return Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => ({ key, value: attributeValue(value!) }));
}

/** 64-bit numbers are texts in OTLP's JSON. */
function attributeValue(value: string | number | boolean): object {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'string') return { stringValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

function nanoseconds(time: number): string {
  return String(BigInt(Math.round(time * 1000)) * 1000n);
}
