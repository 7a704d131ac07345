// The store browser: keys on the left, the open value on the right.
import { useState } from "preact/hooks";
import { expired, live } from "../deploy/lifetime.ts";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { saveFile } from "../parts/save-file.ts";
import { bytesOf, formatBytes } from "../project/content.ts";
import {
  keyList,
  keyOf,
  openKey,
  readKeys,
  readValue,
  removeKey,
  storeProblem,
  writeValue,
} from "./store.ts";

export function StoreView() {
  const list = keyList.value;
  if (live.value === null || expired.value)
    return <p class="empty">The store lasts as long as its deployment. Nothing is deployed.</p>;
  return (
    <div class="store-view">
      <section class="store-keys" aria-label="Keys">
        <div class="log-bar">
          <span>
            {list === null ? "Loading…" : `${list.usage.keys} keys, ${formatBytes(list.usage.bytes)}`}
          </span>
          <span class="grow" />
          <IconButton icon="refresh" label="Reload keys" onClick={() => void readKeys()} />
        </div>
        {storeProblem.value !== null && (
          <p class="outcome bad" role="alert">
            {storeProblem.value}
          </p>
        )}
        <NewKey />
        <ul class="key-list">
          {list?.keys.map(({ key, text, sizeBytes }) => (
            <li key={key}>
              <button
                type="button"
                class="key-row"
                aria-current={openKey.value?.key === key}
                onClick={() => void readValue(key, text)}
              >
                <span class="key-name">{text ?? `(bytes) ${key}`}</span>
                <span class="faint">{formatBytes(sizeBytes)}</span>
              </button>
            </li>
          ))}
        </ul>
        {list?.next != null && (
          <button type="button" class="button small" onClick={() => void readKeys(true)}>
            More keys
          </button>
        )}
      </section>
      <OpenValue key={openKey.value?.key ?? ""} />
    </div>
  );
}

function NewKey() {
  const [text, setText] = useState("");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (text === "") return;
    void writeValue(keyOf(text), text, "");
    setText("");
  };
  return (
    <form class="inline-form" onSubmit={submit}>
      <input
        class="input"
        placeholder="New key"
        aria-label="New key"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        spellcheck={false}
      />
      <button type="submit" class="button small" disabled={text === ""}>
        <Icon name="add" /> Add
      </button>
    </form>
  );
}

function OpenValue() {
  const opened = openKey.value;
  const [draft, setDraft] = useState(typeof opened?.value === "string" ? opened.value : "");
  if (opened === null) return <p class="empty">Select a key to see its value.</p>;
  const { key, text, value } = opened;
  const name = text ?? key;
  return (
    <section class="store-value" aria-label={`Value of ${name}`}>
      <div class="log-bar">
        <strong class="key-name">{name}</strong>
        <span class="grow" />
        {typeof value === "string" && (
          <button
            type="button"
            class="button small"
            disabled={draft === value}
            onClick={() => void writeValue(key, text, draft)}
          >
            Save value
          </button>
        )}
        <IconButton
          icon="download"
          label="Download the value"
          onClick={() => saveFile(name.replace(/\W+/g, "-"), bytesOf(value), "application/octet-stream")}
        />
        <IconButton icon="trash" label={`Delete ${name}`} onClick={() => void removeKey(key)} />
      </div>
      {typeof value === "string" ? (
        <textarea
          class="value-text"
          aria-label={`Value of ${name}`}
          value={draft}
          spellcheck={false}
          onInput={(event) => setDraft(event.currentTarget.value)}
        />
      ) : (
        <pre class="output" tabIndex={0}>
          {hexDump(value)}
        </pre>
      )}
    </section>
  );
}

const DUMPED_BYTES = 4096;

function hexDump(bytes: Uint8Array): string {
  const rows: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, DUMPED_BYTES); at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const text = row.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : "·")).join("");
    rows.push(
      `${at.toString(16).padStart(6, "0")}  ${row
        .map((byte) => byte.toString(16).padStart(2, "0"))
        .join(" ")
        .padEnd(47)}  ${text}`,
    );
  }
  return (
    rows.join("\n") + (bytes.length > DUMPED_BYTES ? `\n… ${bytes.length - DUMPED_BYTES} bytes more` : "")
  );
}
