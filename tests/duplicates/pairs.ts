import { seededRandom, type Dice } from './dice.ts';
import { FALSEHOODS } from './pair-falsehoods.ts';
import { MUTATIONS } from './pair-mutations.ts';
import { company, nameOf, phoneOf, STYLES, writtenPhone } from './pair-names.ts';

/** What is typed or stored of a company. */
export interface Company {
  readonly name: string;
  readonly phone?: string;
  readonly address?: string;
}

/** Two records and whether they are one enterprise. */
export interface Pair {
  readonly stored: Company;
  readonly typed: Company;
  readonly same: boolean;
  /** How the second was made of the first. */
  readonly how: string;
}

/** Makes `count` pairs, true and false ones in turn. */
export function makePairs(count: number, seed: number): readonly Pair[] {
  const dice = seededRandom(seed);
  return Array.from({ length: count }, (_, at) => (at % 2 === 0 ? truePair(dice) : falsePair(dice)));
}

function truePair(dice: Dice): Pair {
  for (;;) {
    const parts = company(dice);
    const style = dice.pick(STYLES);
    const [how, apply] = dice.pick(MUTATIONS);
    const typed = apply(dice, parts, style);
    const stored = nameOf(parts, style);
    if (typed === null || typed === stored || (how === 'brand with place' && style === 'none')) continue;
    // Every third also changes form, and half of the pairs have a phone, written otherwise.
    const name = dice.chance(0.3) ? swapForm(dice, typed) : typed;
    const phone = dice.chance(0.4) ? phoneOf(dice) : null;
    return {
      stored: { name: stored, ...(phone ? { phone: writtenPhone(dice, phone) } : {}) },
      typed: { name, ...(phone ? { phone: writtenPhone(dice, phone) } : {}) },
      same: true,
      how,
    };
  }
}

function swapForm(dice: Dice, name: string): string {
  return name.replace(
    /(?:股份|集团)?有限(?:责任)?公司$/u,
    dice.pick(['有限公司', '有限责任公司', '股份有限公司', '公司']),
  );
}

function falsePair(dice: Dice): Pair {
  for (;;) {
    const parts = company(dice);
    const [how, apply] = dice.pick(FALSEHOODS);
    const names = apply(dice, parts);
    if (!names || names[0] === names[1]) continue;
    // Parts of one enterprise often share the switchboard.
    const shared =
      how !== 'a brand with one character in common' && how.includes('branch') && dice.chance(0.3);
    const phone = phoneOf(dice);
    const [stored, typed] = dice.chance(0.5) ? names : [names[1], names[0]];
    return {
      stored: { name: stored, ...(shared ? { phone: writtenPhone(dice, phone) } : {}) },
      typed: { name: typed, ...(shared ? { phone: writtenPhone(dice, phone) } : {}) },
      same: false,
      how,
    };
  }
}
