// An answer: status, time, headers, body. What the body is, is shown as text or as a picture, never as a
// page.
import { useEffect, useState } from "preact/hooks";
import { bytesOf, formatBytes, formatMs, sizeOf } from "../project/content.ts";
import { LinkedText } from "../drawer/linked-text.tsx";
import type { ReceivedResponse } from "./exchange.ts";

export function AnswerView({
  exchange,
  isOld,
}: {
  readonly exchange: ReceivedResponse;
  readonly isOld: boolean;
}) {
  const { status, headers, body, truncated, ms } = exchange;
  return (
    <>
      <p class="answer-line">
        <span class={`status status-${Math.floor(status / 100)}`}>{status}</span>
        <span class="muted">
          {formatMs(ms)} · {formatBytes(sizeOf(body))}
          {truncated ? " (cut)" : ""}
        </span>
        {isOld && <span class="warn">from the previous build</span>}
      </p>
      <table class="fields">
        <caption class="visually-hidden">Response headers</caption>
        <tbody>
          {headers.map(([name, value], index) => (
            <tr key={index}>
              <th scope="row">{name.toLowerCase()}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Body exchange={exchange} />
    </>
  );
}

function Body({ exchange: { headers, body, status } }: { readonly exchange: ReceivedResponse }) {
  const type = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  const isImage = /^image\/(png|jpeg|gif|webp|avif)/.test(type);
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!isImage) return setUrl(null);
    const made = URL.createObjectURL(new Blob([bytesOf(body)], { type }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [body, type]);
  if (sizeOf(body) === 0) return <p class="muted">No body.</p>;
  if (url !== null) return <img class="answer-image" src={url} alt="Image in the response" />;
  if (typeof body !== "string") return <p class="muted">{formatBytes(body.length)} that are no text.</p>;
  const text = type.includes("json") ? pretty(body) : body;
  return (
    <pre class="output wrap" tabIndex={0} aria-label="Response body">
      {status >= 500 ? <LinkedText text={text} /> : text}
    </pre>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
