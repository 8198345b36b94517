/**
 * What a browser has in place of the sanitizer (`#sanitise-html` of package.json): the server cleans what is sent to
 * it, and screens build what they show from the allowed elements, so a browser never carries the sanitizer.
 */
export function sanitiseHtml(html: string): string {
  return html;
}
