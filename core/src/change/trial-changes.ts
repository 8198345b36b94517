import { isDeepStrictEqual } from 'node:util';
import { problem } from '../errors/catalogue.ts';
import type { DocumentChange } from '../http/contract.ts';
import { documentKey, type Model } from '../model/model.ts';

type Members = Readonly<Record<string, unknown>>;

const without = (members: Members, name: string): Members => {
  const { [name]: _left, $schema: _schema, ...rest } = members;
  return rest;
};

/**
 * What may be tried before it is applied: workflows, values of dictionaries and options of fields. Other documents
 * would run under rights or formulas that nobody has reviewed.
 * @throws MRT_TRIAL_CHANGES, MRT_TRIAL_TABLES for a field that is not there yet
 */
export function checkTrialChanges(model: Model, changes: readonly DocumentChange[]): void {
  for (const { kind, name, document } of changes) {
    if (kind === 'workflow' || kind === 'dictionary') continue;
    const refusal = problem('MRT_TRIAL_CHANGES', { name: `${kind}/${name}` });
    const stored = model.documents.get(documentKey(kind, name))?.document as unknown as Members | undefined;
    if (kind !== 'entity' || !document) throw refusal;
    if (!stored) throw problem('MRT_TRIAL_TABLES');
    const [now, wished] = [stored, document as Members].map(
      ({ properties }) => (properties ?? {}) as Readonly<Record<string, Members>>,
    ) as [Readonly<Record<string, Members>>, Readonly<Record<string, Members>>];
    if (Object.keys(wished).some((field) => !Object.hasOwn(now, field))) throw problem('MRT_TRIAL_TABLES');
    const isSame =
      isDeepStrictEqual(without(stored, 'properties'), without(document as Members, 'properties')) &&
      Object.entries(now).every(
        ([field, def]) =>
          wished[field] !== undefined &&
          isDeepStrictEqual(without(def, 'options'), without(wished[field], 'options')),
      );
    if (!isSame) throw refusal;
  }
}
