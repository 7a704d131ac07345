// A file that is no text: its picture if it is one, its size, and a way to get it.
import { useEffect, useState } from "preact/hooks";
import { bytesOf, formatBytes, sizeOf } from "../project/content.ts";
import { baseName, imageTypeOf } from "../project/paths.ts";
import type { Content } from "../project/types.ts";
import { Icon } from "../parts/icon.tsx";
import { saveFile } from "../parts/save-file.ts";

export function AssetView({ path, content }: { readonly path: string; readonly content: Content }) {
  const [url, setUrl] = useState<string | null>(null);
  const [size, setSize] = useState("");
  const type = imageTypeOf(path);
  useEffect(() => {
    if (type === undefined) return setUrl(null);
    const made = URL.createObjectURL(new Blob([bytesOf(content)], { type }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [content, type]);
  const onLoad = (event: Event) => {
    const { naturalWidth, naturalHeight } = event.currentTarget as HTMLImageElement;
    setSize(`${naturalWidth} × ${naturalHeight} · `);
  };
  return (
    <div class="asset-view">
      {url === null ? <Icon name="file" size={40} /> : <img src={url} alt={baseName(path)} onLoad={onLoad} />}
      <p>
        <strong>{baseName(path)}</strong>
        <br />
        <span class="muted">
          {size}
          {formatBytes(sizeOf(content))}
        </span>
      </p>
      <button
        type="button"
        class="button"
        onClick={() => saveFile(baseName(path), bytesOf(content), type ?? "application/octet-stream")}
      >
        <Icon name="download" /> Download
      </button>
    </div>
  );
}
