// The values that the program needs and its source does not hold. They go into the files at each deploy, and
// stay out of share links where they are secret.
import type { Variable } from "../project/types.ts";
import { project, setVariable } from "../project/workspace.ts";

export function VariablesPanel() {
  const variables = project.value?.variables ?? [];
  if (variables.length === 0) return null;
  return (
    <section class="variables" aria-label="Variables">
      <h2>Variables</h2>
      {variables.map((variable) => (
        <VariableField key={variable.name} variable={variable} />
      ))}
    </section>
  );
}

function VariableField({
  variable: { name, label, secret, value, default: placeholder },
}: {
  readonly variable: Variable;
}) {
  const onInput = (event: { readonly currentTarget: HTMLInputElement }) =>
    setVariable(name, event.currentTarget.value);
  const field = {
    class: "input",
    autocomplete: "off",
    spellcheck: false,
    placeholder,
    value,
    onInput,
  } as const;
  return (
    <label class="field">
      <span>
        {label}
        {secret && <span class="chip">secret</span>}
      </span>
      {secret ? <input type="password" {...field} /> : <input {...field} />}
    </label>
  );
}
