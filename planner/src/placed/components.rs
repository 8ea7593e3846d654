//! What is implanted: the names by which plans and designs call components, and the catalogue's parts behind them.

use crate::implants::{
    Catalogue, CatalogueError, CupFamily, DEFAULT_TOLERANCE_MM, Head, Liner, Neck, NeckOffset, Screw,
    ScrewHole, StemFamily, StemSize, Taper, list,
};
use crate::plan::{Plan, ScrewPlan};
use coxa_geometry::frame::{Cup, Stem};
use coxa_geometry::{Angle, Mesh, Transform};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The components of a plan or a design, by their names in the catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComponentNames {
    /// Shell family.
    pub cup_family: String,
    /// Outer diameter of the shell.
    pub cup_size_mm: f64,
    /// Kind of liner.
    pub liner: String,
    /// Direction of the liner's lip, from superior towards anterior; lipped liners only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lip_direction_deg: Option<Angle>,
    /// Diameter of the head.
    pub head_mm: f64,
    /// Head offset along the neck.
    pub head_offset_mm: f64,
    /// Stem family.
    pub stem_family: String,
    /// Size within the family.
    pub stem_size: u32,
    /// Neck-shaft angle.
    pub neck_shaft_deg: Angle,
    /// `standard` or `high`.
    pub neck_offset: String,
}

impl From<&Plan> for ComponentNames {
    /// All but the screws, which belong to the holes of one shell.
    fn from(plan: &Plan) -> Self {
        ComponentNames {
            cup_family: plan.cup.family.clone(),
            cup_size_mm: plan.cup.size_mm,
            liner: plan.liner.kind.clone(),
            lip_direction_deg: plan.liner.lip_direction_deg,
            head_mm: plan.head.diameter_mm,
            head_offset_mm: plan.head.offset_mm,
            stem_family: plan.stem.family.clone(),
            stem_size: plan.stem.size,
            neck_shaft_deg: plan.stem.neck_shaft_deg,
            neck_offset: plan.stem.offset.clone(),
        }
    }
}

/// A component that cannot be implanted.
#[derive(Debug, thiserror::Error)]
pub enum ComponentError {
    /// The catalogue does not have it.
    #[error("{reason}")]
    Unknown {
        /// Where a plan names it: `cup.family`, `cup.screws.0.hole`.
        field: String,
        /// What was asked for, and what there is.
        reason: CatalogueError,
    },
    /// A head that does not fit.
    #[error("a head of {head_mm} mm is too large for the {liner} liner in a shell of {size_mm} mm")]
    Head {
        /// Its diameter.
        head_mm: f64,
        /// Kind of the liner.
        liner: String,
        /// Diameter of the shell.
        size_mm: f64,
        /// Diameters of those that fit.
        fitting: String,
    },
}

/// The catalogue's parts of a plan or a design. They are shared with the catalogue, so that a copy costs nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Components {
    /// Shell family.
    pub cup: Arc<CupFamily>,
    /// Outer diameter of the shell.
    pub cup_size_mm: f64,
    /// The liner.
    pub liner: Arc<Liner>,
    /// Direction of the liner's lip, from superior towards anterior.
    pub lip_direction: Option<Angle>,
    /// The head.
    pub head: Arc<Head>,
    /// Head offset along the neck.
    pub head_offset_mm: f64,
    /// Stem family.
    pub stem: Arc<StemFamily>,
    /// Size of the stem.
    pub size: StemSize,
    /// Taper between stem and head.
    pub taper: Arc<Taper>,
    /// Neck-shaft angle of the stem.
    pub neck_shaft: Angle,
    /// Lateralisation of the neck.
    pub offset: NeckOffset,
    /// The neck that these give the stem.
    pub neck: Neck,
    /// The family of the screws.
    pub screw: Arc<Screw>,
    /// Screws through the shell.
    pub screws: Vec<ShellScrew>,
}

/// A screw in a hole of the shell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShellScrew {
    /// Number of the hole, counted from 1.
    pub number: u32,
    /// The hole.
    pub hole: ScrewHole,
    /// From under the head to the tip.
    pub length_mm: f64,
}

impl Components {
    /// Those of a plan, with its screws.
    ///
    /// # Errors
    /// The first that the catalogue does not have, a head that does not fit liner and shell.
    pub fn of_plan(plan: &Plan, catalogue: &Catalogue) -> Result<Self, ComponentError> {
        Self::new(&plan.into(), &plan.cup.screws, catalogue)
    }

