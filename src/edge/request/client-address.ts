// The form in which client addresses are compared and shown.

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * The address as programs see it: `::ffff:192.0.2.1` becomes `192.0.2.1`, `fe80::1%eth0` becomes `fe80::1`;
 * undefined (a closed socket) becomes `0.0.0.0`.
 */
export function bareAddress(address: string | undefined): string {
  if (address === undefined) return "0.0.0.0";
  if (!address.includes(":")) return address;
  const zone = address.indexOf("%");
  const bare = zone === -1 ? address : address.slice(0, zone);
  return MAPPED_IPV4.exec(bare)?.[1] ?? bare;
}
