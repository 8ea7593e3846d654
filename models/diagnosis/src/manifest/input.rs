//! What a module looks at.

use coxa_radiomics::Family;
use serde::{Deserialize, Serialize};
use toml::Spanned;

/// Modalities of images (DICOM PS3.3, C.7.3.1.1.1).
const MODALITIES: [&str; 21] = [
    "BMD", "CR", "CT", "DX", "ES", "GM", "IO", "MG", "MR", "NM", "OT", "PT", "PX", "RF", "RG", "RTIMAGE",
    "SM", "US", "XA", "XC", "OP",
];

/// An `[[input]]` as it is written: which fields it has depends on its kind.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InputForm {
    pub(super) id: Spanned<String>,
    pub(super) kind: Kind,
    pub(super) title: Option<String>,
    pub(super) column: Option<String>,
    #[serde(default)]
    pub(super) missing: Missing,
    pub(super) dated: Option<Dated>,
    pub(super) unit: Option<String>,
    pub(super) range: Option<[f64; 2]>,
    pub(super) classes: Option<Vec<String>>,
    pub(super) feature: Option<String>,
    pub(super) image: Option<String>,
    pub(super) mask: Option<String>,
    pub(super) modality: Option<Vec<String>>,
    pub(super) view: Option<String>,
    pub(super) case: Option<String>,
    pub(super) muscle: Option<String>,
    pub(super) muscles: Option<Vec<String>>,
    pub(super) measure: Option<MuscleMeasure>,
    pub(super) side: Option<String>,
}

/// Kinds of input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Number,
    Flag,
    Classes,
    Ordered,
    Feature,
    Image,
    Mask,
    Case,
    Muscle,
}

/// One input.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Name within the module.
    pub id: String,
    /// Title in reports.
    pub title: String,
    /// Column of the table.
    pub column: String,
    /// What a value is.
    pub value: Value,
    /// What a missing value means.
    pub missing: Missing,
    /// Its date, where it may not lie far from the truth.
    pub dated: Option<Dated>,
}

/// The date of a value, and how far from the truth it may be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dated {
    /// Column with the date of the value, as 2024-03-15.
    pub column: String,
    /// Column with the date of the truth.
    pub truth: String,
    /// Least and most days from the value to the truth; negative where the truth may be the earlier.
    pub days: [i64; 2],
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number.
    Number(Numeric),
    /// `yes` or `no`, `1` or `0`, `true` or `false`.
    Flag,
    /// One of several names without order.
    Classes(Vec<String>),
    /// One of several names from least to most.
    Ordered(Vec<String>),
    /// A number that is a feature of an image's region: from the table where it has the column, else computed.
    Feature(FeatureOf, Numeric),
    /// A number that compares a muscle of both sides: from the table where it has the column, else from a case folder.
    Muscle(MuscleOf, Numeric),
    /// A path to a case folder, from the folder of images.
    Case,
    /// A path to an image, from the folder of images.
    Image {
        /// DICOM modalities that it may be of.
        modality: Vec<String>,
        /// View or plane, in words: `AP`, `sagittal`.
        view: Option<String>,
    },
    /// A path to a mask, from the folder of images.
    Mask {
        /// Id of the image.
        of: String,
    },
}

/// Unit and range of a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Numeric {
    /// Its unit; empty where it has none.
    pub unit: String,
    /// Least and most that it can be.
    pub range: [f64; 2],
}

/// A feature of an image's region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureOf {
    /// Id of the image.
    pub image: String,
    /// Id of the mask.
    pub mask: String,
    /// The IBSI's name of the feature.
    pub feature: String,
}

/// A muscle of the affected side over that of the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MuscleOf {
    /// Id of the case folder.
    pub case: String,
    /// Id of the input that names the affected side, of the classes `right` and `left`.
    pub side: String,
    /// Name of the muscle.
    pub muscle: String,
    /// What is compared.
    pub measure: MuscleMeasure,
}

