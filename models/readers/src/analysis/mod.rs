//! What the readings say: areas, tests of methods, agreement, time, and the report.

mod agreement;
mod areas;
mod collect;
mod data;
mod designs;
mod imported;
mod marks;
mod operating;
mod report;
mod result;
mod svg;
mod time;

pub use agreement::{Agreement, OfClasses, PairAgreement};
pub use areas::{AreaOf, Areas, MethodComparison, TestOf, Tests};
pub use collect::{from_study, from_table};
pub use data::{Data, RatingRow, Truth};
pub use designs::{ModuleOf, UncrossedOf};
pub use imported::{with_marks, with_module};
pub use marks::{FigureOf, MarksFound};
pub use operating::{Fractions, Operating};
pub use report::html;
pub use result::{Analysis, analyse};
pub use time::{ReaderTime, TimeRatio, Times};
