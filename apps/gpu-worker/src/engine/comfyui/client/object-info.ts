import { z } from 'zod';

const inputs = z.record(z.string(), z.array(z.unknown())).optional();
const nodeInfo = z.object({
  input: z.object({ required: inputs, optional: inputs }),
  output: z.array(z.unknown()),
  output_node: z.boolean().default(false),
});

/** What `/object_info` says of each node class. Nodes of other shapes than ours need are left out. */
export type ObjectInfo = ReadonlyMap<string, z.output<typeof nodeInfo>>;

export interface InputInfo {
  readonly required: boolean;
  /** `COMBO` for every choice, whichever way the server spells it. */
  readonly type: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Reads the answer leniently: one odd custom node must not take the core's away. */
export function readObjectInfo(json: unknown): ObjectInfo {
  const all = z.record(z.string(), z.unknown()).parse(json);
  return new Map(
    Object.entries(all).flatMap(([name, value]) => {
      const read = nodeInfo.safeParse(value);
      return read.success ? [[name, read.data] as const] : [];
    }),
  );
}

/** How a class states one of its inputs; undefined where it has none of that name. */
export function inputOf(info: ObjectInfo, name: string, input: string): InputInfo | undefined {
  const { required = {}, optional = {} } = info.get(name)?.input ?? {};
  const stated = required[input] ?? optional[input];
  if (stated === undefined) return undefined;
  const [type, rest] = stated;
  const options = (rest ?? {}) as Readonly<Record<string, unknown>>;
  // Older nodes put the choices where newer ones say COMBO.
  if (Array.isArray(type)) {
    return { required: input in required, type: 'COMBO', options: { ...options, options: type } };
  }
  return { required: input in required, type: String(type), options };
}

/** The values that an input can take, where it is a choice. */
export function choicesOf(info: ObjectInfo, name: string, input: string): string[] | undefined {
  const { options } = inputOf(info, name, input) ?? {};
  const choices = options?.['options'];
  if (!Array.isArray(choices)) return undefined;
  return (choices as unknown[]).map((choice) =>
    typeof choice === 'object' && choice !== null && 'key' in choice
      ? String(choice.key)
      : String(choice),
  );
}
