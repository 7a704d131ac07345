// Content types by extension; text is UTF-8.
import mime from "mime";

/** Types that are text although their name does not begin with `text/`. */
const TEXTUAL =
  /^(?:text\/|application\/(?:javascript|json|manifest\+json|xml|xhtml\+xml)$|image\/svg\+xml$)/;

/** Content type of a path; unknown extensions are plain bytes, which no browser executes. */
export function contentTypeOf(path: string): string {
  const type = mime.getType(path) ?? "application/octet-stream";
  return TEXTUAL.test(type) ? `${type}; charset=utf-8` : type;
}