    /// Those of these names, with screws.
    ///
    /// # Errors
    /// As [`Components::of_plan`].
    pub fn new(
        names: &ComponentNames,
        screws: &[ScrewPlan],
        catalogue: &Catalogue,
    ) -> Result<Self, ComponentError> {
        let at = |field: &'static str| move |reason| ComponentError::Unknown { field: field.into(), reason };
        catalogue.cup(&names.cup_family).map_err(at("cup.family"))?;
        let cup = catalogue.cup_of_size(&names.cup_family, names.cup_size_mm).map_err(at("cup.size_mm"))?;
        let screws = placed_screws(screws, cup, &catalogue.screw)?;
        let liner = catalogue.liner(&names.liner).map_err(at("liner.kind"))?;
        let head = catalogue.head(names.head_mm).map_err(at("head.diameter_mm"))?;
        if !cup.takes(names.cup_size_mm, liner, head) {
            let fitting = catalogue.heads_for(cup, names.cup_size_mm, liner);
            return Err(ComponentError::Head {
                head_mm: head.diameter_mm,
                liner: liner.kind.clone(),
                size_mm: names.cup_size_mm,
                fitting: list(fitting.iter().map(|h| h.diameter_mm)),
            });
        }
        let head_offset_mm = head.offset(names.head_offset_mm).map_err(at("head.offset_mm"))?;
        let stem = catalogue.stem(&names.stem_family).map_err(at("stem.family"))?;
        let size = stem.size(names.stem_size).map_err(at("stem.size"))?.clone();
        let neck_shaft = stem.neck_shaft_angle(names.neck_shaft_deg).map_err(at("stem.neck_shaft_deg"))?;
        let offset = stem.offset(&names.neck_offset).map_err(at("stem.offset"))?;
        let taper = catalogue.taper(&stem.taper).map_err(at("stem.family"))?;
        Ok(Components {
            cup: cup.clone(),
            cup_size_mm: names.cup_size_mm,
            liner: liner.clone(),
            lip_direction: names.lip_direction_deg,
            head: head.clone(),
            head_offset_mm,
            neck: stem.neck(&size, neck_shaft, offset),
            stem: stem.clone(),
            size,
            taper: taper.clone(),
            neck_shaft,
            offset,
            screw: catalogue.screw.clone(),
            screws,
        })
    }

    /// Azimuth of the middle of the lip about the cup axis, from +X towards +Y of the cup frame. Directions of a lip run from
    /// superior (+Y) towards anterior (+X).
    pub fn lip_azimuth(&self) -> Angle {
        Angle::from_degrees(90.0) - self.lip_direction.unwrap_or_default()
    }

    /// Turns the liner's own surface, whose lip has its middle at +X, to the direction of the lip.
    pub fn lip_turn(&self) -> Transform<Cup, Cup> {
        let about_axis = nalgebra::Vector3::z() * self.lip_azimuth().radians();
        Transform::from_isometry(nalgebra::Isometry3::rotation(about_axis))
    }

    /// Diameter of the sphere that articulates with the liner.
    pub fn bearing_diameter_mm(&self) -> f64 {
        self.cup.bearing_diameter_mm(self.cup_size_mm, &self.liner, self.head.diameter_mm)
    }

    /// The shell, about the centre of the bore.
    pub fn shell_mesh(&self) -> Mesh<Cup> {
        self.cup.shell_mesh(self.cup_size_mm, self.liner.offset_mm, DEFAULT_TOLERANCE_MM)
    }

    /// The liner before [`Components::lip_turn`]; `None` where its wall would have no thickness.
    pub fn liner_mesh(&self) -> Option<Mesh<Cup>> {
        self.liner.mesh(&self.cup, self.cup_size_mm, self.head.diameter_mm, DEFAULT_TOLERANCE_MM)
    }

    /// The bearing that moves in a dual mobility liner.
    pub fn mobile_bearing_mesh(&self) -> Option<Mesh<Cup>> {
        let (cup, head_mm) = (&self.cup, self.head.diameter_mm);
        self.liner.mobile_bearing_mesh(cup, self.cup_size_mm, head_mm, DEFAULT_TOLERANCE_MM)
    }

    /// The stem.
    pub fn stem_mesh(&self) -> Mesh<Stem> {
        self.stem.mesh(&self.size, self.neck_shaft, self.offset, &self.taper, DEFAULT_TOLERANCE_MM)
    }
}

fn placed_screws(
    screws: &[ScrewPlan],
    cup: &CupFamily,
    screw: &Screw,
) -> Result<Vec<ShellScrew>, ComponentError> {
    let placed = screws.iter().enumerate().map(|(index, planned)| {
        let at = |name: &'static str| {
            move |reason| ComponentError::Unknown { field: format!("cup.screws.{index}.{name}"), reason }
        };
        let hole = *cup.hole(planned.hole).map_err(at("hole"))?;
        let length_mm = screw.length(planned.length_mm).map_err(at("length_mm"))?;
        Ok(ShellScrew { number: planned.hole, hole, length_mm })
    });
    placed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::PlanOptions;
    use crate::placement::synthetic::Case;

    #[test]
    fn a_name_that_the_catalogue_does_not_have_is_told_with_its_field_and_what_there_is() {
        let catalogue = Catalogue::builtin();
        let plan = Case::right().plan(PlanOptions::default()).sketch.plan;
        let names = ComponentNames::from(&plan);
        let refused = |edit: &dyn Fn(&mut ComponentNames)| {
            let mut names = names.clone();
            edit(&mut names);
            match Components::new(&names, &[], &catalogue) {
                Err(ComponentError::Unknown { field, reason }) => (field, reason.to_string()),
                other => panic!("{other:?}"),
            }
        };
        let (field, text) = refused(&|names| names.stem_family = "tapred_wedge".into());
        assert!(field == "stem.family" && text.contains("tapered_wedge"), "{field}: {text}");
        let (field, _) = refused(&|names| names.cup_size_mm = 53.0);
        assert_eq!(field, "cup.size_mm");
        let (field, _) = refused(&|names| names.head_offset_mm = 1.0);
        assert_eq!(field, "head.offset_mm");
        let screw = ScrewPlan { hole: 99, length_mm: 30.0 };
        let error = Components::new(&names, &[screw], &catalogue).unwrap_err();
        assert!(matches!(error, ComponentError::Unknown { field, .. } if field == "cup.screws.0.hole"));
        let large = ComponentNames { head_mm: 40.0, cup_size_mm: 44.0, head_offset_mm: 0.0, ..names };
        assert!(matches!(Components::new(&large, &[], &catalogue), Err(ComponentError::Head { .. })));
    }
}
