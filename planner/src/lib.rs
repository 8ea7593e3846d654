#![doc = include_str!("../README.md")]

pub mod adjust;
pub mod document;
pub mod implants;
mod lines;
pub mod loads;
pub mod optimise;
pub mod panels;
mod percentiles;
pub mod pictures;
pub mod placed;
pub mod placement;
pub mod plan;
pub mod planned;
pub mod report;
pub mod simulate;

pub use lines::FormMistake;
pub use plan::{CupPlan, HeadPlan, LinerPlan, Plan, ScrewPlan, StemPlan, Targets};
pub use planned::{MotionSpread, Planned, Sketch};
pub use simulate::{Simulated, Simulation, SimulationOptions};
