//! Where the voxels of a volume lie in the patient.

use coxa_geometry::Point;
use coxa_geometry::frame::{Frame, Patient, Voxel};
use nalgebra::{Matrix3, Point3, Vector3};
use serde::{Deserialize, Serialize};

/// A regular voxel grid: voxel (i, j, k), counted from 0, has its centre at `origin + step * (i, j, k)`.
/// In the patient, or where a hip is seen as a right one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Grid<F: Frame = Patient> {
    /// Number of voxels along i, j and k.
    pub dims: [usize; 3],
    /// Centre of voxel (0, 0, 0).
    pub origin: Point<F>,
    /// Columns are the steps in millimetres along i, j and k. Orthogonal, of either
    /// handedness.
    pub step: Matrix3<f64>,
}

impl<F: Frame> Grid<F> {
    /// A grid along the patient axes: +i left, +j posterior, +k to the head.
    pub fn axis_aligned(dims: [usize; 3], origin: Point<F>, spacing_mm: [f64; 3]) -> Self {
        Grid { dims, origin, step: Matrix3::from_diagonal(&Vector3::from(spacing_mm)) }
    }

    /// Distance between neighbouring voxel centres along i, j and k, in millimetres.
    pub fn spacing_mm(&self) -> [f64; 3] {
        std::array::from_fn(|axis| self.step.column(axis).norm())
    }

    /// Number of voxels.
    pub fn len(&self) -> usize {
        self.dims.iter().product()
    }

    /// Whether there is no voxel.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Volume of one voxel in mm³.
    pub fn voxel_volume_mm3(&self) -> f64 {
        self.step.determinant().abs()
    }

    /// Lowest and highest coordinates of the box of voxel centres, made larger by so many voxels at every side: 0.5 for the faces of
    /// the outermost voxels.
    pub fn bounds(&self, beyond_voxels: f64) -> [Point<F>; 2] {
        let (mut low, mut high) = (Point3::from([f64::INFINITY; 3]), Point3::from([f64::NEG_INFINITY; 3]));
        for corner in 0..8usize {
            let index: [f64; 3] = std::array::from_fn(|axis| match corner >> axis & 1 {
                1 => self.dims[axis] as f64 - 1.0 + beyond_voxels,
                _ => -beyond_voxels,
            });
            let at = self.to_patient(Point::from_coords(index.into())).coords();
            (low, high) = (low.inf(&at), high.sup(&at));
        }
        [low, high].map(Point::from_coords)
    }

    /// Indices (k, j, i) into the array of the voxels whose centres are within a sphere.
    pub fn voxels_near(
        &self,
        centre: Point<F>,
        radius_mm: f64,
    ) -> impl Iterator<Item = (usize, usize, usize)> + '_ {
        let (middle, spacing) = (self.to_voxel(centre).coords(), self.spacing_mm());
        let range = |axis: usize| {
            let reach = radius_mm / spacing[axis];
            let low = (middle[axis] - reach).floor().max(0.0) as usize;
            let high = (middle[axis] + reach).ceil().max(0.0) as usize + 1;
            low.min(self.dims[axis])..high.min(self.dims[axis])
        };
        let [i, j, k] = [0, 1, 2].map(range);
        let all = k.flat_map(move |k| {
            let i = i.clone();
            j.clone().flat_map(move |j| i.clone().map(move |i| (k, j, i)))
        });
        let place = |(k, j, i): (usize, usize, usize)| Point::new(i as f64, j as f64, k as f64);
        all.filter(move |&index| self.to_patient(place(index)).distance(centre) <= radius_mm)
    }

    /// Voxel indices (fractional allowed) to the grid's frame: the patient's, but for a hip that is seen as a right one.
    pub fn to_patient(&self, index: Point<Voxel>) -> Point<F> {
        Point::from_coords(self.origin.coords() + self.step * index.coords().coords)
    }

    /// The grid's frame to fractional voxel indices.
    pub fn to_voxel(&self, point: Point<F>) -> Point<Voxel> {
        let offset = point.coords() - self.origin.coords();
        // The columns are orthogonal, so the inverse is the transpose over the squared lengths.
        Point::from_coords(
            std::array::from_fn(|axis| {
                let column = self.step.column(axis);
                column.dot(&offset) / column.norm_squared()
            })
            .into(),
        )
    }

    /// The grid with its origin rounded to a micrometre and its steps to a millionth of a millimetre.
    ///
    /// Formats keep these numbers to different digits (NIfTI 24 bits, DICOM 16 characters); rounded, the same CT has the
    /// same grid whichever it was read from. Over 2048 voxels the steps' rounding adds up to a micrometre.
    #[must_use]
    pub fn rounded(&self) -> Self {
        // Dividing by a whole number gives the double nearest to the decimal; adding zero makes a negative zero positive.
        let to = |value: f64, parts_per_mm: f64| (value * parts_per_mm).round() / parts_per_mm + 0.0;
        Grid {
            dims: self.dims,
            origin: Point::from_coords(self.origin.coords().map(|mm| to(mm, 1e3))),
            step: self.step.map(|mm| to(mm, 1e6)),
        }
    }

    /// Whether two grids place every voxel within `tolerance_mm` of each other.
    pub fn matches(&self, other: &Self, tolerance_mm: f64) -> bool {
        let last =
            |g: &Self| g.to_patient(Point::from_coords(g.dims.map(|n| n.saturating_sub(1) as f64).into()));
        self.dims == other.dims
            && self.origin.distance(other.origin) <= tolerance_mm
            && last(self).distance(last(other)) <= tolerance_mm
            && (self.step - other.step).norm() <= tolerance_mm
    }
}
