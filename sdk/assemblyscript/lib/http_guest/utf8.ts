// Text on its way to the host.

/** A text as UTF-8. `pointer` is valid while the object is held. */
export class Utf8 {
  private buffer: ArrayBuffer;

  constructor(text: string) {
    this.buffer = String.UTF8.encode(text);
  }

  get pointer(): usize {
    return changetype<usize>(this.buffer);
  }

  get length(): usize {
    return <usize>this.buffer.byteLength;
  }
}

/** A list of texts as the array of `{pointer, length}` that hostcalls read. */
export class Utf8List {
  private texts: Array<Utf8> = [];
  private slices: StaticArray<u32>;

  constructor(values: Array<string>) {
    this.slices = new StaticArray<u32>(values.length * 2);
    for (let i = 0; i < values.length; i++) {
      const text = new Utf8(values[i]);
      this.texts.push(text);
      this.slices[2 * i] = <u32>text.pointer;
      this.slices[2 * i + 1] = <u32>text.length;
    }
  }

  get pointer(): usize {
    return changetype<usize>(this.slices);
  }

  get count(): usize {
    return <usize>this.texts.length;
  }
}
