/** Something a person must know or do: shown as one plain sentence, without a stack trace. */
export class Problem extends Error {}