/// What of a muscle is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MuscleMeasure {
    /// Volume of the affected over that of the other side.
    VolumeRatio,
    /// Fat fraction of the affected over that of the other side.
    FatRatio,
}

/// What a missing value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// A case without it is a mistake of the table.
    #[default]
    Refuse,
    /// It is taken as the median of the training cases, and a column says where.
    Indicator,
}

/// Family of a feature by the IBSI's tag, of texture with the suffix of its aggregation (`cm_contrast_3D_avg`); `None` of an unknown one.
pub(crate) fn family_of(feature: &str) -> Option<Family> {
    let is_of =
        |tag: &str| feature == tag || feature.strip_prefix(tag).is_some_and(|rest| rest.starts_with('_'));
    Family::ALL.into_iter().find(|family| family.features().iter().any(|known| is_of(known.tag)))
}

impl Input {
    /// Whether it is a value of the table that models take.
    pub fn is_value(&self) -> bool {
        !matches!(self.value, Value::Image { .. } | Value::Mask { .. } | Value::Case)
    }
}

/// Stands for the name of a muscle in an input of many.
const EACH: &str = "{muscle}";

impl InputForm {
    /// The inputs that it stands for: one, or one for each of its `muscles`.
    pub(super) fn each(self) -> Vec<InputForm> {
        let Some(muscles) = &self.muscles else { return vec![self] };
        let of = |muscle: &String| {
            let named = |text: &String| text.replace(EACH, muscle);
            let words = |text: &String| text.replace(EACH, &muscle.replace('_', " "));
            InputForm {
                id: Spanned::new(self.id.span(), named(self.id.get_ref())),
                title: self.title.as_ref().map(words),
                column: self.column.as_ref().map(named),
                muscle: Some(muscle.clone()),
                muscles: None,
                ..self.clone()
            }
        };
        muscles.iter().map(of).collect()
    }

    /// The input, or everything that is wrong with it.
    pub(super) fn read(self) -> Result<Input, Vec<String>> {
        let mut wrong = Vec::new();
        self.check_fields(&mut wrong);
        let numeric = |wrong: &mut Vec<String>| {
            numeric(self.unit.clone(), self.range).map_err(|what| wrong.push(what)).ok()
        };
        let classes =
            |wrong: &mut Vec<String>| classes(self.classes.clone()).map_err(|what| wrong.push(what)).ok();
        let value = match self.kind {
            Kind::Number => numeric(&mut wrong).map(Value::Number),
            Kind::Flag => Some(Value::Flag),
            Kind::Classes => classes(&mut wrong).map(Value::Classes),
            Kind::Ordered => classes(&mut wrong).map(Value::Ordered),
            Kind::Feature => match (&self.image, &self.mask, &self.feature) {
                (Some(image), Some(mask), Some(feature)) => {
                    let (image, mask, feature) = (image.clone(), mask.clone(), feature.clone());
                    numeric(&mut wrong).map(|range| Value::Feature(FeatureOf { image, mask, feature }, range))
                }
                _ => {
                    wrong.push("a feature names its `image`, its `mask` and the `feature`".into());
                    None
                }
            },
            Kind::Case => Some(Value::Case),
            Kind::Muscle => match (&self.case, &self.side, &self.muscle, self.measure) {
                (Some(case), Some(side), Some(muscle), Some(measure)) => {
                    let (case, side, muscle) = (case.clone(), side.clone(), muscle.clone());
                    let of = MuscleOf { case, side, muscle, measure };
                    numeric(&mut wrong).map(|range| Value::Muscle(of, range))
                }
                _ => {
                    wrong.push(
                        "a muscle names its `case`, the affected `side`, the `muscle` and the `measure`"
                            .into(),
                    );
                    None
                }
            },
            Kind::Image => {
                let modality = modalities(self.modality.as_ref()).map_err(|what| wrong.push(what)).ok();
                modality.map(|modality| Value::Image { modality, view: self.view.clone() })
            }
            Kind::Mask => match &self.image {
                Some(image) => Some(Value::Mask { of: image.clone() }),
                None => {
                    wrong.push("a mask names its `image`".into());
                    None
                }
            },
        };
        match value {
            Some(value) if wrong.is_empty() => {
                let id = self.id.into_inner();
                let (title, column) = (self.title.unwrap_or_else(|| id.clone()), self.column);
                let column = column.unwrap_or_else(|| id.clone());
                Ok(Input { id, title, column, value, missing: self.missing, dated: self.dated })
            }
            _ => Err(wrong),
        }
    }

