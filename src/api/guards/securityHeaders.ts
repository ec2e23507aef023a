import type { RequestHandler } from 'express';

const NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/** For a page that carries its own styles and no script. */
export const STILL_PAGE = `${NOTHING}; style-src 'unsafe-inline'`;
/** The board's own scripts and styles and nothing from elsewhere: it asks another host for a font, and does without. */
const BOARD = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers that keep browsers from guessing types, from showing the board in a frame, and from keeping answers. */
export function securityHeaders(boardPath: string): RequestHandler {
  return (request, response, next) => {
    const isBoard = request.path === boardPath || request.path.startsWith(`${boardPath}/`);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('X-Frame-Options', 'DENY');
    // Not no-referrer: with that, browsers hide the Origin that `originGuard` looks at.
    response.setHeader('Referrer-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    response.setHeader('Content-Security-Policy', isBoard ? BOARD : NOTHING);
    if (!request.path.startsWith(`${boardPath}/static/`)) response.setHeader('Cache-Control', 'no-store');
    next();
  };
}
