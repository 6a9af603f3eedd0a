import { isIPv6 } from 'node:net';
import type { WireRequest } from '../emulator/index.ts';
import { foundText, quote } from '../text.ts';

/**
 * Returns a function that says what is wrong with the Host or the Origin of a request, as a sentence without a period.
 *
 * A page of any site can send requests to this machine. With DNS rebinding, the name of the site leads to this machine, and the page can read the
 * responses. The Host of such a request is the name of the site. Clients other than browsers can send any Host, so this does not replace credentials.
 *
 * Source: the Host and the Origin of browsers are documented in RFC 9112, section 3.2, and RFC 6454.
 *
 * @throws {RangeError} if an allowed host is not a name.
 */
export function foreignFor(
  allowHosts: readonly string[],
  isOpen: boolean,
): (request: Pick<WireRequest, 'target' | 'headers'>) => string | undefined {
  if (!Array.isArray(allowHosts))
    throw new RangeError(`\`allowHosts\` must be a list of host names; got ${foundText(allowHosts)}.`);
  const allowed = new Set(allowHosts.map(allowedName));
  const isAllowed = (name: string | undefined) => name !== undefined && (loopback.test(name) || allowed.has(name));

  return ({ target, headers }) => {
    // A target with a host takes precedence over the header.
    const host = authorityOf(target) ?? headers.get('host');
    const name = nameIn(host ?? '');
    const origin = headers.get('origin');
    // Only clients that are not browsers omit Host.
    if (isOpen && typeof host === 'string' && !isAllowed(name))
      return `The host ${quote(host)} is not allowed, because the emulator accepts any credentials. Use localhost, or allow this host with --allow-host or allowHosts`;
    if (typeof origin !== 'string') return undefined;
    const from = nameIn(authorityOf(origin) ?? '');
    if (isAllowed(from) || (from !== undefined && from === name)) return undefined;
    return `The origin ${quote(origin)} is not allowed. Web pages must be of this host, localhost or an allowed host (--allow-host, allowHosts)`;
  };
}

/** The host of a target, for a client that uses this as a proxy, or of an origin. */
const authorityOf = (url: string): string | undefined => /^https?:\/\/([^/?]*)/i.exec(url)?.[1];

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** The name or address in a host, in lower case and without its port. */
const nameIn = (host: string): string | undefined =>
  /^(\[[\da-f:.]+\]|[\w.-]+)(:\d*)?$/i.exec(host)?.[1]?.toLowerCase();

const allowedName = (given: string): string => {
  const name = (isIPv6(given) ? `[${given}]` : given).toLowerCase();
  if (nameIn(name) === name) return name;
  throw new RangeError(
    `An allowed host must be a name or an address without a port, such as csms.example.com; got ${quote(given)}.`,
  );
};
