/** A body of multipart/form-data. */

export interface FormPart {
  name: string;
  content: string | Blob;
  /** Name of the file, where it is one. */
  file?: string;
}

/** A name between quotes, as browsers write it. */
function quoted(name: string): string {
  const escapes: Record<string, string> = { '"': '%22', '\r': '%0D', '\n': '%0A' };
  return `"${name.replace(/["\r\n]/g, (one) => escapes[one]!)}"`;
}

/**
 * The parts as one body, which knows its own type. FormData would do the same, but turns each end
 * of line of a text into CR LF: a text would be another one as soon as a file is beside it.
 */
export function multipart(parts: readonly FormPart[]): Blob {
  // Not crypto.randomUUID(), which pages served over plain HTTP do not have.
  const boundary = `form-${Array.from({ length: 3 }, () => Math.random().toString(36).slice(2)).join('')}`;
  const pieces: (string | Blob)[] = [];
  for (const { name, content, file } of parts) {
    const filename = file === undefined ? '' : `; filename=${quoted(file)}`;
    const type = file === undefined ? '' : '\r\nContent-Type: application/octet-stream';
    pieces.push(
      `--${boundary}\r\nContent-Disposition: form-data; name=${quoted(name)}${filename}${type}\r\n\r\n`,
      content,
      '\r\n',
    );
  }
  pieces.push(`--${boundary}--\r\n`);
  return new Blob(pieces, { type: `multipart/form-data; boundary=${boundary}` });
}
