// A deployment may set cookies for itself, not for its siblings: a Domain attribute above its own name is taken off.

/** The cookie without a Domain attribute that reaches beyond `ownHost` (lower case, no port). */
export function confineCookie(cookie: string, ownHost: string): string {
  if (!/;\s*domain/i.test(cookie)) return cookie;
  return cookie
    .split(";")
    .filter((part, index) => index === 0 || !isForeignDomain(part, ownHost))
    .join(";");
}

function isForeignDomain(attribute: string, ownHost: string): boolean {
  const [name = "", value = ""] = attribute.split("=", 2);
  if (name.trim().toLowerCase() !== "domain") return false;
  const domain = value.trim().toLowerCase().replace(/^\./, "");
  return domain !== ownHost && !domain.endsWith(`.${ownHost}`);
}
