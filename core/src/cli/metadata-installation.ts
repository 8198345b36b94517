import type { Application } from '../app/application.ts';
import type { MetadataPackage } from '../change/transport/metadata-package.ts';
import type { PackageWish } from '../change/transport/package-target.ts';
import type { Difference } from '../change/transport/three-way.ts';
import { Problem } from '../errors/problem.ts';
import type { ApplyAnswer, PackagePlanAnswer } from '../http/contract.ts';
import type { Locale } from '../text/locale.ts';
import { UsageError } from './command.ts';

/** An installation whose configuration is moved. */
export interface Installation {
  exported(): Promise<MetadataPackage>;
  differences(sent: MetadataPackage): Promise<readonly Difference[]>;
  planned(wish: PackageWish, note: string): Promise<PackagePlanAnswer>;
  applied(token: string): Promise<ApplyAnswer>;
}

/** The installation whose database this process has opened. */
export function localInstallation({ changes, administrator }: Application): Installation {
  return {
    exported: () => changes.exportPackage(),
    differences: async (sent) => changes.comparePackage(sent),
    planned: (wish, note) => changes.planPackage(administrator, wish, note),
    applied: (token) => changes.apply(administrator, { token }),
  };
}

/**
 * A running installation, reached through its API in the name of the token's owner.
 * @param server its address, `https://crm.example.com`
 */
export function remoteInstallation(server: string, token: string, locale: Locale): Installation {
  if (!URL.canParse(server)) throw new UsageError(`--server: “${server}” is no address`);
  const call = async <T>(path: string, body?: unknown): Promise<T> => {
    const response = await fetch(new URL(`/api/v1/metadata/${path}`, server), {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'accept-language': locale,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json().catch(() => null);
    if (!response.ok) throw refusal(server, response.status, answer);
    return answer as T;
  };
  return {
    exported: () => call('package'),
    differences: async (sent) =>
      (await call<{ items: readonly Difference[] }>('package/diff', { package: sent })).items,
    planned: (wish, note) => call('package/plan', { ...wish, note }),
    applied: (planned) => call('apply', { token: planned }),
  };
}

interface SentProblem {
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly code: string; readonly message: string }[];
}

/** What the other installation refused, in its own words. */
function refusal(server: string, status: number, answer: unknown): Error {
  const { code = `HTTP ${status}`, detail = server, errors = [] } = (answer ?? {}) as SentProblem;
  const same = (text: string) => ({ 'zh-CN': text, en: text });
  return new Problem(
    code,
    status,
    same(detail),
    errors.map((each) => ({ ...each, message: same(each.message) })),
  );
}
