// Evaluates JSONata expressions: one request per line on stdin, one answer per line on stdout.
//
// Request: {"expression": text, "bindings": [object, ...]}. Answer: {"error": ...} when the expression
// does not parse, else {"results": [...]}, one per bindings object: {"value": ...}, {"undefined": true}
// or {"error": code, "message": text}, each with "depth", the deepest nesting of evaluations.

import { createHash, randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import jsonata from "jsonata";

const ENTER = Symbol.for("jsonata.__evaluate_entry");
const EXIT = Symbol.for("jsonata.__evaluate_exit");

// The functions that Step Functions adds, as its documentation describes them.
const ADDED = {
  parse: [(text) => JSON.parse(text), "<s-:x>"],
  uuid: [() => randomUUID(), "<:s>"],
  hash: [
    (text, algorithm) =>
      createHash(algorithm.toLowerCase().replace("-", "")).update(text).digest("hex"),
    "<s-s:s>",
  ],
};

function isData(value) {
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isData);
  if (typeof value === "function") return false;
  if (value !== null && typeof value === "object") return Object.values(value).every(isData);
  return true;
}

async function evaluate(expression, bindings) {
  let depth = 0;
  let deepest = 0;
  expression.assign(ENTER, async () => {
    depth += 1;
    deepest = Math.max(deepest, depth);
  });
  expression.assign(EXIT, async () => {
    depth -= 1;
  });
  try {
    const value = await expression.evaluate(undefined, bindings);
    if (value === undefined) return { undefined: true, depth: deepest };
    if (!isData(value)) return { error: "NOT_JSON", message: "not JSON data", depth: deepest };
    return { value, depth: deepest };
  } catch (error) {
    return { error: error.code ?? error.name, message: error.message, depth: deepest };
  }
}

const prepared = new Map();

function prepare(text) {
  if (!prepared.has(text)) {
    const expression = jsonata(text);
    for (const [name, [implementation, signature]] of Object.entries(ADDED)) {
      expression.registerFunction(name, implementation, signature);
    }
    prepared.set(text, expression);
  }
  return prepared.get(text);
}

async function answer(request) {
  let expression;
  try {
    expression = prepare(request.expression);
  } catch (error) {
    return { error: error.code ?? error.name, message: error.message };
  }
  const results = [];
  for (const bindings of request.bindings) results.push(await evaluate(expression, bindings));
  return { results };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + "\n");
}
