// The text of a module, to be read: colours, folding and search of the editor, nothing to write. Loaded when
// it is first shown.
import { defaultKeymap } from "@codemirror/commands";
import { foldGutter, foldKeymap } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "preact/hooks";
import { languageFor } from "./languages.ts";
import { look } from "./look.ts";
import { FOLD_MARKS, languageSlot } from "./states.ts";

/** The text, in colours once the language is loaded. */
export function WatView({ text }: { readonly text: string }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (host.current === null) return;
    const view = new EditorView({ parent: host.current, state: readingState(text) });
    let isGone = false;
    void languageFor("wat").then(
      (language) => isGone || view.dispatch({ effects: languageSlot.reconfigure(language) }),
    );
    return () => {
      isGone = true;
      view.destroy();
    };
  }, [text]);
  return <div ref={host} class="wat" />;
}

function readingState(doc: string): EditorState {
  return EditorState.create({
    doc,
    extensions: [
      lineNumbers(),
      foldGutter(FOLD_MARKS),
      highlightSpecialChars(),
      drawSelection(),
      highlightSelectionMatches(),
      search({ top: true }),
      keymap.of([...searchKeymap, ...foldKeymap, ...defaultKeymap]),
      EditorState.readOnly.of(true),
      EditorView.contentAttributes.of({
        tabindex: "0",
        "aria-label": "Text of the module",
        "aria-readonly": "true",
      }),
      languageSlot.of([]),
      look,
    ],
  });
}
