import { asyncApiDocument, openApiDocument } from '@safelight/contracts';

/** The documents of the API as text, made when they are first asked for. */
export class Documents {
  private openApiText: Promise<string> | undefined;
  private asyncApiText: string | undefined;

  openApi(): Promise<string> {
    this.openApiText ??= openApiDocument().then((document) => JSON.stringify(document));
    return this.openApiText;
  }

  asyncApi(): string {
    this.asyncApiText ??= JSON.stringify(asyncApiDocument());
    return this.asyncApiText;
  }
}
