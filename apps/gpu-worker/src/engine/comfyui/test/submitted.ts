import type { SubmittedPrompt } from '@safelight/testing';

type Node = SubmittedPrompt['graph'][string];

/** A submitted graph as a reader follows it: from the node that saves, back along the links. */
export class Submitted {
  constructor(readonly prompt: SubmittedPrompt) {}

  /** Every node of a class, in the order of their numbers. */
  all(classType: string): Node[] {
    return Object.values(this.prompt.graph).filter((node) => node.class_type === classType);
  }

  /** The only node of a class. */
  one(classType: string): Node {
    const [node, ...more] = this.all(classType);
    if (!node || more.length > 0) throw new Error(`${more.length + 1} nodes ${classType}`);
    return node;
  }

  get classes(): string[] {
    return Object.values(this.prompt.graph).map((node) => node.class_type);
  }

  /** The node that an input's link leads to, and which of its outputs it is. */
  behind(node: Node, input: string): { node: Node; output: number } {
    const [id, output] = node.inputs[input] as [string, number];
    const source = this.prompt.graph[id];
    if (!source) throw new Error(`${input} of ${node.class_type} leads nowhere`);
    return { node: source, output };
  }

  /** The classes that one meets from a node's input on, along inputs of the given names. */
  path(node: Node, ...inputs: string[]): string[] {
    const [input, ...rest] = inputs;
    if (input === undefined) return [];
    const { node: next } = this.behind(node, input);
    return [next.class_type, ...this.path(next, ...rest)];
  }
}
