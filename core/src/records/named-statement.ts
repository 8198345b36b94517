import { resolveMarker } from '../access/bind-access.ts';
import type { Context } from '../context/context.ts';
import type { Model } from '../model/model.ts';
import type { Statement } from '../store/database.ts';
import { statementName } from './compiled-statement.ts';
import { LeastRecentlyUsed } from './statement-cache.ts';
import { usedParameters } from './statement-parameters.ts';

interface KnownText {
  readonly text: string;
  readonly used: readonly number[];
  readonly name: string;
}

const KNOWN = new WeakMap<Model, LeastRecentlyUsed<KnownText>>();

/** A statement of the write path with the actor's values put in, prepared by name from the second time its text comes. */
export function namedStatement(context: Context, written: string, bound: readonly unknown[]): Statement {
  let ofModel = KNOWN.get(context.model);
  if (!ofModel) KNOWN.set(context.model, (ofModel = new LeastRecentlyUsed(500)));
  let known = ofModel.get(written);
  const isNew = known === undefined;
  if (known === undefined) {
    const { text, used } = usedParameters(written);
    known = { text, used, name: statementName(context.model, text) };
    ofModel.set(written, known);
  }
  const values = known.used.map((index) => resolveMarker(bound[index], context.access.parameters));
  return isNew ? { text: known.text, values } : { text: known.text, values, name: known.name };
}
