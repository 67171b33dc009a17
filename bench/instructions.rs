//! Instructions per call, by callgrind: `cargo bench -p bizkithub-bench --bench instructions`, with valgrind and
//! `gungraun-runner` at hand.
//!
//! Each figure is for [`CALLS`] calls over one kept-alive connection. The server runs in another thread, which is not
//! counted: callgrind collects only while the bench's own function runs.

use gungraun::prelude::*;
use support::{Bizkithub, ByHand, Call, Contestant};
use tokio::runtime::Runtime;

const CALLS: usize = 100;

struct Ready<C> {
    runtime: Runtime,
    contestant: C,
}

impl<C: Contestant> Ready<C> {
    /// Connected and warmed up: what only a first call costs is not counted.
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
fn by_hand(ready: Ready<ByHand>) -> Ready<ByHand> {
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

// Compared by id: under bizkithub's figures stands how they relate to the ones by hand.
library_benchmark_group!(name = calls, compare_by_id = true, benchmarks = [by_hand, bizkithub]);

main!(library_benchmark_groups = calls);
