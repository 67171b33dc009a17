"""Compares the spec with an OpenAPI 3 file of the provider. `.ci/upstream` installs what this needs and runs it.

It compares these parts of each operation of the spec, in both directions:

- its path (an operation that is not at the spec's path is looked up by its `operationId`), and its deprecation;
- parameters, fields of the request body, and fields of the success (the first 2xx response), through lists, maps, nested
  objects, `$ref` and `allOf`. In a `oneOf` or `anyOf`, a field counts as required if every alternative requires it;
- the type, required mark, deprecation and enum values of each of them;
- error codes: in both files, the enum of the success's field `errorCode`; in the provider's file, also each line of the
  operation's description that begins with a code: `| E001 | Customer login failed. |` or `E001 Customer login failed.`

It compares `format`, `pattern` and `nullable` only where both files state them. It does not compare texts, examples, limits
such as `minLength`, extensions (`x-…`), headers, other responses, and the API key, which is a security scheme in the spec.
"""

import pathlib
import re
import sys

import prance.util.formats
import prance.util.resolver
import prance.util.url
from ruamel.yaml.error import YAMLError

SPEC = "openapi/bizkithub.yaml"
ACCEPTED = ".ci/upstream.d/accepted"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
CODE_LINE = re.compile(r"^[\s|*-]*`?(E\d{3})\b`?[\s|:-]*(.*?)[\s|]*$", re.MULTILINE)


class Unusable(Exception):
    pass


def read(source):
    """Returns the document at a path or URL, with every `$ref` replaced by its target."""
    url = prance.util.url.absurl(source if "://" in source else pathlib.Path(source).resolve().as_uri())
    try:
        text, content_type = prance.util.url.fetch_url_text(url)
    except (LookupError, OSError, ValueError) as error:
        raise Unusable(f"cannot read it: {error.args[-1]}") from error
    try:
        document = prance.util.formats.parse_spec(text, url.path, content_type=content_type)
    except (ValueError, YAMLError) as error:
        raise Unusable("neither JSON nor YAML") from error
    if not re.match(r"3\.", str(at(document, "openapi"))) or not mapping(document, "paths"):
        raise Unusable("not an OpenAPI 3 document with paths")
    try:
        resolver = prance.util.resolver.RefResolver(
            document,
            url.geturl(),
            resolve_types=prance.util.resolver.RESOLVE_INTERNAL,
            recursion_limit_handler=lambda *_: {},
        )
        resolver.resolve_references()
    except LookupError as error:
        raise Unusable(f"a reference leads nowhere: {error.args[-1]}") from error
    return resolver.specs


# The provider's file is not valid in every respect, so a value of an unexpected type counts as missing.
def at(node, key):
    return node.get(key) if isinstance(node, dict) else None


def mapping(node, key):
    value = at(node, key)
    return value if isinstance(value, dict) else {}


def sequence(node, key):
    value = at(node, key)
    return value if isinstance(value, list) else []


def alternatives(schema):
    """Returns a list of the alternatives for a value, each a list of schemas that all apply to it."""
    result = [[schema]]
    for part in sequence(schema, "allOf"):
        result = [left + right for left in result for right in alternatives(part)]
    for keyword in ("oneOf", "anyOf"):
        options = [option for part in sequence(schema, keyword) for option in alternatives(part)]
        if options:
            result = [left + right for left in result for right in options]
    return result


def types(together):
    stated = [sequence(schema, "type") or [at(schema, "type")] for schema in together]
    stated = {name for names in stated for name in names if isinstance(name, str)}
    if not stated and any(mapping(schema, "properties") for schema in together):
        return {"object"}
    if not stated and any("items" in schema for schema in together):
        return {"array"}
    return stated


def values(together):
    return [
        value
        for schema in together
        for value in sequence(schema, "enum") + ([schema["const"]] if "const" in schema else [])
        if isinstance(value, (str, int, float)) and not isinstance(value, bool)
    ]


