import type { Context } from '../context/context.ts';
import type { SecurityEvent } from './security-log.ts';

/** Who does it, and from where, as the log names him. */
export function actorOf(context: Context): Pick<SecurityEvent, 'userId' | 'userName' | 'source' | 'address'> {
  const { actor, source, address } = context;
  return { userId: actor.id, userName: actor.displayName, source, address: address ?? null };
}
