/** Content codings by the platform's `CompressionStream`, for `automaticCompression` and `fetch`. */

/** Responses shorter than this are sent as they are. */
const LEAST = 64;
const COMPRESSIBLE =
  /^(text\/(?!event-stream)|application\/(json|javascript|xml|wasm|xhtml\+xml|manifest\+json|ld\+json|rss\+xml|atom\+xml|graphql)|image\/svg\+xml|[^;]*\+(json|xml|text|yaml))/i;

/** `gzip` when the client takes it and the response may be coded, else null. */
export function codingFor(acceptEncoding: string | null, headers: Headers, length: number): "gzip" | null {
  if (length < LEAST || acceptEncoding === null) return null;
  const accepted = acceptEncoding.split(",").some((item) => {
    const [name, ...parameters] = item.trim().toLowerCase().split(/\s*;\s*/);
    return (name === "gzip" || name === "*") && !parameters.some((it) => /^q=0(\.0*)?$/.test(it));
  });
  if (!accepted) return null;
  if (headers.has("content-encoding") || headers.has("content-range")) return null;
  if (/no-transform/i.test(headers.get("cache-control") ?? "")) return null;
  return COMPRESSIBLE.test(headers.get("content-type") ?? "") ? "gzip" : null;
}

/** All of `data`, coded. */
export async function compress(data: Uint8Array, coding: CompressionFormat): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([data as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream(coding));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
