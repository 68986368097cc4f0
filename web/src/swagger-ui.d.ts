/** What the script of Swagger UI leaves in the window. */
declare function SwaggerUIBundle(options: Record<string, unknown>): void;
