//! Reads a model of OpenSim and lists the muscles with their lengths in its default posture.
//!
//!     cargo run --example read_osim -- gait2392.osim
//!
//! Without a path it takes the leg that ships with Coxa, written as OpenSim writes models.

use coxa_muscle::{Paths, Posture, Skeleton, Workspace, leg, osim};

fn main() -> anyhow::Result<()> {
    let text = match std::env::args_os().nth(1) {
        Some(path) => std::fs::read_to_string(path)?,
        None => osim::write(leg::generic()),
    };
    let model = osim::read(&text)?;
    let skeleton = Skeleton::new(&model)?;
    let paths = Paths::new(&model, &skeleton)?;
    let (mut posture, mut workspace) = (Posture::default(), Workspace::default());
    let mut coordinates = skeleton.defaults().to_vec();
    skeleton.couple(&mut coordinates);
    skeleton.place(&coordinates, &mut posture);
    let all: Vec<usize> = (0..paths.names().count()).collect();
    paths.lengths(&all, &coordinates, &posture, &mut workspace);
    for (name, length_m) in paths.names().zip(workspace.lengths()) {
        println!("{name:24} {:7.1} mm", 1000.0 * length_m);
    }
    Ok(())
}
