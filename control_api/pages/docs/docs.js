// Shows /openapi.json and sends requests to the API that serves this page. No part of the
// description or of an answer is ever read as HTML.

const LONGEST_SHOWN = 200_000;

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child != null));
  return made;
};

const quiet = (text) => element("span", { className: "quiet", textContent: text });
const code = (text) => element("code", { textContent: text });

const follow = (description, reference) =>
  reference
    .slice(2)
    .split("/")
    .reduce((node, key) => node[key], description);

const resolve = (description, node) => (node.$ref ? follow(description, node.$ref) : node);

/** What a value may be, in a few words. */
function typeOf(description, schema) {
  if (schema.$ref) {
    const found = resolve(description, schema);
    return found.properties ? schema.$ref.split("/").pop() : typeOf(description, found);
  }
  const options = schema.anyOf ?? schema.allOf;
  if (options) return options.map((one) => typeOf(description, one)).join(schema.anyOf ? " | " : " & ");
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.type === "array") return `array of ${typeOf(description, schema.items ?? {})}`;
  return [schema.format ?? schema.type ?? "any", limitsOf(schema)].filter(Boolean).join(", ");
}

function limitsOf(schema) {
  const words = { minimum: "≥", maximum: "≤", minLength: "length ≥", maxLength: "length ≤" };
  return Object.entries(words)
    .filter(([key]) => key in schema)
    .map(([key, word]) => `${word} ${schema[key]}`)
    .join(", ");
}

/** The object behind a schema, through references, lists and alternatives. */
function objectIn(description, schema) {
  const found = resolve(description, schema);
  if (found.properties) return found;
  const inner = found.items ? [found.items] : (found.anyOf ?? found.allOf ?? []);
  return inner.map((one) => objectIn(description, one)).find(Boolean);
}

function fieldsTable(description, schema) {
  const found = objectIn(description, schema);
  if (!found) return element("p", {}, quiet(typeOf(description, schema)));
  const required = new Set(found.required ?? []);
  const rows = Object.entries(found.properties).map(([name, field]) =>
    element(
      "tr",
      {},
      element("td", {}, code(name), required.has(name) ? quiet(" required") : null),
      element("td", {}, quiet(typeOf(description, field))),
      element("td", { textContent: field.description ?? "" }),
    ),
  );
  return element("table", {}, element("tbody", {}, ...rows));
}

function parameterInputs(description, operation) {
  return (operation.parameters ?? []).map((parameter) => {
    const schema = resolve(description, parameter.schema);
    const input = element("input", { placeholder: schema.default ?? "" });
    const row = element(
      "tr",
      {},
      element("td", {}, code(parameter.name), quiet(` ${parameter.in}`)),
      element("td", {}, input),
      element("td", {}, quiet(typeOf(description, parameter.schema))),
    );
    return { parameter, input, row };
  });
}

function requestOf({ path, method, inputs, body }) {
  const headers = new Headers();
  const query = new URLSearchParams();
  let target = path;
  for (const { parameter, input } of inputs) {
    const given = input.value;
    if (parameter.in === "path") {
      target = target.replace(`{${parameter.name}}`, given.split("/").map(encodeURIComponent).join("/"));
    } else if (given !== "") {
      (parameter.in === "query" ? query : headers).set(parameter.name, given);
    }
  }
  const token = document.getElementById("token").value.trim();
  if (token) headers.set("Authorization", `Bearer ${token}`);
  if (body) headers.set("Content-Type", "application/json");
  const url = query.size ? `${target}?${query}` : target;
  return [url, { method, headers, body: body?.value, signal: AbortSignal.timeout(30_000) }];
}

async function answerText(response) {
  const head = [`${response.status} ${response.statusText}`, ...[...response.headers].map((pair) => pair.join(": "))];
  const body = await response.text();
  const isJson = (response.headers.get("Content-Type") ?? "").startsWith("application/json");
  const shown = isJson && body ? JSON.stringify(JSON.parse(body), null, 2) : body;
  return `${head.join("\n")}\n\n${shown.slice(0, LONGEST_SHOWN)}`;
}

function tryForm(request) {
  const output = element("pre", { hidden: true });
  const button = element("button", { type: "button", textContent: "Send" });
  button.addEventListener("click", async () => {
    button.disabled = true;
    output.hidden = false;
    output.textContent = "…";
    try {
      output.textContent = await answerText(await fetch(...requestOf(request)));
    } catch (error) {
      output.textContent = `No answer: ${error.message}`;
    }
    button.disabled = false;
  });
  return [button, output];
}

function answersTable(description, operation) {
  const parts = Object.entries(operation.responses).map(([status, answer]) => {
    const response = resolve(description, answer);
    const [mediaType, content] = Object.entries(response.content ?? {})[0] ?? [];
    const isSuccess = status.startsWith("2");
    return element(
      "div",
      {},
      element("p", {}, code(status), ` ${response.description} `, mediaType ? quiet(mediaType) : null),
      isSuccess && content ? fieldsTable(description, content.schema) : null,
    );
  });
  return element("div", {}, element("h3", { textContent: "Answers" }), ...parts);
}

function accessOf(operation) {
  const names = (operation.security ?? []).flatMap((one) => Object.keys(one));
  return names.length ? names.join(" or ") : "open to all";
}

function operationDetails(description, path, method, operation) {
  const content = operation.requestBody?.content["application/json"];
  const example = content?.example ? JSON.stringify(content.example, null, 2) : "{}";
  const body = content ? element("textarea", { value: example, spellcheck: false }) : null;
  const inputs = parameterInputs(description, operation);
  const details = element(
    "details",
    { id: operation.operationId },
    element(
      "summary",
      {},
      element("span", { className: "method", textContent: method.toUpperCase() }),
      element("span", { className: "path", textContent: path }),
      quiet(` ${operation.summary}`),
    ),
  );
  // Filled when it is first opened: most are not.
  details.addEventListener(
    "toggle",
    () =>
      details.append(
        element("p", {}, quiet(`Access: ${accessOf(operation)}`)),
        element("table", {}, element("tbody", {}, ...inputs.map(({ row }) => row))),
        ...(body ? [element("h3", { textContent: "Body" }), fieldsTable(description, content.schema), body] : []),
        ...tryForm({ path, method: method.toUpperCase(), inputs, body }),
        answersTable(description, operation),
      ),
    { once: true },
  );
  return details;
}

function show(description) {
  document.getElementById("about").textContent = description.info.description;
  const sections = description.tags.map(({ name }) => {
    const listed = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, operation]) => operation.tags.includes(name))
        .map(([method, operation]) => operationDetails(description, path, method, operation)),
    );
    return element("section", {}, element("h2", { textContent: name }), ...listed);
  });
  document.getElementById("operations").replaceChildren(...sections);
  const linked = document.getElementById(location.hash.slice(1));
  if (linked instanceof HTMLDetailsElement) {
    linked.open = true;
    linked.scrollIntoView();
  }
}

try {
  const response = await fetch("/openapi.json");
  show(await response.json());
} catch (error) {
  document.getElementById("operations").textContent = `The description cannot be read: ${error.message}`;
}
