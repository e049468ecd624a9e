/** Where spans go and whose children they are, as the variables of OpenTelemetry say. */
export interface TraceSettings {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeout: number;
  readonly resource: Readonly<Record<string, string>>;
  readonly parent: TraceParent | null;
}

export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  readonly state: string;
}

const LONGEST_TIMEOUT = 10_000;

/** null: no spans are wanted. `say` hears of variables that make no sense; those never stop a job. */
export function traceSettings(
  env: NodeJS.ProcessEnv,
  version: string,
  say: (line: string) => void,
): TraceSettings | null {
  const variable = (name: string) => env[`OTEL_EXPORTER_OTLP_TRACES_${name}`] || env[`OTEL_EXPORTER_OTLP_${name}`];
  const given = variable('ENDPOINT');
  const isOff = env.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || env.OTEL_TRACES_EXPORTER?.trim() === 'none';
  if (!given || isOff) return null;
  const { parent, isSampled } = traceParent(env);
  if (!isSampled) return null;
  // The endpoint for all signals is a base; the one for traces is taken as it is.
  const url = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ? given : `${given.replace(/\/+$/, '')}/v1/traces`;
  if (!isHttp(url)) {
    say(`no traces are sent: ${JSON.stringify(given)} is no http address`);
    return null;
  }
  const protocol = variable('PROTOCOL');
  if (protocol && protocol !== 'http/json') say(`traces are sent as http/json, not ${protocol}`);
  const timeout = Number(variable('TIMEOUT'));
  return {
    url,
    headers: pairs(variable('HEADERS')),
    timeout: timeout > 0 ? Math.min(timeout, LONGEST_TIMEOUT) : LONGEST_TIMEOUT,
    resource: {
      'telemetry.sdk.name': 'precis',
      'telemetry.sdk.language': 'nodejs',
      'service.name': 'precis',
      'service.version': version,
      ...pairs(env.OTEL_RESOURCE_ATTRIBUTES),
      ...(env.OTEL_SERVICE_NAME ? { 'service.name': env.OTEL_SERVICE_NAME } : {}),
    },
    parent,
  };
}

/** The span of whoever started us (W3C trace context); one that is not sampled has no children either. */
function traceParent(env: NodeJS.ProcessEnv): { parent: TraceParent | null; isSampled: boolean } {
  const match = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(
    (env.TRACEPARENT ?? '').trim(),
  );
  if (match === null) return { parent: null, isSampled: true };
  const [, traceId, spanId, flags] = match;
  return {
    parent: { traceId, spanId, state: env.TRACESTATE ?? '' },
    isSampled: (Number.parseInt(flags, 16) & 1) === 1,
  };
}

/** `a=b,c=d` with percent escapes. */
function pairs(text: string | undefined): Record<string, string> {
  const found: Record<string, string> = {};
  for (const pair of (text ?? '').split(',')) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, Math.max(at, 0)).trim();
    if (name !== '') found[name] = unescaped(pair.slice(at + 1).trim());
  }
  return found;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
