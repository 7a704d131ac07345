// A link that holds the whole project.
import { useEffect, useState } from "preact/hooks";
import { copyText } from "../parts/copy-button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { MAX_LINK_CHARACTERS, shareHash } from "../project/share.ts";
import { project } from "../project/workspace.ts";

export function ShareDialog({ onClose }: { readonly onClose: () => void }) {
  const [link, setLink] = useState<string | null>(null);
  useEffect(() => {
    const opened = project.peek();
    if (opened != null) void shareHash(opened).then((hash) => setLink(`${location.origin}/${hash}`));
  }, []);
  const tooLong = link !== null && link.length > MAX_LINK_CHARACTERS;
  return (
    <Dialog title="Share by link" onClose={onClose}>
      <p>
        The link contains the whole project after the #, so no server sees it. Whoever opens it gets a copy.
        Nothing runs until they press Build &amp; Deploy.
      </p>
      <p class="muted">
        Included: files, names of variables, values that are not secret, and the saved request without
        credentials. Not included: secret values, the deployment and its store.
      </p>
      {tooLong ? (
        <p class="outcome bad" role="alert">
          This project is too large for a link: {link.length} characters; the limit is {MAX_LINK_CHARACTERS}.
          Download it as tar instead.
        </p>
      ) : (
        <div class="inline-form">
          <input
            class="input"
            readOnly
            aria-label="Link"
            value={link ?? "…"}
            onFocus={(event) => event.currentTarget.select()}
          />
          <button
            type="button"
            class="button primary"
            disabled={link === null}
            onClick={() => void copyText(link ?? "", "Link copied").then(onClose)}
          >
            Copy
          </button>
        </div>
      )}
    </Dialog>
  );
}
