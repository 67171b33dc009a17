"""Tests the comparison on a file in the provider's style: the spec's content inline, in JSON, with arrays of examples, the
key as a plain parameter, codes in a table of the operation's text, and an endpoint that the spec does not have. Each test
makes one change to that file and expects exactly the lines it should cause."""

import contextlib
import copy
import io
import json
import pathlib
import random
import subprocess
import tempfile
import unittest

import compare

SPEC = compare.read(compare.SPEC)
REGISTER = "/api/v1/customer/register-account"
LOGIN = "/api/v1/customer/login"
INFO = "/api/v1/customer/get-account-info"
KEY = {"name": "apiKey", "in": "query", "required": True, "schema": {"type": "string"}}
OTHER = {"operationId": "getApiV1ShopFeed", "parameters": [KEY], "responses": {"200": {"description": "No description"}}}


def inline(schema):
    schema = dict(schema)
    for part in schema.pop("allOf", []):
        schema = {**inline(part), **schema}
    codes = schema.pop("oneOf", None)
    for unknown in ("format", "pattern", "description"):
        schema.pop(unknown, None)
    schema = {name: value for name, value in schema.items() if not name.startswith("x-")}
    if schema.pop("nullable", False):
        schema["type"] = [schema.get("type"), "null"]
    if "example" in schema:
        schema["examples"] = [schema.pop("example")]
    if "properties" in schema:
        schema["properties"] = {name: inline(field) for name, field in schema["properties"].items()}
    if "items" in schema:
        schema["items"] = inline(schema["items"])
    if codes:
        schema["codes"] = [(code["enum"][0], code["description"].split("\n")[0]) for code in codes]
    return schema


def in_the_providers_style(operation):
    body = compare.schema_of(compare.at(operation, "requestBody"))
    response = inline(compare.success(operation))
    description = operation["summary"]
    codes = compare.mapping(response["properties"], "errorCode").pop("codes", [])
    if codes:
        rows = "".join(f"\n| {code} | {message} |" for code, message in codes)
        description += f"\n\nList of error codes:\n\n| Code | Message |\n|---|---|{rows}\n"
    parameters = [{**parameter, "schema": inline(parameter["schema"])} for parameter in operation["parameters"]]
    return {
        "operationId": operation["operationId"],
        "description": description,
        "parameters": [KEY, *parameters],
        **({"requestBody": {"content": {"application/json": {"schema": inline(body)}}}} if body else {}),
        "responses": {"200": {"description": "No description", "content": {"application/json": {"schema": response}}}},
    }


CLEAN = {"openapi": "3.0.3", "info": {}, "servers": [{"url": "https://api.bizkithub.com"}], "paths": {}}
for name, operation in compare.operations(SPEC).items():
    method, path = name.split()
    CLEAN["paths"].setdefault(path, {})[method.lower()] = in_the_providers_style(operation)
CLEAN["paths"]["/api/v1/shop/feed"] = {"get": OTHER}


