/** An error whose text completes the message of another one, so it begins without a capital. */
export class Reason extends Error {
  constructor(text: string, options?: ErrorOptions) {
    super(text, options);
    this.name = "Reason";
  }
}
