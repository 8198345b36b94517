import type { TransitionRequest } from '../../records/records.ts';
import type { Call } from '../call.ts';
import { readBody } from './body.ts';
import { versionOfIfMatch } from './if-match.ts';

/** `{input?, opinion?}` of the body, and the version of `If-Match` where it is given. */
export function transitionOf(call: Call): TransitionRequest {
  const body = readBody(call.body, ['input', 'opinion']);
  const input = body.optionalObject('input');
  const opinion = body.optionalText('opinion', 2000);
  const ifMatch = call.http.headers['if-match'];
  return {
    ...(input ? { input } : {}),
    ...(opinion ? { opinion } : {}),
    ...(ifMatch === undefined ? {} : { version: versionOfIfMatch(ifMatch) }),
  };
}
