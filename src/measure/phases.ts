import type { EngineStats } from '../engine/index.js';

/** What the engine counts between two moments: milliseconds by phase, and how much was done in them. */
export type Phases = EngineStats;

export function phasesBetween(before: EngineStats, after: EngineStats): Phases {
  return combine([after, before], (a, b) => a - b);
}

export function addPhases(parts: readonly Phases[]): Phases {
  return combine(parts, (a, b) => a + b);
}

function combine(parts: readonly Phases[], by: (a: number, b: number) => number): Phases {
  const keys = Object.keys(parts[0]) as (keyof Phases)[];
  const entries = keys.map((key) => [key, parts.map((part) => part[key]).reduce(by)]);
  return Object.fromEntries(entries) as Phases;
}
