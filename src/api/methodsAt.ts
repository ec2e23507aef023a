import { ROUTES } from './routes.ts';

const PATTERNS = ROUTES.map(({ path, method }) => ({
  method: method.toUpperCase(),
  // A slash at the end makes no difference to express either.
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}/?$`),
}));

/** The methods that an address is served for, HEAD with GET; none for an address that nothing is served at. */
export function methodsAt(path: string): string[] {
  const methods = PATTERNS.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  return methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}
