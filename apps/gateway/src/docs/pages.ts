import type { ProblemCode } from '@safelight/contracts';
import { errorExplanations, problemAnchor, problems } from '@safelight/contracts';

const page = (title: string, head: string, body: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Safelight</title>
<link rel="icon" href="/docs/assets/favicon.png">
${head}<link rel="stylesheet" href="/docs/assets/pages.css">
</head>
<body>
<header><strong>Safelight</strong><nav><a href="/docs">Reference</a><a href="/docs/errors">Errors</a><a href="/api/openapi.json">OpenAPI</a><a href="/api/asyncapi.json">AsyncAPI</a></nav></header>
${body}
</body>
</html>
`;

/** Swagger UI over our own document. */
export const referencePage = page(
  'API reference',
  `<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<script src="/docs/assets/swagger-ui-bundle.js" defer></script>
<script src="/docs/assets/reference.js" defer></script>
`,
  `<main id="reference"><noscript>This page needs JavaScript; the document itself is <a href="/api/openapi.json">/api/openapi.json</a>.</noscript></main>`,
);

/** Starts the viewer; in a file of its own because the pages allow no inline script. */
export const referenceScript = `SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  defaultModelExpandDepth: 3,
  requestSnippetsEnabled: true,
  tryItOutEnabled: false,
  // No validator elsewhere hears of this document.
  validatorUrl: null,
});
`;

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The little of Markdown that explanations use. */
const rich = (text: string) => escaped(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');

function section(code: ProblemCode): string {
  const { status, title } = problems[code];
  const { cause, remedy, retry } = errorExplanations[code];
  const anchor = problemAnchor(code);
  return `<section id="${anchor}">
<h2><a href="#${anchor}"><code>${code}</code></a> <span class="status">${status}</span></h2>
<p class="title">${escaped(title)}</p>
<dl><dt>Cause</dt><dd>${rich(cause)}</dd><dt>Remedy</dt><dd>${rich(remedy)}</dd><dt>Send it again</dt><dd>${retry}</dd></dl>
</section>`;
}

const codes = Object.keys(problems) as ProblemCode[];
const index = codes
  .map((code) => `<li><a href="#${problemAnchor(code)}"><code>${code}</code></a></li>`)
  .join('');

/** Every error code; `type` of a problem document points into this page. */
export const errorsPage = page(
  'Errors',
  '',
  `<main class="errors"><h1>Errors</h1>
<p>Every error is a problem document (RFC 9457, <code>application/problem+json</code>). Decide by <code>code</code>; <code>detail</code> tells a person what is wrong with this request and how to mend it, <code>errors</code> names each fault with a JSON pointer, and <code>request_id</code> is what we need to look into it.</p>
<ul class="index">${index}</ul>
${codes.map(section).join('\n')}
</main>`,
);

export const stylesheet = `:root { color-scheme: light; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: #1c2330; background: #fff; }
header { display: flex; gap: 2rem; align-items: center; padding: .8rem 1.5rem; background: #16181d; color: #fff; }
header nav { display: flex; gap: 1.2rem; }
header a { color: #ffb4a8; text-decoration: none; }
header a:hover { text-decoration: underline; }
.swagger-ui .info { margin: 1.5rem 0; }
main.errors { max-width: 52rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
main.errors .index { columns: 3; padding-left: 1.1rem; font-size: .85rem; }
main.errors section { border-top: 1px solid #e2e5ea; padding-top: .3rem; margin-top: 1.4rem; }
main.errors section:target { box-shadow: -4px 0 0 #d6402b; padding-left: .8rem; }
main.errors h2 { margin: .6rem 0 0; font-size: 1.1rem; }
main.errors h2 a { color: inherit; text-decoration: none; }
main.errors .status { color: #6a7383; font-weight: 400; margin-left: .4rem; }
main.errors .title { margin: .1rem 0 .6rem; color: #6a7383; }
dl { display: grid; grid-template-columns: 7rem 1fr; gap: .35rem 1rem; margin: 0; }
dt { font-weight: 600; } dd { margin: 0; }
main.errors code { font: .92em ui-monospace, monospace; background: #f3f4f6; border-radius: 3px; padding: .05em .3em; }
`;
