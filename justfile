[private]
default:
    @just --list --unsorted

# Checks format and lints, and tests what you changed
check *TESTS:
    .ci/short {{ TESTS }}

# Runs the crate's own tests
test *ARGS:
    cargo test {{ ARGS }}

# Runs the whole gate
ci:
    .ci/run

# Registers an account, offline
try *ARGS:
    cargo run --example register -- {{ ARGS }}

# Serves the sandbox
serve ADDRESS='127.0.0.1:8787':
    cargo run --example sandbox -- --listen {{ ADDRESS }}

# Lints the spec
spec:
    .ci/spec

# Compares the spec with an OpenAPI file of the provider
upstream FILE='https://docs.bizkithub.com/api/swagger.json':
    .ci/upstream {{ quote(FILE) }}

# Tests the storefront, also in a real browser
storefront *ARGS:
    .ci/storefront {{ ARGS }}

# Fuzzes the decoding of responses
fuzz SECONDS='30':
    BIZKITHUB_FUZZ_SECONDS={{ SECONDS }} .ci/fuzz

# Measures the crate against hand-written code
bench:
    cargo bench --package bizkithub-bench --bench comparison

# Lists changes to src/ that no test notices
mutate *ARGS:
    .ci/mutants {{ ARGS }}

# Updates the list of the public API
api:
    .ci/public-api --update

# Compares the public API with the newest release
semver:
    .ci/semver

# Lints the workflows and scripts
lint:
    .ci/workflows
