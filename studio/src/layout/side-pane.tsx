// The right side: the running program seen from outside and from inside.
import { PreviewPane } from "../preview/preview-pane.tsx";

export function SidePane() {
  return <section class="side-pane" aria-label="Preview"><PreviewPane /></section>;
}
