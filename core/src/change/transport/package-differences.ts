import type { MetadataPackage } from './metadata-package.ts';
import { type Difference, differences } from './three-way.ts';

type Content = Pick<MetadataPackage, 'plugins' | 'documents'>;

/** Where two configurations differ; paths start with the key of the document: `entity/contact#/properties/wechat`. */
export function packageDifferences(here: Content, sent: Content): readonly Difference[] {
  return [...below('plugin/', switches(here), switches(sent)), ...below('', here.documents, sent.documents)];
}

function switches({ plugins }: Content): Readonly<Record<string, boolean>> {
  return Object.fromEntries(Object.entries(plugins).map(([name, { enabled }]) => [name, enabled]));
}

function below(
  prefix: string,
  here: Readonly<Record<string, unknown>>,
  sent: Readonly<Record<string, unknown>>,
): Difference[] {
  return [...new Set([...Object.keys(here), ...Object.keys(sent)])].flatMap((key) =>
    differences(here[key], sent[key]).map((each) => ({ ...each, path: `${prefix}${key}#${each.path}` })),
  );
}
