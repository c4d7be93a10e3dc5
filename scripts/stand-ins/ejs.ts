type Data = Readonly<Record<string, unknown>>;

function lookUp(data: unknown, path: string): string {
  let value = data;
  for (const key of path.split('.')) value = typeof value === 'object' && value !== null ? (value as Data)[key] : undefined;
  return typeof value === 'string' ? value : '';
}

/** Stands in the bundle for ejs, which oclif renders help texts with: the one form that they use, `<%= config.bin %>`. */
function render(template: string, data: Data): string {
  return template.replace(/<%[=-]\s*([\w.]+)\s*%>/g, (_, path: string) => lookUp(data, path));
}

export default { render };
