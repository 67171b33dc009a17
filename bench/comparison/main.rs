//! Compares the crate with hand-written calls: `cargo bench -p bizkithub-bench --bench comparison`.
//!
//! It first compares single figures: both contestants take turns in this process, with the server in another one. Then it
//! measures them by number of callers and by size of the body. Each of these points is measured in a process of its own, to
//! measure its memory, and `docs/performance.svg` is drawn from them. `-- --smoke` runs everything within seconds to check that
//! it works, and draws into `target/`.

mod plot;

use std::alloc::System;
use std::cell::Cell;
use std::env;
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode};
use hdrhistogram::Histogram;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use support::server::{Server, serve_for_a_parent};
use support::{Bizkithub, Call, Contestant, HandWritten};
use tokio::runtime::Runtime;
use tokio::task::LocalSet;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const SERVER: &str = "--server";
const POINT: &str = "--point";
const SMOKE: &str = "--smoke";

const ROUNDS: usize = 5;
const SAMPLES: usize = 20;
const CALLERS: [usize; 6] = [1, 4, 16, 64, 256, 1024];
/// Zero is the minimal request: email and password.
const BODIES: [usize; 6] = [0, 1, 4, 16, 32, 64];

/// The duration of each measurement: long enough for thousands of calls, or just long enough to check that it works.
#[derive(Clone, Copy)]
struct Plan {
    warm_up: Duration,
    measure: Duration,
}

/// The throughput of a number of callers, each of which makes its next call as soon as the last one returns.
#[derive(Clone, Copy)]
pub struct Measured {
    pub calls_per_second: f64,
    pub p99: Duration,
}

/// A measurement in a process of its own.
#[derive(Clone, Copy)]
pub struct Point {
    pub measured: Measured,
    pub resident_mib: f64,
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let plan = if arguments.iter().any(|argument| argument == SMOKE) {
        Plan { warm_up: Duration::from_millis(10), measure: Duration::from_millis(30) }
    } else {
        Plan { warm_up: Duration::from_millis(300), measure: Duration::from_secs(1) }
    };
    if arguments.iter().any(|argument| argument == SERVER) {
        serve_for_a_parent();
    } else if let Some(at) = arguments.iter().position(|argument| argument == POINT) {
        measure_a_point(&arguments[at + 1..], plan);
    } else {
        let server = Server::start(SERVER).expect("a server");
        compare(&server.url, plan);
        grow(&server.url, &arguments);
    }
}

fn compare(server: &str, plan: Plan) {
    let runtime = runtime();
    let mut criterion = Criterion::default();
    println!("{:<50}{:>12}{:>12}{:>8}", "", HandWritten::NAME, Bizkithub::NAME, "ratio");
    for call in Call::ALL {
        let hand_written = HandWritten::new(server, call);
        let bizkithub = Bizkithub::new(server, call);
        let allocations = [allocations(&runtime, &hand_written), allocations(&runtime, &bizkithub)];
        row(call, "allocations", allocations.map(|(count, _)| count));
        row(call, "bytes allocated", allocations.map(|(_, bytes)| bytes));
        for callers in [1, 64] {
            let mut group = criterion.benchmark_group(format!("{}, {callers}", call.name()));
            group.sampling_mode(SamplingMode::Flat).sample_size(SAMPLES);
            group.warm_up_time(plan.warm_up).measurement_time(plan.measure);
            let rounds: Vec<[Measured; 2]> = (1..=ROUNDS)
                .map(|number| {
                    round(&mut group, number, &runtime, &hand_written, &bizkithub, callers)
                })
                .collect();
            group.finish();
            let of = |figure: fn(&Measured) -> f64| {
                [0, 1].map(|who| median(rounds.iter().map(|round| figure(&round[who])).collect()))
            };
            let figures = of(|measured| measured.calls_per_second);
            row(call, &format!("calls per second, {callers}"), figures);
            let figures = of(|measured| measured.p99.as_secs_f64() * 1e6);
            row(call, &format!("p99 in µs, {callers}"), figures);
        }
    }
}

/// Criterion times each contestant, and also reports the confidence of the figure and the change since the last run. After
/// each sample of one, the other makes as many calls, so that other load on the machine affects both: with seconds between
/// them, their ratio varied by more than the differences to be shown.
fn round(
    group: &mut BenchmarkGroup<'_, WallTime>,
    number: usize,
    runtime: &Runtime,
    hand_written: &HandWritten,
    bizkithub: &Bizkithub,
    callers: usize,
) -> [Measured; 2] {
    let mut timings = [Timings::new(), Timings::new()];
    let mut sample = |calls| {
        let first = timings[0].calls(runtime, hand_written, callers, calls);
        [first, timings[1].calls(runtime, bizkithub, callers, calls)]
    };
    for (who, name) in [HandWritten::NAME, Bizkithub::NAME].into_iter().enumerate() {
        group.bench_function(format!("{name}, round {number}"), |bencher| {
            bencher.iter_custom(|calls| sample(calls)[who]);
        });
    }
    timings.map(|timings| timings.measured())
}

fn row(call: Call, figure: &str, [hand_written, bizkithub]: [f64; 2]) {
    let name = format!("{}: {figure}", call.name());
    println!("{name:<50}{hand_written:>12.1}{bizkithub:>12.1}{:>8.3}", bizkithub / hand_written);
}

