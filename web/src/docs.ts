/** The API page: Swagger UI over our own OpenAPI file, with the session's cookie for "try it". */
import 'swagger-ui-dist/swagger-ui.css';
// As a script of its own, which it is made to be: built along, it would share code with the page's.
import library from 'swagger-ui-dist/swagger-ui-bundle.js?url';

// Asked for here and not through src/api, whose code is a part of the page's own.
let csrf = '';
void fetch('/api/session/', { headers: { Accept: 'application/json' } })
  .then((response) => (response.ok ? response.json() : {}))
  .then((session: { csrf_token?: string }) => {
    csrf = session.csrf_token ?? '';
  })
  .catch(() => undefined); // then what changes something is refused, and says why

const script = document.createElement('script');
script.src = library;
script.onload = () =>
  SwaggerUIBundle({
    url: '/api/swagger.json',
    dom_id: '#docs',
    deepLinking: true,
    docExpansion: 'none',
    filter: true,
    validatorUrl: null, // it would send our file to a service of others
    tryItOutEnabled: true,
    requestInterceptor: (request: { headers: Record<string, string> }) => {
      if (csrf) request.headers['X-CSRF-Token'] = csrf;
      return request;
    },
  });
document.head.append(script);
