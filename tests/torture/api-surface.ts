import type { Json } from './client.ts';

/** One route and verb of the API, with what is known of its input. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  /** Schema of the body, references resolved; null where the description tells only names. */
  readonly body: Json | null;
  /** Members that the summary names. */
  readonly members: readonly string[];
}

/** Not asked of a server that is to go on: sample data takes minutes, and setup may load it. */
const LEFT_OUT = /^(?:post|delete) \/api\/v1\/(?:demo|setup)$/;

/** Every operation of an OpenAPI description. */
export function operationsOf(description: Json): readonly Operation[] {
  const paths = description['paths'] as Readonly<Record<string, Readonly<Record<string, Json>>>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      if (!['get', 'post', 'patch', 'delete', 'put'].includes(method) || LEFT_OUT.test(`${method} ${path}`))
        return [];
      const parameters = (operation['parameters'] ?? []) as readonly Json[];
      const content = (operation['requestBody'] as { content?: Readonly<Record<string, Json>> } | undefined)
        ?.content;
      const schema = Object.values(content ?? {})[0]?.['schema'] as Json | undefined;
      const summary = String(operation['summary'] ?? '');
      return {
        method: method.toUpperCase(),
        path,
        query: [
          ...parameters.filter((each) => each['in'] === 'query').map((each) => String(each['name'])),
          ...[...summary.matchAll(/[?&](\w+)=/g)].map(([, name]) => name ?? ''),
        ],
        body: schema ? resolve(schema, description) : null,
        members: [...(/\{([^}]*)\}/.exec(summary)?.[1] ?? '').matchAll(/\w+/g)].map(([name]) => name),
      };
    }),
  );
}

/** A schema with the target of its own `$ref` in its place; deeper ones are looked up where they are needed. */
function resolve(schema: Json, description: Json): Json {
  const ref = schema['$ref'];
  if (typeof ref !== 'string') return schema;
  let at: unknown = description;
  for (const part of ref.replace(/^#\//, '').split('/'))
    at = (at as Record<string, unknown> | undefined)?.[part];
  return (at ?? {}) as Json;
}
