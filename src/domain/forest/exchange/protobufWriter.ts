/** Writes the fields of a protocol buffer message, as far as ONNX needs them. */
export class ProtobufWriter {
  readonly #parts: Uint8Array[] = [];

  /** A whole number from 0. */
  integer(field: number, value: number): this {
    this.#parts.push(varint(field * 8), varint(value));
    return this;
  }

  /** Bytes, text, or a nested message. */
  bytes(field: number, value: Uint8Array | string | ProtobufWriter): this {
    const content =
      typeof value === 'string'
        ? new TextEncoder().encode(value)
        : value instanceof ProtobufWriter
          ? value.finish()
          : value;
    this.#parts.push(varint(field * 8 + 2), varint(content.length), content);
    return this;
  }

  /** Whole numbers from 0, packed. */
  integers(field: number, values: ArrayLike<number>): this {
    return this.bytes(field, join(Array.from(values, varint)));
  }

  finish(): Uint8Array {
    return join(this.#parts);
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Seven bits a byte, lowest first. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  bytes.push(left);
  return Uint8Array.from(bytes);
}
