// The names that an authority may sign for (RFC 5280, section 4.2.1.10): a domain with all below it, and
// addresses of this machine. Whoever steals the key of an authority that people trust cannot sign for others.
import { isIPv4, isIPv6, SocketAddress } from "node:net";
import * as x509 from "./x509.ts";

const OID = "2.5.29.30";
const TAG = { sequence: 0x30, permitted: 0xa0, dnsName: 0x82, ipAddress: 0x87 } as const;

/** The extension, critical. A domain that is an address is constrained by that address alone. */
export function nameConstraints(domain: string, addresses: readonly string[]): x509.Extension {
  const names = [domain, ...addresses].map((name) => subtree(name));
  return new x509.Extension(OID, true, element(TAG.sequence, element(TAG.permitted, Buffer.concat(names))));
}

/** True if the authority may sign for the domain: it has no constraints, or this domain among them. */
export function covers(certificate: x509.X509Certificate, domain: string): boolean {
  const extension = certificate.getExtension(OID);
  return extension === null || Buffer.from(extension.value).includes(subtree(domain));
}

function subtree(name: string): Buffer {
  const address = addressBytes(name);
  const base =
    address === null
      ? element(TAG.dnsName, Buffer.from(name, "latin1"))
      : element(TAG.ipAddress, Buffer.concat([address, Buffer.alloc(address.length, 0xff)]));
  return element(TAG.sequence, base);
}

function addressBytes(name: string): Buffer | null {
  if (isIPv4(name)) return Buffer.from(name.split(".").map(Number));
  if (!isIPv6(name)) return null;
  // Node spells an address without abbreviations only in its canonical URL form, so fill the gap ourselves.
  const { address } = new SocketAddress({ address: name, family: "ipv6" });
  const [head = "", tail] = address.split("::");
  const groups = (text: string | undefined) => (text === undefined || text === "" ? [] : text.split(":"));
  const [front, back] = [groups(head), groups(tail)];
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => "0");
  const bytes = Buffer.alloc(16);
  for (const [index, group] of [...front, ...zeros, ...back].entries())
    bytes.writeUInt16BE(Number.parseInt(group, 16), index * 2);
  return bytes;
}

/** A DER element; lengths up to 65,535. */
function element(tag: number, contents: Buffer): Buffer {
  const { length } = contents;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), contents]);
}
