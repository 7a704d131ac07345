// Icons: strokes on a 16-pixel grid, drawn for this page. They are ornaments; whatever carries one has a name of its own.

const PATHS = {
  add: "M8 3v10M3 8h10",
  chevron: "M6 4l4 4-4 4",
  close: "M4 4l8 8M12 4l-8 8",
  code: "M6 4L2 8l4 4M10 4l4 4-4 4",
  copy: "M6 6h7v7H6zM10 6V3H3v7h3",
  download: "M8 2v8M4.500 7L8 10.500 11.500 7M3 13.500h10",
  edit: "M3 13l.7-3L10.500 3.200l2.300 2.300L6 12.300zM9.300 4.500l2.200 2.200",
  eye: "M1.500 8S4 3.500 8 3.500 14.500 8 14.500 8 12 12.500 8 12.500 1.500 8 1.500 8zM8 6.200a1.800 1.800 0 1 0 0 3.600 1.800 1.800 0 0 0 0-3.600z",
  file: "M4 1.500h5L12.500 5v9.500H4zM9 1.500V5h3.500",
  folder: "M1.500 4h4l1.500 2h7.500v7.500h-13z",
  gallery: "M2 2h5v5H2zM9 2h5v5H9zM2 9h5v5H2zM9 9h5v5H9z",
  help: "M6 6a2 2 0 1 1 2.800 1.900c-.6.300-.8.700-.8 1.400M8 11.700v.1M8 1.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13z",
  image: "M2 3h12v10H2zM2 11l3.500-3.500L9 11l2-2 3 3M10.500 6v.1",
  list: "M2 4h12M2 8h12M2 12h8",
  moon: "M13 9.700A5.500 5.500 0 0 1 6.300 3 5.500 5.500 0 1 0 13 9.700z",
  open: "M9 2.500h4.500V7M13.500 2.500L7.500 8.500M11.500 9.500v4h-9v-9h4",
  play: "M4.500 2.500l9 5.500-9 5.500z",
  refresh: "M13.500 3v3.500H10M13 6.500A5.300 5.300 0 1 0 13.300 9",
  search: "M7 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM10.300 10.300l3.700 3.700",
  send: "M2 8h11M9 4l4 4-4 4",
  share: "M11.500 2a1.800 1.800 0 1 0 0 3.600 1.800 1.800 0 0 0 0-3.600zM4.500 6.200a1.800 1.800 0 1 0 0 3.600 1.800 1.800 0 0 0 0-3.600zM11.500 10.400a1.800 1.800 0 1 0 0 3.600 1.800 1.800 0 0 0 0-3.600zM6.100 7.200l3.800-2.300M6.100 8.800l3.800 2.300",
  stop: "M4 4h8v8H4z",
  store: "M2.500 4c0-1.100 2.500-2 5.500-2s5.500.9 5.500 2-2.500 2-5.500 2-5.500-.9-5.500-2zM2.500 4v8c0 1.100 2.500 2 5.500 2s5.500-.9 5.500-2V4M2.500 8c0 1.100 2.500 2 5.500 2s5.500-.9 5.500-2",
  sun: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1",
  trash: "M3 4.500h10M6 4.500V2.500h4v2M4.300 4.500l.7 9h6l.7-9",
  upload: "M8 10.500V2.500M4.500 6L8 2.500 11.500 6M3 13.500h10",
} as const;

/** Name of an icon. */
export type IconName = keyof typeof PATHS;

/** One icon. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.400" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
