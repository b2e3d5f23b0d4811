use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::MetricType,
    registry::Unit,
};

use super::{ProgressReport, gauges::Gauges};
use crate::{engines::Engines, grpc::Readiness};

/// As the kernel counts.
const BYTES_IN_A_KILOBYTE: u64 = 1_024;

/// What is looked up when somebody asks.
pub(crate) struct State {
    pub(crate) readiness: Readiness,
    pub(crate) progress: ProgressReport,
    pub(crate) engines: Arc<RwLock<Engines>>,
    pub(crate) index_folder: PathBuf,
}

impl fmt::Debug for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("State").finish_non_exhaustive()
    }
}

impl Collector for State {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut gauges = Gauges(&mut encoder);
        self.write_serving(&mut gauges)?;
        self.write_progress(&mut gauges)?;
        self.write_sizes(&mut gauges)?;
        self.progress.changes.encode(encoder.encode_descriptor(
            "heavy_computation_changes",
            "Changes applied since the start",
            None,
            MetricType::Counter,
        )?)?;
        self.progress.rebuilds.encode(encoder.encode_descriptor(
            "heavy_computation_rebuilds",
            "Indexes built anew since the start",
            None,
            MetricType::Counter,
        )?)
    }
}

impl State {
    fn write_serving(&self, gauges: &mut Gauges<'_, '_>) -> fmt::Result {
        let serving = self.readiness.of_each();
        let of_each = serving.map(|(operation, is_ready)| (operation, u64::from(is_ready)));
        gauges.write_each(
            "heavy_computation_serving",
            "Whether the operation has caught up, and answers",
            None,
            "operation",
            &of_each,
        )
    }

    fn write_progress(&self, gauges: &mut Gauges<'_, '_>) -> fmt::Result {
        let Some(progress) = self.progress.last() else {
            return Ok(());
        };
        gauges.write(
            "heavy_computation_lag_positions",
            "Transactions of Postgres that cannot be seen here yet",
            None,
            progress.positions_behind,
        )?;
        gauges.write(
            "heavy_computation_lag",
            "How old an answer may be",
            Some(&Unit::Seconds),
            progress.lag().as_secs_f64(),
        )
    }

    fn write_sizes(&self, gauges: &mut Gauges<'_, '_>) -> fmt::Result {
        let (posts, memory) = {
            let engines = self.engines.read().unwrap_or_else(PoisonError::into_inner);
            (engines.store.len(), engines.bytes())
        };
        gauges.write("heavy_computation_posts", "Posts in memory", None, size(posts))?;
        gauges.write_each(
            "heavy_computation_memory",
            "Memory that an engine takes",
            Some(&Unit::Bytes),
            "engine",
            &memory.map(|(engine, bytes)| (engine, size(bytes))),
        )?;
        // A folder in which files come and go is not always there to be read.
        let on_disk = bytes_in(&self.index_folder).unwrap_or_default();
        let about = "What the folder of the index holds";
        gauges.write("heavy_computation_index", about, Some(&Unit::Bytes), on_disk)?;
        match resident_bytes() {
            Some(bytes) => {
                let about = "Memory of the process";
                gauges.write("process_resident_memory", about, Some(&Unit::Bytes), bytes)
            }
            None => Ok(()),
        }
    }
}

/// None where there is no `/proc`.
fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = kilobytes.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kilobytes * BYTES_IN_A_KILOBYTE)
}

fn size(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn bytes_in(folder: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        bytes += match entry.metadata() {
            Ok(found) if found.is_dir() => bytes_in(&entry.path()).unwrap_or_default(),
            Ok(found) => found.len(),
            // Gone since it was listed.
            Err(_) => 0,
        };
    }
    Ok(bytes)
}