class Shape:
    """The facts that the schemas of a value state about it."""

    def __init__(self, schemas):
        options = [option for schema in schemas if isinstance(schema, dict) for option in alternatives(schema)]
        all_types = [types(option) for option in options]
        self.types = set().union(*all_types) - {"null"}
        options = [option for option, names in zip(options, all_types) if names != {"null"}]
        every = [schema for option in options for schema in option]
        self.deprecated = any(at(schema, "deprecated") is True for schema in every)
        self.values = set()
        if all(values(option) for option in options):
            self.values = {str(value) for option in options for value in values(option)}
        self.stated = {
            key: {str(schema[key]) for schema in every if key in schema} for key in ("format", "pattern", "nullable")
        }
        if any("null" in names for names in all_types):
            self.stated["nullable"] = {"True"}
        self.items = [schema["items"] for schema in every if "items" in schema]
        self.map_values = [mapping(schema, "additionalProperties") for schema in every]
        self.map_values = [schema for schema in self.map_values if schema]
        self.fields = {}
        required = []
        for option in options:
            if not any(mapping(schema, "properties") for schema in option):
                continue
            for schema in option:
                for name, field in mapping(schema, "properties").items():
                    self.fields.setdefault(str(name), []).append(field)
            required.append({str(name) for schema in option for name in sequence(schema, "required")})
        self.required = set.intersection(*required) if required else set()

    def __str__(self):
        name = " or ".join(sorted(self.types)) or "any type"
        return f"{name} of {Shape(self.items)}" if self.types == {"array"} and self.items else name


class Comparison:
    """Collects the differences of one operation."""

    def __init__(self, name, lines):
        self.name = name
        self.lines = lines

    def differs(self, text):
        self.lines.append(" ".join(f"{self.name}: {text}".split()))  # one line, even if a name contains a line break

    def in_one(self, what, in_spec):
        where = "the spec but not in the provider's file" if in_spec else "the provider's file but not in the spec"
        self.differs(f"{what} is in {where}")

    def same(self, what, ours, theirs):
        if ours != theirs:
            self.differs(f"{what} is {ours} in the spec but {theirs} in the provider's file")

    def members(self, kind, ours, theirs, path=""):
        """Compares named values. Each side maps a name to the value's shape and whether it is required."""
        for name in {**ours, **theirs}:
            what = f'{kind} "{path}{name}"'
            if name in ours and name in theirs:
                self.same(what, *("required" if side[name][1] else "optional" for side in (ours, theirs)))
                self.value(kind, path + name, ours[name][0], theirs[name][0])
            else:
                shape, required = {**ours, **theirs}[name]
                self.in_one(f"{what} ({shape}, {'required' if required else 'optional'})", name in ours)

    def fields(self, kind, ours, theirs, path=""):
        sides = []
        for shape in (ours, theirs):
            sides.append({name: (Shape(field), name in shape.required) for name, field in shape.fields.items()})
        self.members(kind, *sides, path)

    def value(self, kind, path, ours, theirs):
        what = f'{kind} "{path}"'
        if ours.types != theirs.types:
            self.same(what, str(ours), str(theirs))
            return
        self.same(what, *("deprecated" if side.deprecated else "not deprecated" for side in (ours, theirs)))
        for key, stated in ours.stated.items():
            if stated and theirs.stated[key] and stated != theirs.stated[key]:
                self.same(f'"{key}" of {what}', listed(stated), listed(theirs.stated[key]))
        if path != "errorCode" and ours.values != theirs.values:
            self.same(what, *(f"one of {listed(side.values)}" if side.values else "any value" for side in (ours, theirs)))
        self.fields(kind, ours, theirs, f"{path}.")
        if ours.items or theirs.items:
            self.value(kind, f"{path}[]", Shape(ours.items), Shape(theirs.items))
        if ours.map_values or theirs.map_values:
            self.value(kind, f"{path}{{}}", Shape(ours.map_values), Shape(theirs.map_values))

    def body(self, kind, ours, theirs, ignored=()):
        if bool(ours) != bool(theirs):
            self.in_one(f"the schema of the {kind}", bool(ours))
            return
        ours, theirs = Shape([ours]), Shape([theirs])
        for name in ignored:
            theirs.fields.pop(name, None)
        self.same(f"the {kind}", str(ours), str(theirs))
        self.fields(f"{kind} field", ours, theirs)

    def codes(self, ours, theirs):
        for code in sorted({**ours, **theirs}):
            if code not in ours or code not in theirs:
                message = {**ours, **theirs}[code]
                self.in_one(f'error code {code}{f" ({message})" if message else ""}', code in ours)


