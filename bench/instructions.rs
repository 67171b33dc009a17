//! Counts the instructions of a call with callgrind: `cargo bench -p bizkithub-bench --bench instructions`, with valgrind and
//! `gungraun-runner` installed.
//!
//! Each figure is for [`CALLS`] calls over one kept-alive connection. The server runs in another thread, which callgrind
//! does not count: it collects only while the bench's own function runs.

use gungraun::prelude::*;
use support::{Bizkithub, Call, Contestant, HandWritten};
use tokio::runtime::Runtime;

const CALLS: usize = 100;

struct Ready<C> {
    runtime: Runtime,
    contestant: C,
}

impl<C: Contestant> Ready<C> {
    /// Connects and warms up, so that the costs of a first call are not counted.
    fn new(call: Call) -> Self {
        let url = support::server::start_in_a_thread();
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let ready = Self { contestant: C::new(&url, call), runtime };
        ready.calls(20);
        ready
    }

    fn calls(&self, calls: usize) {
        self.runtime.block_on(async {
            for _ in 0..calls {
                self.contestant.call().await;
            }
        });
    }
}

#[library_benchmark(setup = Ready::new)]
#[bench::register_account(Call::RegisterAccount { bytes: 0 })]
#[bench::register_account_minimal(Call::RegisterAccountMinimal)]
#[bench::login(Call::Login)]
#[bench::get_account_info(Call::GetAccountInfo)]
fn hand_written(ready: Ready<HandWritten>) -> Ready<HandWritten> {
    ready.calls(CALLS);
    ready
}

#[library_benchmark(setup = Ready::new)]
#[bench::register_account(Call::RegisterAccount { bytes: 0 })]
#[bench::register_account_minimal(Call::RegisterAccountMinimal)]
#[bench::login(Call::Login)]
#[bench::get_account_info(Call::GetAccountInfo)]
fn bizkithub(ready: Ready<Bizkithub>) -> Ready<Bizkithub> {
    ready.calls(CALLS);
    ready
}

// With this, the report shows bizkithub's figures relative to the hand-written ones.
library_benchmark_group!(
    name = calls,
    compare_by_id = true,
    benchmarks = [hand_written, bizkithub]
);

main!(library_benchmark_groups = calls);