class Comparing(unittest.TestCase):
    def setUp(self):
        self.file = copy.deepcopy(CLEAN)
        self.register = self.file["paths"][REGISTER]["post"]
        self.login = self.file["paths"][LOGIN]["post"]
        self.info = self.file["paths"][INFO]["get"]
        self.request = compare.schema_of(self.login["requestBody"])
        self.response = compare.success(self.login)
        self.account = compare.success(self.info)["properties"]

    def assert_lines(self, operation, *lines):
        self.assertEqual([f"{operation}: {line}" for line in lines], compare.differences(SPEC, self.file))

    def test_same_content_has_no_difference(self):
        self.assert_lines("")

    def test_fields_added(self):
        self.request["properties"]["otp"] = {"type": "string"}
        self.request["required"].append("otp")
        self.response["properties"]["hints"] = {"type": "array", "items": {"type": "string"}}
        self.assert_lines(
            f"POST {LOGIN}",
            'request field "otp" (string, required) is in the provider\'s file but not in the spec',
            'response field "hints" (array of string, optional) is in the provider\'s file but not in the spec',
        )

    def test_difference_is_one_line(self):
        self.request["properties"]["a\n::b"] = {}
        self.assert_lines(
            f"POST {LOGIN}",
            'request field "a ::b" (any type, optional) is in the provider\'s file but not in the spec',
        )

    def test_fields_removed(self):
        del self.request["properties"]["customerRealIp"]
        del self.response["properties"]["identityId"]
        self.assert_lines(
            f"POST {LOGIN}",
            'request field "customerRealIp" (string, optional) is in the spec but not in the provider\'s file',
            'response field "identityId" (string, optional) is in the spec but not in the provider\'s file',
        )

    def test_types_changed(self):
        compare.schema_of(self.register["requestBody"])["properties"]["newsletter"]["type"] = "string"
        compare.schema_of(self.register["requestBody"])["properties"]["groups"]["items"] = {"type": "integer"}
        del compare.schema_of(self.register["requestBody"])["properties"]["phone"]["type"]
        self.assert_lines(
            f"POST {REGISTER}",
            'request field "phone" is string in the spec but any type in the provider\'s file',
            'request field "newsletter" is boolean in the spec but string in the provider\'s file',
            'request field "groups[]" is string in the spec but integer in the provider\'s file',
        )

    def test_required_marks_changed(self):
        self.request["required"] = ["email", "customerRealIp"]
        self.response["required"] = []
        self.assert_lines(
            f"POST {LOGIN}",
            'request field "password" is required in the spec but optional in the provider\'s file',
            'request field "customerRealIp" is optional in the spec but required in the provider\'s file',
            'response field "success" is required in the spec but optional in the provider\'s file',
        )

    def test_nested_records_are_compared(self):
        self.account["groups"]["items"]["properties"]["color"] = {"type": "string"}
        self.account["meta"]["properties"] = {"vip": {"type": "boolean"}}
        del self.account["referral"]["properties"]["code"]
        self.assert_lines(
            f"GET {INFO}",
            'response field "groups[].color" (string, optional) is in the provider\'s file but not in the spec',
            'response field "meta.vip" (boolean, optional) is in the provider\'s file but not in the spec',
            'response field "referral.code" (string, optional) is in the spec but not in the provider\'s file',
        )

    def test_codes_added_and_removed(self):
        self.login["description"] = self.login["description"].replace("| E002 |", "| E008 |")
        self.assert_lines(
            f"POST {LOGIN}",
            "error code E002 is in the spec but not in the provider's file",
            "error code E008 (Customer e-mail does not exist.) is in the provider's file but not in the spec",
        )

    def test_codes_are_read_from_lines_and_from_an_enum(self):
        table = self.register["description"]
        self.register["description"] = table.replace("| E", "E").replace(" | Customer", "\tCustomer")
        self.assert_lines("")
        self.register["description"] = ""
        self.register_code = compare.success(self.register)["properties"]["errorCode"]
        self.register_code["enum"] = ["E001", "E002", "E003", "E004", "E005"]
        self.assert_lines(
            f"POST {REGISTER}", "error code E005 is in the provider's file but not in the spec"
        )

    def test_parameters_added_and_removed(self):
        self.info["parameters"] = [KEY, self.info["parameters"][1]]
        self.info["parameters"].append({"name": "locale", "in": "query", "schema": {"type": "string"}})
        self.assert_lines(
            f"GET {INFO}",
            'query parameter "customerRealIp" (string, optional) is in the spec but not in the provider\'s file',
            'query parameter "locale" (string, optional) is in the provider\'s file but not in the spec',
        )

    def test_moved_path_is_still_compared(self):
        self.file["paths"]["/contact/v1/login"] = self.file["paths"].pop(LOGIN)
        del self.request["properties"]["email"]
        self.assert_lines(
            f"POST {LOGIN}",
            "the operation has moved to POST /contact/v1/login in the provider's file",
            'request field "email" (string, required) is in the spec but not in the provider\'s file',
        )

    def test_path_of_the_server_belongs_to_the_path(self):
        self.file["servers"] = [{"url": "https://api.bizkithub.com/api/v1/"}]
        self.file["paths"] = {path.removeprefix("/api/v1"): item for path, item in self.file["paths"].items()}
        self.assert_lines("")

    def test_operation_removed(self):
        del self.file["paths"][LOGIN]
        self.assert_lines(f"POST {LOGIN}", "the operation is in the spec but not in the provider's file")

    def test_schema_missing(self):
        del self.login["responses"]["200"]["content"]
        self.login["description"] += "E001 Customer login failed."
        self.assert_lines(
            f"POST {LOGIN}", "the schema of the response is in the spec but not in the provider's file"
        )

    def test_deprecation(self):
        self.login["deprecated"] = True
        self.request["properties"]["email"]["deprecated"] = True
        self.assert_lines(
            f"POST {LOGIN}",
            "the operation is not deprecated in the spec but deprecated in the provider's file",
            'request field "email" is not deprecated in the spec but deprecated in the provider\'s file',
        )

    def test_success_and_failure_may_be_alternatives(self):
        properties = self.response["properties"]
        yes = {"success": {"type": "boolean", "enum": [True]}, "identityId": properties["identityId"]}
        no = {"success": {"const": False, "type": "boolean"}}
        no.update({name: properties[name] for name in ("errorCode", "message")})
        self.login["responses"]["200"]["content"]["application/json"]["schema"] = {
            "oneOf": [
                {"type": "object", "properties": yes, "required": list(yes)},
                {"type": "object", "properties": no, "required": list(no)},
            ]
        }
        self.assert_lines("")

    def test_other_ways_to_write_the_same_schema(self):
        record = {"properties": {"a": {"type": "string"}}}
        for ours, theirs in [
            ({"type": "string", "nullable": True}, {"anyOf": [{"type": "string"}, {"type": "null"}]}),
            ({"type": "string", "enum": ["a", "b"]}, {"anyOf": [{"const": "a"}, {"const": "b"}], "type": "string"}),
            ({"type": "string", "enum": ["a"]}, {"oneOf": [{"type": "string", "enum": ["a"]}, {"type": "null"}]}),
            ({"type": "object", **record}, record),
            ({"type": "array", "items": {"type": "string"}}, {"items": {"type": "string"}}),
            ({"type": "object", "additionalProperties": True}, {"type": "object"}),
        ]:
            self.assert_field(ours, theirs)

    def test_maps_and_nulls_are_compared(self):
        self.assert_field(
            {"type": "object", "additionalProperties": {"type": "string"}},
            {"type": "object", "additionalProperties": {"type": "integer"}},
            'request field "field{}" is string in the spec but integer in the provider\'s file',
        )
        self.assert_field(
            {"type": "string", "nullable": False},
            {"type": ["string", "null"]},
            '"nullable" of request field "field" is False in the spec but True in the provider\'s file',
        )

    def assert_field(self, ours, theirs, *lines):
        spec = copy.deepcopy(SPEC)
        compare.schema_of(spec["paths"][LOGIN]["post"]["requestBody"])["properties"]["field"] = ours
        self.request["properties"]["field"] = theirs
        self.assertEqual([f"POST {LOGIN}: {line}" for line in lines], compare.differences(spec, self.file))

    def test_request_of_another_type(self):
        self.request.update(type="array", items={"type": "string"})
        self.assertIn(
            f"POST {LOGIN}: the request is object in the spec but array of string in the provider's file",
            compare.differences(SPEC, self.file),
        )

    def test_places_of_the_key_are_ignored(self):
        self.request["properties"]["apiKey"] = {"type": "string"}
        self.file["paths"][INFO]["parameters"] = [KEY, *self.info.pop("parameters")]
        self.assert_lines("")

    def test_formats_and_enums(self):
        email = {"type": "string", "format": "email"}
        self.assert_field(
            email,
            {**email, "format": "idn-email", "pattern": "@"},  # only one side states a pattern
            '"format" of request field "field" is email in the spec but idn-email in the provider\'s file',
        )
        self.assert_field(
            email,
            {**email, "enum": ["b", "a"]},
            'request field "field" is any value in the spec but one of a, b in the provider\'s file',
        )

    def test_malformed_parts_count_as_missing(self):
        chance = random.Random(1)
        for _ in range(500):
            file = copy.deepcopy(CLEAN)
            node, key = file, "paths"
            while chance.random() < 0.9 and isinstance(node[key], (dict, list)) and node[key]:
                node = node[key]
                key = chance.choice(list(node) if isinstance(node, dict) else range(len(node)))
            if node is not file:
                node[key] = chance.choice([None, 1, "text", [], {}, ["text"], [[]], {"": {}}, [{"a": {}}]])
            compare.differences(SPEC, file)


