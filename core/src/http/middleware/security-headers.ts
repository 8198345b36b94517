import type { HttpMiddleware } from '../state.ts';

/**
 * Headers of every answer (NF-SEC-01). Scripts and styles come from this origin only; nothing is evaluated.
 * @param inlineScripts `sha256-…` sources of the inline scripts that the built page has (its import map)
 */
export function securityHeaders(inlineScripts: readonly string[]): HttpMiddleware {
  const policy = [
    "default-src 'self'",
    ["script-src 'self'", ...inlineScripts.map((source) => `'${source}'`)].join(' '),
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "frame-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
  return async (http, next) => {
    http.set({
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'same-origin',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    });
    if (http.secure) http.set('Strict-Transport-Security', 'max-age=31536000');
    if (http.path.startsWith('/api/') || http.path.startsWith('/health/'))
      http.set('Cache-Control', 'no-store');
    await next();
  };
}
