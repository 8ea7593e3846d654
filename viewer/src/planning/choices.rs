//! Parts of the catalogue that a component may be exchanged for.

use crate::session::Edit;
use coxa_geometry::Angle;
use coxa_planner::Plan;
use coxa_planner::adjust::PartChange;
use coxa_planner::implants::Catalogue;

/// One part there is, or one size of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What a list calls it.
    pub title: String,
    /// What makes it the plan's.
    pub edit: Edit,
    /// Whether the plan has it.
    pub is_chosen: bool,
}

/// What there is to choose of one thing, in the order of the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct Choices {
    /// `Size`, `Family`.
    pub title: &'static str,
    /// What there is.
    pub choices: Vec<Choice>,
}

impl Choices {
    fn new<T>(
        title: &'static str,
        there: impl IntoIterator<Item = T>,
        name: impl Fn(&T) -> String,
        is_chosen: impl Fn(&T) -> bool,
        change: impl Fn(&T) -> PartChange,
    ) -> Self {
        let choice = |part: T| Choice {
            title: name(&part),
            is_chosen: is_chosen(&part),
            edit: Edit::Exchange(change(&part)),
        };
        Choices { title, choices: there.into_iter().map(choice).collect() }
    }

    /// Where in the list the plan is; `None` where the catalogue has changed.
    pub fn chosen(&self) -> Option<usize> {
        self.choices.iter().position(|choice| choice.is_chosen)
    }

    /// Of shell and liner.
    pub fn of_cup(plan: &Plan, catalogue: &Catalogue) -> Vec<Choices> {
        let cup = |family: &str, size_mm: f64| PartChange::Cup { family: family.into(), size_mm };
        let near = |sizes: &[f64]| nearest(sizes, plan.cup.size_mm);
        let family = catalogue.cups.iter().find(|family| family.name == plan.cup.family);
        vec![
            Choices::new(
                "Shell",
                &catalogue.cups,
                |family| words(&family.name),
                |family| family.name == plan.cup.family,
                |family| cup(&family.name, near(&family.sizes_mm)),
            ),
            Choices::new(
                "Size",
                family.into_iter().flat_map(|family| family.sizes_mm.iter().copied()),
                |size| format!("{size:.0} mm"),
                |size| same(*size, plan.cup.size_mm),
                |size| cup(&plan.cup.family, *size),
            ),
            Choices::new(
                "Liner",
                &catalogue.liners,
                |liner| words(&liner.kind),
                |liner| liner.kind == plan.liner.kind,
                |liner| PartChange::Liner { kind: liner.kind.clone(), lip_direction_deg: None },
            ),
        ]
    }

    /// Of stem and head.
    pub fn of_stem(plan: &Plan, catalogue: &Catalogue) -> Vec<Choices> {
        let own = &plan.stem;
        let stem = |family: &str, size: u32, neck_shaft_deg: Angle, offset: &str| PartChange::Stem {
            family: family.into(),
            size,
            neck_shaft_deg,
            offset: offset.into(),
        };
        let family = catalogue.stems.iter().find(|family| family.name == own.family);
        let head = |diameter_mm: f64, offset_mm: f64| PartChange::Head { diameter_mm, offset_mm };
        let heads = family_of_heads(plan, catalogue);
        let own_head = catalogue.heads.iter().find(|h| same(h.diameter_mm, plan.head.diameter_mm));
        vec![
            Choices::new(
                "Stem",
                &catalogue.stems,
                |family| words(&family.name),
                |family| family.name == own.family,
                |family| stem(&family.name, own.size, own.neck_shaft_deg, &own.offset),
            ),
            Choices::new(
                "Size",
                family.into_iter().flat_map(|family| family.sizes.iter().map(|size| size.size)),
                |size| size.to_string(),
                |size| *size == own.size,
                |size| stem(&own.family, *size, own.neck_shaft_deg, &own.offset),
            ),
            Choices::new(
                "Neck-shaft angle",
                family.into_iter().flat_map(|family| family.neck_shaft.iter().copied()),
                |angle| format!("{:.0}\u{b0}", angle.degrees()),
                |angle| same(angle.degrees(), own.neck_shaft_deg.degrees()),
                |angle| stem(&own.family, own.size, *angle, &own.offset),
            ),
            Choices::new(
                "Offset",
                family.into_iter().flat_map(|family| family.offsets().iter().map(|o| o.name())),
                |name| (*name).to_owned(),
                |name| *name == own.offset,
                |name| stem(&own.family, own.size, own.neck_shaft_deg, name),
            ),
            Choices::new(
                "Head",
                heads,
                |diameter| format!("{diameter:.0} mm"),
                |diameter| same(*diameter, plan.head.diameter_mm),
                |diameter| head(*diameter, plan.head.offset_mm),
            ),
            Choices::new(
                "Head offset",
                own_head.into_iter().flat_map(|head| head.offsets_mm.iter().copied()),
                |offset| format!("{offset:+.1} mm"),
                |offset| same(*offset, plan.head.offset_mm),
                |offset| head(plan.head.diameter_mm, *offset),
            ),
        ]
    }
}

/// Heads that fit shell and liner; all of them where the plan's are not in the catalogue.
fn family_of_heads(plan: &Plan, catalogue: &Catalogue) -> Vec<f64> {
    let parts = catalogue.cup(&plan.cup.family).ok().zip(catalogue.liner(&plan.liner.kind).ok());
    let heads = match parts {
        Some((cup, liner)) => catalogue.heads_for(cup, plan.cup.size_mm, liner),
        None => catalogue.heads.iter().collect(),
    };
    heads.iter().map(|head| head.diameter_mm).collect()
}

fn nearest(sizes: &[f64], wanted: f64) -> f64 {
    let off = |size: &f64| (size - wanted).abs();
    sizes.iter().copied().min_by(|a, b| off(a).total_cmp(&off(b))).unwrap_or(wanted)
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6
}

fn words(name: &str) -> String {
    name.replace('_', " ")
}