class Running(unittest.TestCase):
    """The command itself, with its exit status and what it prints."""

    def run_on(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "swagger.json")
            if text is not None:
                path.write_text(text)
            result = subprocess.run([".ci/upstream", path], capture_output=True, text=True, check=False)
        return result.returncode, result.stdout, result.stderr.replace(str(path), "FILE")

    def test_no_difference(self):
        self.assertEqual((0, "", ""), self.run_on(json.dumps(CLEAN)))

    def test_difference(self):
        file = copy.deepcopy(CLEAN)
        del file["paths"][LOGIN]
        line = f"POST {LOGIN}: the operation is in the spec but not in the provider's file\n"
        self.assertEqual((1, line, ""), self.run_on(json.dumps(file)))

    def test_schemas_that_refer_to_themselves(self):
        file = copy.deepcopy(CLEAN)
        node = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}}
        file["components"] = {"schemas": {"Node": node}}
        fields = compare.success(file["paths"][LOGIN]["post"])["properties"]
        fields["node"] = {"$ref": "#/components/schemas/Node"}
        line = "(object, optional) is in the provider's file but not in the spec\n"
        self.assertEqual((1, f'POST {LOGIN}: response field "node" {line}', ""), self.run_on(json.dumps(file)))

    def test_unusable_files(self):
        for text, message in {
            None: "cannot read it: File not found: FILE",
            "<!DOCTYPE html>\n<p>: &": "neither JSON nor YAML",
            "text": "not an OpenAPI 3 document with paths",
            '{"swagger": "2.0", "paths": {}}': "not an OpenAPI 3 document with paths",
            '{"openapi": "3.0.3", "paths": {"/": {"$ref": "#/no"}}}': "a reference leads nowhere: ",
        }.items():
            status, output, error = self.run_on(text)
            self.assertEqual((2, ""), (status, output))
            self.assertRegex(error, f"^FILE: {message}.*\n$")
            self.assertEqual(1, error.count("\n"))


