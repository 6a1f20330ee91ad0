export interface StoredFile {
  readonly filename: string;
  readonly subfolder: string;
  readonly type: string;
}

/** The folders of a ComfyUI, in memory: what was uploaded, what was made, which model files there are. */
export class FileFolders {
  readonly #bytes = new Map<string, Buffer>();
  readonly #counters = new Map<string, number>();

  constructor(readonly models: Record<string, string[]>) {}

  modelsIn(folder: string): string[] {
    return this.models[folder] ?? [];
  }

  read({ filename, subfolder, type }: StoredFile): Buffer | undefined {
    return this.#bytes.get(pathOf(type, subfolder, filename));
  }

  write(file: StoredFile, bytes: Buffer): void {
    this.#bytes.set(pathOf(file.type, file.subfolder, file.filename), bytes);
  }

  /** By the name that LoadImage takes: `folder/name.png`, or `name.png [temp]`. */
  readNamed(name: string): Buffer | undefined {
    const [, plain = name, type = 'input'] =
      /^(.*?)(?: \[(input|output|temp)\])?$/.exec(name) ?? [];
    return this.#bytes.get(`${type}/${plain}`);
  }

  /** Stores under the next free number of a prefix, as the save nodes do. */
  save(prefix: string, ending: string, bytes: Buffer, type = 'output'): StoredFile {
    const counter = (this.#counters.get(`${type}/${prefix}`) ?? 0) + 1;
    this.#counters.set(`${type}/${prefix}`, counter);
    const cut = prefix.lastIndexOf('/');
    const filename = `${prefix.slice(cut + 1)}_${String(counter).padStart(5, '0')}_.${ending}`;
    const stored = { filename, subfolder: cut < 0 ? '' : prefix.slice(0, cut), type };
    this.write(stored, bytes);
    return stored;
  }

  get names(): string[] {
    return [...this.#bytes.keys()];
  }
}

const pathOf = (type: string, subfolder: string, filename: string): string =>
  [type, subfolder, filename].filter((part) => part !== '').join('/');
