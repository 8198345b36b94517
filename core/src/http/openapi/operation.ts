type Json = Readonly<Record<string, unknown>>;

/** An operation of the API, with what each of them may answer beside its success: a problem. */
export function operation(summary: string, tag: string, success: Json, more: Json = {}): Json {
  return {
    summary,
    tags: [tag],
    ...more,
    responses: {
      ...success,
      '4XX': { $ref: '#/components/responses/Problem' },
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}
