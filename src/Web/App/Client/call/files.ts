/** A photo or document of this consultation, as Web lists it. */
export interface SharedFile {
  readonly id: string;
  readonly name: string;
  /** Sentences: what it is, how large, from whom and when. */
  readonly details: string;
  readonly url: string;
  readonly isImage: boolean;
  /** Who sent it; "You" for one's own. */
  readonly by: string;
  readonly isOwn: boolean;
  readonly mayRemove: boolean;
}

export interface SharedFileList {
  readonly mayAdd: boolean;
  readonly files: readonly SharedFile[];
}

/** What Web refuses, in a sentence for the person. */
export class FileRefused extends Error {}

const answerTimeout = 15_000;
/** A large photo over a slow line; Web scans it meanwhile. */
const sendTimeout = 180_000;

/** The consultation's files at Web: the hub only says that they changed. */
export class Files {
  /** @param url the list's address; each file's is under it. */
  constructor(private readonly url: string) {}

  async list(): Promise<SharedFileList> {
    const response = await fetch(this.url, { headers: { Accept: 'application/json' }, redirect: 'error', cache: 'no-store', signal: AbortSignal.timeout(answerTimeout) });
    if (!response.ok) throw new Error(`The files' address answered ${response.status}.`);
    return (await response.json()) as SharedFileList;
  }

  async content(id: string): Promise<Blob> {
    const response = await fetch(`${this.url}/${id}`, { redirect: 'error', cache: 'no-store', signal: AbortSignal.timeout(sendTimeout) });
    if (!response.ok) throw new Error(`A file's address answered ${response.status}.`);
    return response.blob();
  }

  /** Throws {@link FileRefused} with what to tell the person. */
  async send(file: File): Promise<void> {
    await this.#post(this.url, sendTimeout, { 'Content-Type': 'application/octet-stream', 'X-File-Name': encodeURIComponent(wellFormed(file.name)) }, file);
  }

  async remove(id: string): Promise<void> {
    await this.#post(`${this.url}/${id}/remove`);
  }

  /** From now on everybody in the call may open it. */
  async show(id: string): Promise<void> {
    await this.#post(`${this.url}/${id}/show`);
  }

  async #post(url: string, timeout = answerTimeout, headers: Readonly<Record<string, string>> = {}, body: Blob | null = null): Promise<void> {
    const token = document.querySelector<HTMLInputElement>('input[name="__RequestVerificationToken"]')?.value ?? '';
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, Accept: 'application/json', RequestVerificationToken: token },
      body,
      redirect: 'error',
      cache: 'no-store',
      signal: AbortSignal.timeout(timeout),
    });
    if (response.ok) return;
    if (response.headers.get('Content-Type')?.startsWith('application/json')) throw new FileRefused(((await response.json()) as { readonly error: string }).error);
    throw new Error(`${response.status}`);
  }
}

/** Without halves of characters, which cannot be encoded. */
function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '');
}
