// Icons: strokes on a 16-pixel grid, drawn for this page. They are decorative: the element that
// contains one has an accessible name of its own.

const PATHS = {
  add: "M8 3v10M3 8h10",
  chevron: "M6 4l4 4-4 4",
  close: "M4 4l8 8M12 4l-8 8",
  code: "M6 4L2 8l4 4M10 4l4 4-4 4",
  copy: "M6 6h7v7H6zM10 6V3H3v7h3",
  download: "M8 2v8M4.5 7L8 10.5 11.5 7M3 13.5h10",
  edit: "M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3zM9.3 4.5l2.2 2.2",
  eye:
    "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 " +
    "8zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z",
  file: "M4 1.5h5L12.5 5v9.5H4zM9 1.5V5h3.5",
  folder: "M1.5 4h4l1.5 2h7.5v7.5h-13z",
  gallery: "M2 2h5v5H2zM9 2h5v5H9zM2 9h5v5H2zM9 9h5v5H9z",
  help: "M6 6a2 2 0 1 1 2.8 1.9c-.6.3-.8.7-.8 1.4M8 11.7v.1M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z",
  image: "M2 3h12v10H2zM2 11l3.5-3.5L9 11l2-2 3 3M10.5 6v.1",
  list: "M2 4h12M2 8h12M2 12h8",
  moon: "M13 9.7A5.5 5.5 0 0 1 6.3 3 5.5 5.5 0 1 0 13 9.7z",
  open: "M9 2.5h4.5V7M13.5 2.5L7.5 8.5M11.5 9.5v4h-9v-9h4",
  play: "M4.5 2.5l9 5.5-9 5.5z",
  refresh: "M13.5 3v3.5H10M13 6.5A5.3 5.3 0 1 0 13.3 9",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3l3.7 3.7",
  send: "M2 8h11M9 4l4 4-4 4",
  share:
    "M11.5 2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6zM4.5 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 " +
    "0-3.6zM11.5 10.4a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6zM6.1 7.2l3.8-2.3M6.1 8.8l3.8 2.3",
  stop: "M4 4h8v8H4z",
  store:
    "M2.5 4c0-1.1 2.5-2 5.5-2s5.5.9 5.5 2-2.5 2-5.5 2-5.5-.9-5.5-2zM2.5 4v8c0 " +
    "1.1 2.5 2 5.5 2s5.5-.9 5.5-2V4M2.5 8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2",
  sun:
    "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.5M8 13.5V15M1 " +
    "8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1",
  trash: "M3 4.5h10M6 4.5V2.5h4v2M4.3 4.5l.7 9h6l.7-9",
  upload: "M8 10.5V2.5M4.5 6L8 2.5 11.5 6M3 13.5h10",
} as const;

/** Name of an icon. */
export type IconName = keyof typeof PATHS;

/** One icon. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.4"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
