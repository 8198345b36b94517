/** Keys of the query cache, so that events and writes can name what they make stale. */
export const keys = {
  model: ['model'] as const,
  entity: (name: string) => ['model', 'entity', name] as const,
  dictionary: (name: string) => ['model', 'dictionary', name] as const,
  notifications: ['notifications'] as const,
  todo: ['todo'] as const,
  agenda: ['agenda'] as const,
  feeds: ['feeds'] as const,
  reminders: ['reminders'] as const,
  operations: ['operations'] as const,
  records: (entity: string) => ['records', entity] as const,
  record: (entity: string, id: string) => ['records', entity, 'one', id] as const,
  history: (entity: string, id: string) => ['records', entity, 'history', id] as const,
  judgements: (entity: string, id: string) => ['records', entity, 'judgements', id] as const,
  transitions: (entity: string, id: string) => ['records', entity, 'transitions', id] as const,
  display: (entity: string, id: string) => ['records', entity, 'display', id] as const,
};