    /// Fields that mean nothing for this kind would be read past in silence.
    fn check_fields(&self, wrong: &mut Vec<String>) {
        let is_number = matches!(self.kind, Kind::Number | Kind::Feature | Kind::Muscle);
        let has_image = matches!(self.kind, Kind::Feature | Kind::Mask);
        let fields = [
            ("unit", self.unit.is_some(), is_number),
            ("range", self.range.is_some(), is_number),
            ("classes", self.classes.is_some(), matches!(self.kind, Kind::Classes | Kind::Ordered)),
            ("feature", self.feature.is_some(), self.kind == Kind::Feature),
            ("mask", self.mask.is_some(), self.kind == Kind::Feature),
            ("image", self.image.is_some(), has_image),
            ("modality", self.modality.is_some(), self.kind == Kind::Image),
            ("view", self.view.is_some(), self.kind == Kind::Image),
            ("case", self.case.is_some(), self.kind == Kind::Muscle),
            ("side", self.side.is_some(), self.kind == Kind::Muscle),
            ("muscle", self.muscle.is_some(), self.kind == Kind::Muscle),
            ("measure", self.measure.is_some(), self.kind == Kind::Muscle),
        ];
        for (name, is_there, is_meant) in fields {
            if is_there && !is_meant {
                wrong.push(format!("`{name}` is not allowed for this kind"));
            }
        }
        if let Some(dated) = self.dated.as_ref().filter(|dated| dated.days[0] > dated.days[1]) {
            wrong.push(format!(
                "`dated` has the days {} to {}, the wrong way round",
                dated.days[0], dated.days[1]
            ));
        }
    }
}

/// Modalities of DICOM that can be of an image, or what is wrong with them.
fn modalities(named: Option<&Vec<String>>) -> Result<Vec<String>, String> {
    let named = named.filter(|named| !named.is_empty());
    let named = named.ok_or("an image names its `modality`, such as [\"CT\"]")?;
    match named.iter().find(|name| !MODALITIES.contains(&name.as_str())) {
        Some(other) => {
            Err(format!("{other:?} is no modality of DICOM; those there are: {}", MODALITIES.join(", ")))
        }
        None => Ok(named.clone()),
    }
}

/// Unit and range, or what is wrong with them.
pub(super) fn numeric(unit: Option<String>, range: Option<[f64; 2]>) -> Result<Numeric, String> {
    match range {
        Some(range) if range.iter().all(|end| end.is_finite()) && range[0] < range[1] => {
            Ok(Numeric { unit: unit.unwrap_or_default(), range })
        }
        Some([low, high]) => Err(format!("`range` is {low} to {high}, which holds no number")),
        None => Err("a number has a `range`, such as [18, 110]: what lies outside is a mistake".into()),
    }
}

/// Two classes or more without repetition, or what is wrong with them.
pub(super) fn classes(classes: Option<Vec<String>>) -> Result<Vec<String>, String> {
    let Some(classes) = classes.filter(|classes| classes.len() >= 2) else {
        return Err("`classes` lists two names or more".into());
    };
    let folded: Vec<String> = classes.iter().map(|class| class.trim().to_lowercase()).collect();
    match (0..folded.len()).find(|&at| folded[at].is_empty() || folded[..at].contains(&folded[at])) {
        Some(at) => Err(format!("`classes` has {:?} twice, or a name is empty", classes[at])),
        None => Ok(classes),
    }
}