fn grow(server: &str, arguments: &[String]) {
    println!(
        "\n{:<12}{:>8}{:>8}{:>12}{:>12}{:>10}",
        "", "callers", "KiB", "calls/s", "p99 µs", "MiB"
    );
    let series = |points: &[(usize, usize)]| {
        [HandWritten::NAME, Bizkithub::NAME].map(|name| {
            points
                .iter()
                .map(|&(callers, kib)| {
                    let point = point(server, name, callers, kib, arguments);
                    println!(
                        "{name:<12}{callers:>8}{kib:>8}{:>12.0}{:>12.0}{:>10.1}",
                        point.measured.calls_per_second,
                        point.measured.p99.as_secs_f64() * 1e6,
                        point.resident_mib
                    );
                    point
                })
                .collect::<Vec<_>>()
        })
    };
    let by_callers = series(&CALLERS.map(|callers| (callers, 1)));
    let by_body = series(&BODIES.map(|kib| (1, kib)));

    let smoke = arguments.iter().any(|argument| argument == SMOKE);
    let folder = if smoke { "target" } else { "docs" };
    let file = format!("{}/../{folder}/performance.svg", env!("CARGO_MANIFEST_DIR"));
    plot::draw(&file, &CALLERS, &by_callers, &BODIES, &by_body).expect("a plot");
    println!("\n{file}");
}

/// Runs [`measure_a_point`] in a process of its own.
fn point(server: &str, name: &str, callers: usize, kib: usize, arguments: &[String]) -> Point {
    let output = Command::new(env::current_exe().expect("this program"))
        .args(arguments)
        .args([POINT, server, name, &callers.to_string(), &kib.to_string()])
        .output()
        .expect("this program, once more");
    let text = String::from_utf8_lossy(&output.stdout);
    let figures: Vec<f64> =
        text.split_whitespace().filter_map(|figure| figure.parse().ok()).collect();
    let [calls_per_second, p99, resident_mib] = figures[..] else {
        panic!("no figures: {text} {}", String::from_utf8_lossy(&output.stderr));
    };
    Point {
        measured: Measured { calls_per_second, p99: Duration::from_secs_f64(p99) },
        resident_mib,
    }
}

fn measure_a_point(arguments: &[String], plan: Plan) {
    let [server, name, callers, kib] = arguments else {
        panic!("{POINT} takes server, contestant, callers and KiB, not {arguments:?}");
    };
    let kib: usize = kib.parse().expect("KiB");
    let callers: usize = callers.parse().expect("callers");
    let call = match kib {
        0 => Call::RegisterAccountMinimal,
        _ => Call::RegisterAccount { bytes: kib * 1024 },
    };
    let measured = if name == HandWritten::NAME {
        measure(&runtime(), &HandWritten::new(server, call), callers, plan)
    } else {
        measure(&runtime(), &Bizkithub::new(server, call), callers, plan)
    };
    println!("{} {} {}", measured.calls_per_second, measured.p99.as_secs_f64(), resident_mib());
}

/// The peak resident memory of this process; `NaN` outside Linux.
fn resident_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kib.map_or(f64::NAN, |kib| kib / 1024.0)
}

/// One thread: the rate shows the cost of a call, and the server has the other core to itself.
fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Allocations and bytes per call, once the connection is open and its buffers have grown.
fn allocations(runtime: &Runtime, contestant: &impl Contestant) -> (f64, f64) {
    const CALLS: usize = 1000;
    runtime.block_on(async {
        for _ in 0..100 {
            contestant.call().await;
        }
        let region = Region::new(ALLOCATOR);
        for _ in 0..CALLS {
            contestant.call().await;
        }
        let change = region.change();
        let count = change.allocations + change.reallocations;
        (count as f64 / CALLS as f64, change.bytes_allocated as f64 / CALLS as f64)
    })
}

fn measure(
    runtime: &Runtime,
    contestant: &impl Contestant,
    callers: usize,
    plan: Plan,
) -> Measured {
    let for_about = |time: Duration| {
        let mut timings = Timings::new();
        while timings.elapsed < time {
            timings.calls(runtime, contestant, callers, 20 * callers as u64);
        }
        timings.measured()
    };
    for_about(plan.warm_up);
    for_about(plan.measure)
}

/// The calls timed so far.
struct Timings {
    latencies: Histogram<u64>,
    elapsed: Duration,
}

impl Timings {
    fn new() -> Self {
        let latencies = Histogram::new_with_bounds(1_000, 60_000_000_000, 3)
            .expect("a microsecond to a minute");
        Self { latencies, elapsed: Duration::ZERO }
    }

    /// Makes that many calls, shared by the callers, and returns how long they took together.
    fn calls<C: Contestant>(
        &mut self,
        runtime: &Runtime,
        contestant: &C,
        callers: usize,
        calls: u64,
    ) -> Duration {
        let tasks = LocalSet::new();
        let left = Rc::new(Cell::new(calls));
        let started = Instant::now();
        let callers: Vec<_> = (0..callers)
            .map(|_| {
                let (contestant, left) = (contestant.clone(), left.clone());
                tasks.spawn_local(async move {
                    let mut latencies = Vec::new();
                    while let Some(others) = left.get().checked_sub(1) {
                        left.set(others);
                        let began = Instant::now();
                        contestant.call().await;
                        latencies.push(began.elapsed());
                    }
                    latencies
                })
            })
            .collect();
        let latencies = runtime.block_on(tasks.run_until(async {
            let mut latencies = Vec::new();
            for caller in callers {
                latencies.extend(caller.await.expect("calls that succeed"));
            }
            latencies
        }));
        let elapsed = started.elapsed();
        self.elapsed += elapsed;
        for latency in latencies {
            self.latencies.saturating_record(latency.as_nanos() as u64);
        }
        elapsed
    }

    fn measured(&self) -> Measured {
        Measured {
            calls_per_second: self.latencies.len() as f64 / self.elapsed.as_secs_f64(),
            p99: Duration::from_nanos(self.latencies.value_at_quantile(0.99)),
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
