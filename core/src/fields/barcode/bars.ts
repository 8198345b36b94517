/** Widths of the seven modules of each digit in set A; set B is its mirror's complement, C its complement. */
const LEFT = [
  '0001101',
  '0011001',
  '0010011',
  '0111101',
  '0100011',
  '0110001',
  '0101111',
  '0111011',
  '0110111',
  '0001011',
];
/** Which of the first six digits stand in set B tells the thirteenth digit. */
const PARITY = [
  '000000',
  '001011',
  '001101',
  '001110',
  '010011',
  '011001',
  '011100',
  '010101',
  '010110',
  '011010',
];

const complement = (modules: string): string => [...modules].map((bit) => (bit === '0' ? '1' : '0')).join('');
const mirror = (modules: string): string => [...modules].reverse().join('');

/** The 95 modules of an EAN-13, `1` for a bar. The number must be sound. */
export function eanModules(digits: string): string {
  const parity = PARITY[Number(digits[0])] ?? '';
  const left = Array.from(digits.slice(1, 7), (digit, index) => {
    const a = LEFT[Number(digit)] ?? '';
    return parity[index] === '1' ? mirror(complement(a)) : a;
  });
  const right = Array.from(digits.slice(7), (digit) => complement(LEFT[Number(digit)] ?? ''));
  return `101${left.join('')}01010${right.join('')}101`;
}

/** Widths of bars and spaces of the 107 signs of Code 128 (ISO/IEC 15417), the stop sign last. */
const CODE_128 =
  '212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214211232';
const widthsOf = (value: number): string => CODE_128.slice(value * 6, value * 6 + 6);
const [START_B, STOP] = [104, '2331112'];

/** The modules of a Code 128 in set B, `1` for a bar. The text must be printable ASCII. */
export function code128Modules(text: string): string {
  const values = [...text].map((sign) => sign.charCodeAt(0) - 32);
  const sum = values.reduce((total, value, index) => total + value * (index + 1), START_B);
  const widths = [START_B, ...values, sum % 103].map(widthsOf).join('') + STOP;
  return [...widths].map((width, index) => (index % 2 === 0 ? '1' : '0').repeat(Number(width))).join('');
}