def listed(values):
    return ", ".join(sorted(values))


def operations(document):
    """Maps "POST /api/v1/…" to the operation. The path includes that of the server's URL."""
    server = next(iter(sequence(document, "servers")), {})
    prefix = re.sub(r"^\w+://[^/]*", "", str(at(server, "url") or "")).rstrip("/")
    result = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if operation := mapping(item, method):
                parameters = sequence(item, "parameters") + sequence(operation, "parameters")
                result[f"{method.upper()} {prefix}{path}"] = {**operation, "parameters": parameters}
    return result


def schema_of(holder):
    """The schema of a JSON request or response."""
    content = mapping(holder, "content")
    return at(next((content[name] for name in content if "json" in str(name)), {}), "schema")


def success(operation):
    responses = mapping(operation, "responses")
    return schema_of(next((responses[key] for key in sorted(responses, key=str) if str(key).startswith("2")), {}))


def parameters(operation, keys):
    result = {}
    for parameter in operation["parameters"]:
        name, place = str(at(parameter, "name")), str(at(parameter, "in"))
        if name not in keys:
            deprecated = {"deprecated": at(parameter, "deprecated")}
            shape = Shape([{"allOf": [mapping(parameter, "schema"), deprecated]}])
            result.setdefault(f"{place} parameter", {})[name] = (shape, at(parameter, "required") is True)
    return result


def differences(spec, provider):
    schemes = mapping(mapping(spec, "components"), "securitySchemes")
    keys = {at(scheme, "name") for scheme in schemes.values() if at(scheme, "type") == "apiKey"}
    all_theirs = operations(provider)
    by_id = {str(at(operation, "operationId")): name for name, operation in all_theirs.items()}
    lines = []
    for name, ours in operations(spec).items():
        comparison = Comparison(name, lines)
        moved = by_id.get(at(ours, "operationId"))
        if name not in all_theirs and not moved:
            comparison.in_one("the operation", in_spec=True)
            continue
        if name not in all_theirs:
            comparison.differs(f"the operation has moved to {moved} in the provider's file")
        theirs = all_theirs.get(name) or all_theirs[moved]
        deprecated = ("deprecated" if at(side, "deprecated") is True else "not deprecated" for side in (ours, theirs))
        comparison.same("the operation", *deprecated)
        sides = [parameters(side, keys) for side in (ours, theirs)]
        for kind in {**sides[0], **sides[1]}:
            comparison.members(kind, *(side.get(kind, {}) for side in sides))
        bodies = [schema_of(at(side, "requestBody")) for side in (ours, theirs)]
        comparison.body("request", *bodies, ignored=keys)
        bodies = [success(side) for side in (ours, theirs)]
        comparison.body("response", *bodies)
        codes = [dict.fromkeys(Shape(Shape([body]).fields.get("errorCode", [])).values) for body in bodies]
        described = dict(CODE_LINE.findall(str(at(theirs, "description") or "")))
        comparison.codes(codes[0], {**codes[1], **described})
    return lines


def main(source):
    try:
        found = differences(read(SPEC), read(source))
    except Unusable as error:
        print(f"{source}: {error}".replace("\n", " "), file=sys.stderr)
        return 2
    accepted = pathlib.Path(ACCEPTED).read_text().splitlines()
    accepted = [line for line in accepted if line and not line.startswith("#")]
    for line in found:
        if line not in accepted:
            print(line)
    gone = [line for line in accepted if line not in found]
    for line in gone:
        print(f"no longer a difference, remove it from {ACCEPTED}: {line}")
    return int(bool(gone or set(found) - set(accepted)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
