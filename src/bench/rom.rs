//! Contact of surfaces: set-up, single poses and the whole map.

use super::{BenchReport, rom_growth};
use crate::verify::workload::Workload;
use anyhow::Result;
use coxa_geometry::frame::Gravity;
use coxa_rom::contact::ContactModel;
use coxa_rom::map::{MapOptions, Pair, RomMap};
use std::path::Path;
use std::time::Instant;

/// Set-ups and maps measured; the median counts.
const REPEATS: usize = 5;

/// Measures on a folder as for `coxa verify rom-workload`. In every pose both pairs are answered exactly.
pub fn run(folder: &Path) -> Result<BenchReport> {
    let workload = Workload::read(folder)?;
    let triangles: usize = workload.pairs.iter().map(|pair| pair.triangles()).sum();
    let of = format!("{} poses, 2 pairs with {triangles} triangles", workload.poses.len());
    let mut report = BenchReport::new("rom", of);

    let set_up =
        || -> Result<Vec<ContactModel<Gravity>>> { workload.pairs.iter().map(|pair| pair.model()).collect() };
    let (setup_seconds, models) = median(set_up)?;
    let rotations: Vec<_> = workload.poses.iter().map(|pose| pose.angles.rotation()).collect();
    let per_second = || {
        let seconds = rom_growth::per_round(|| {
            for model in &models {
                std::hint::black_box(model.are_free(&rotations));
            }
        });
        rotations.len() as f64 / seconds
    };
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    report.push("poses_per_second_one_thread", one_thread.install(per_second));
    report.push("poses_per_second_all_threads", per_second());
    let peer = workload.pairs.iter().map(|pair| Ok(1.0 / rom_growth::peer(pair, &rotations)?));
    report.push("parry3d_poses_per_second_one_thread", 1.0 / peer.sum::<Result<f64>>()?);
    report.push("setup_seconds", setup_seconds);

    let (map_seconds, map) = median(|| {
        let models = set_up()?;
        Ok(RomMap::new(
            &models.iter().map(Pair::Surfaces).collect::<Vec<_>>(),
            MapOptions::default(),
            &|_| {},
        )?)
    })?;
    report.push("map_seconds", map_seconds);
    let (free, stopped) = map.census(models.len());
    report.push("map_cells", (free + stopped.iter().sum::<usize>()) as f64);
    report.push("map_free_share", map.free_fraction());
    rom_growth::growth(&mut report, &workload.pairs[0], &rotations)?;
    Ok(report)
}

/// Median of the wall times, and the last result.
fn median<T>(mut work: impl FnMut() -> Result<T>) -> Result<(f64, T)> {
    let mut timed = || -> Result<(f64, T)> {
        let start = Instant::now();
        let done = work()?;
        Ok((start.elapsed().as_secs_f64(), done))
    };
    let mut last = timed()?;
    let mut seconds = vec![last.0];
    for _ in 1..REPEATS {
        last = timed()?;
        seconds.push(last.0);
    }
    seconds.sort_by(f64::total_cmp);
    Ok((seconds[seconds.len() / 2], last.1))
}
