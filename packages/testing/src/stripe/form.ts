/** What a form of Stripe's library says: members in brackets, lists by number, every value a text. */
export type Form = { [name: string]: string | Form };

/** Reads `a[b][0][c]=d`, as Stripe does. */
export function readForm(text: string): Form {
  const form: Form = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const steps = name.replaceAll(']', '').split('[');
    const last = steps.pop() ?? '';
    let into = form;
    for (const step of steps) {
      into[step] ??= {};
      into = into[step] as Form;
    }
    into[last] = value;
  }
  return form;
}

/** The value at a path like `line_items.0.quantity`. */
export function textAt(form: Form, path: string): string | undefined {
  let at: string | Form | undefined = form;
  for (const step of path.split('.')) at = typeof at === 'object' ? at[step] : undefined;
  return typeof at === 'string' ? at : undefined;
}

/** A part of it that is a form itself; empty when it is not there. */
export function formAt(form: Form, name: string): Form {
  const at = form[name];
  return typeof at === 'object' ? at : {};
}
