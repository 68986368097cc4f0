/** The API page: Swagger UI over our own OpenAPI file, with the session's cookie for "try it". */
import 'swagger-ui-dist/swagger-ui.css';
import SwaggerUIBundle from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import { readSession } from '~/api/session';

let csrf = '';
void readSession().then((answer) => {
  if (answer.ok) csrf = answer.value.csrf_token;
});

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