class Accepting(unittest.TestCase):
    """Differences that are listed as accepted."""

    def run_with(self, accepted, file):
        with tempfile.TemporaryDirectory() as folder:
            compare.ACCEPTED = str(pathlib.Path(folder, "accepted"))
            pathlib.Path(compare.ACCEPTED).write_text(f"# why\n{accepted}\n")
            path = pathlib.Path(folder, "swagger.json")
            path.write_text(json.dumps(file))
            with contextlib.redirect_stdout(io.StringIO()) as output:
                status = compare.main(str(path))
            return status, output.getvalue().replace(compare.ACCEPTED, "ACCEPTED")

    def test_accepted_difference_is_not_reported(self):
        file = copy.deepcopy(CLEAN)
        del file["paths"][LOGIN]
        accepted = f"POST {LOGIN}: the operation is in the spec but not in the provider's file"
        self.assertEqual((0, ""), self.run_with(accepted, file))

    def test_accepted_difference_that_is_gone_is_reported(self):
        accepted = f"POST {LOGIN}: the operation is in the spec but not in the provider's file"
        line = f"no longer a difference, remove it from ACCEPTED: {accepted}\n"
        self.assertEqual((1, line), self.run_with(accepted, CLEAN))


if __name__ == "__main__":
    unittest.main()
