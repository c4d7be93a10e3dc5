/** Whole numbers from 0 on, one after the other, each in as few bytes as it takes: seven bits in each, the last one below 128. */
export class NumberWriter {
  #bytes = new Uint8Array(4096);
  #length = 0;

  write(number: number): void {
    let rest = number;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#push((rest % 128) + 128);
    this.#push(rest);
  }

  /** All that was written; what is written next begins anew. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }
}

/** Reads them again, in the same order. */
export class NumberReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(): number {
    let number = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes[this.#at++] ?? 0;
      if (byte < 128) return number + byte * factor;
      number += (byte - 128) * factor;
    }
  }
}
