// A bar between two panes that is dragged by pointer or moved by arrow keys; Home, End and Enter jump.
import type { Signal } from "@preact/signals";

interface Props {
  readonly label: string;
  /** Size of the pane in pixels. */
  readonly size: Signal<number>;
  readonly min: number;
  readonly max: number;
  readonly standard: number;
  /** Which way the bar lies; panes beside each other have a vertical one. */
  readonly orientation: "vertical" | "horizontal";
  /** True if the pane grows when the bar moves left or up. */
  readonly reversed?: boolean;
  readonly class?: string;
}

const STEP_PIXELS = 16;

export function Splitter({
  label,
  size,
  min,
  max,
  standard,
  orientation,
  reversed = false,
  class: extra = "",
}: Props) {
  const set = (pixels: number) => (size.value = Math.round(Math.min(max, Math.max(min, pixels))));
  const sign = reversed ? -1 : 1;
  const onKeyDown = (event: KeyboardEvent) => {
    const [less, more] = orientation === "vertical" ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
    const target = {
      [less]: size.value - sign * STEP_PIXELS,
      [more]: size.value + sign * STEP_PIXELS,
      Home: min,
      End: max,
      Enter: standard,
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    set(target);
  };
  const onPointerDown = (event: PointerEvent) => {
    const bar = event.currentTarget as HTMLElement;
    const positionOf = (at: PointerEvent) => (orientation === "vertical" ? at.clientX : at.clientY);
    const [start, before] = [positionOf(event), size.value];
    bar.setPointerCapture(event.pointerId);
    document.body.classList.add("resizing");
    const onMove = (at: PointerEvent) => set(before + sign * (positionOf(at) - start));
    const onEnd = () => {
      bar.removeEventListener("pointermove", onMove);
      document.body.classList.remove("resizing");
    };
    bar.addEventListener("pointermove", onMove);
    bar.addEventListener("lostpointercapture", onEnd, { once: true });
  };
  return (
    <div
      class={`splitter splitter-${orientation} ${extra}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={size.value}
      aria-valuemin={min}
      aria-valuemax={max}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onDblClick={() => set(standard)}
    />
  );
}
