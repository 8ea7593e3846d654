//! Several readers of the same cases: does a method, or a module, change how well disease is found?

mod clustered;
mod crossed;
mod figures;
mod inference;
mod marks;
mod pseudovalues;
mod uncrossed;

pub use clustered::{clustered_area, compare_clustered_areas};
pub use crossed::{Covariances, ReaderStudy};
pub use figures::{FigureStudy, MethodEstimate, ModuleComparison};
pub use inference::{Components, Inference, MethodTest};
pub use marks::{MarkFigure, MarkStudy, Marks};
pub use uncrossed::{UncrossedEstimate, UncrossedStudy};
