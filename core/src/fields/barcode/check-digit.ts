/** The last digit of EAN-13 (and ISBN-13) for the twelve before it. */
function eanCheckDigit(digits: string): string {
  const sum = [...digits].reduce(
    (total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3),
    0,
  );
  return String((10 - (sum % 10)) % 10);
}

/** Check sign of ISSN (7 digits) and ISBN-10 (9 digits): weights falling to 2, modulo 11, ten as `X`. */
function elevenCheckDigit(digits: string): string {
  const sum = [...digits].reduce(
    (total, digit, index) => total + Number(digit) * (digits.length + 1 - index),
    0,
  );
  const rest = (11 - (sum % 11)) % 11;
  return rest === 10 ? 'X' : String(rest);
}

/** True for 13 digits whose last one fits. */
export function isEan13(text: string): boolean {
  return /^\d{13}$/.test(text) && text.endsWith(eanCheckDigit(text.slice(0, 12)));
}

/** True for a book number of 13 digits. */
export function isIsbn(text: string): boolean {
  return /^97[89]/.test(text) && isEan13(text);
}

/** True for `1234-567X` whose last sign fits. */
export function isIssn(text: string): boolean {
  return (
    /^\d{4}-\d{3}[\dX]$/.test(text) && text.endsWith(elevenCheckDigit(text.replace('-', '').slice(0, 7)))
  );
}

/** A sound ISBN-10 as ISBN-13, anything else unchanged. */
export function longIsbn(text: string): string {
  if (!/^\d{9}[\dX]$/.test(text) || !text.endsWith(elevenCheckDigit(text.slice(0, 9)))) return text;
  const body = `978${text.slice(0, 9)}`;
  return body + eanCheckDigit(body);
}

/** The EAN-13 that stands under the bars of a periodical: 977, the ISSN without its check sign, 00. */
export function eanOfIssn(issn: string): string {
  const body = `977${issn.replace('-', '').slice(0, 7)}00`;
  return body + eanCheckDigit(body);
}
