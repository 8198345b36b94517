import type { TodoAnswer } from '@mortise/core/contract';
import { api } from './client';

/** What waits for the signed-in person, by entity and state. */
export function readTodo(): Promise<TodoAnswer> {
  return api('/me/todo');
}
