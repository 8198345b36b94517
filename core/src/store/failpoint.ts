/**
 * Named places at which the fault harness (`npm run torture`) stops, freezes or fails the process, to show that a
 * fault there loses nothing. Inert unless armed by `MORTISE_FAILPOINT`, with which a server refuses to
 * start under `NODE_ENV=production`, or by {@link armFailpoint}, which only the harness calls.
 */

/** What happens at an armed failpoint: death as by `kill -9`, a freeze until SIGCONT, or an error. */
type FailpointAction = 'kill' | 'pause' | 'error';

/** One armed failpoint; `nth` counts its passages from 1. */
export interface ArmedFailpoint {
  readonly name: string;
  readonly nth: number;
  readonly action: FailpointAction;
}

/** Thrown by the action `error`; nothing in the product expects it. */
export class FailpointError extends Error {}

const ACTIONS: ReadonlySet<string> = new Set<FailpointAction>(['kill', 'pause', 'error']);
const names = new Set<string>();
let armed: ArmedFailpoint | null = parseFailpoint(process.env['MORTISE_FAILPOINT'] ?? '');
let passed = 0;

/**
 * Reads `name[:nth][:action]`, by default the first passage and `kill`; null when it is empty.
 * @throws Error when it is not of this form
 * @example parseFailpoint('store.before-commit:12:kill')
 */
export function parseFailpoint(text: string): ArmedFailpoint | null {
  if (text === '') return null;
  const [name = '', ...rest] = text.split(':');
  const nth = /^\d+$/.test(rest[0] ?? '') ? Number(rest.shift()) : 1;
  const action = rest.shift() ?? 'kill';
  if (!/^[a-z-]+(?:\.[a-z-]+)+$/.test(name) || nth < 1 || !ACTIONS.has(action) || rest.length > 0)
    throw new Error(`MORTISE_FAILPOINT=${text}: name[:nth][:kill|pause|error] is needed`);
  return { name, nth, action: action as FailpointAction };
}

/** Arms one failpoint, or none; its passages are counted from now on. */
export function armFailpoint(next: ArmedFailpoint | null): void {
  armed = next;
  passed = 0;
}

/** The failpoint that is armed, so that a server can say so when it starts. */
export function armedFailpoint(): ArmedFailpoint | null {
  return armed;
}

/** Declares a failpoint; call at module level so that all of them can be listed. */
export function failpoint(name: string): () => void {
  names.add(name);
  return () => {
    if (armed !== null && armed.name === name) pass(armed);
  };
}

/** All declared names, sorted. */
export function failpointNames(): readonly string[] {
  return [...names].sort();
}

function pass({ name, nth, action }: ArmedFailpoint): void {
  passed += 1;
  if (passed !== nth) return;
  armed = null;
  if (action === 'error') throw new FailpointError(`failpoint ${name}`);
  process.kill(process.pid, action === 'kill' ? 'SIGKILL' : 'SIGSTOP');
}
