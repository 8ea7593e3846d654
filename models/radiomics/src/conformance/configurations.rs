//! How the IBSI computed its reference values: the digital phantom, and configurations A to E of the CT phantom.

use crate::settings::{
    Aggregation, Discretisation, Interpolation, Method, Resegmentation, Settings, Texture, VolumeHistogram,
};

/// A set of reference values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DataSet {
    /// The digital phantom.
    DigitalPhantom,
    /// CT, slices as they are, bins of 25 HU.
    ConfigurationA,
    /// CT, interpolated within slices, 32 bins.
    ConfigurationB,
    /// CT, interpolated in space, bins of 25 HU.
    ConfigurationC,
    /// CT, interpolated in space, without outliers, 32 bins.
    ConfigurationD,
    /// CT, interpolated by splines, range and outliers, 32 bins.
    ConfigurationE,
}

impl DataSet {
    /// Those of the CT phantom.
    pub const CT: [DataSet; 5] = [
        DataSet::ConfigurationA,
        DataSet::ConfigurationB,
        DataSet::ConfigurationC,
        DataSet::ConfigurationD,
        DataSet::ConfigurationE,
    ];

    /// Name for readers.
    pub fn name(self) -> &'static str {
        match self {
            DataSet::DigitalPhantom => "digital phantom",
            DataSet::ConfigurationA => "configuration A",
            DataSet::ConfigurationB => "configuration B",
            DataSet::ConfigurationC => "configuration C",
            DataSet::ConfigurationD => "configuration D",
            DataSet::ConfigurationE => "configuration E",
        }
    }

    /// File of the reference values.
    pub(super) fn table(self) -> &'static str {
        match self {
            DataSet::DigitalPhantom => "ibsi_1_dig_phantom.csv",
            DataSet::ConfigurationA => "ibsi_1_chest_config_a.csv",
            DataSet::ConfigurationB => "ibsi_1_chest_config_b.csv",
            DataSet::ConfigurationC => "ibsi_1_chest_config_c.csv",
            DataSet::ConfigurationD => "ibsi_1_chest_config_d.csv",
            DataSet::ConfigurationE => "ibsi_1_chest_config_e.csv",
        }
    }

    /// Settings of the reference values.
    pub fn settings(self) -> Settings {
        let to = |spacing_mm: &[f64], method: Method| {
            Some(Interpolation {
                spacing_mm: spacing_mm.to_vec(),
                method,
                mask_method: Method::Linear,
                mask_threshold: 0.5,
                round: true,
            })
        };
        let ways = |range: std::ops::Range<usize>| Texture {
            aggregations: Aggregation::ALL[range].to_vec(),
            dependence_alpha: 0,
        };
        let width = Discretisation::FixedBinSize { width: 25.0, from: None };
        let number = Discretisation::FixedBinNumber { number: 32 };
        let (interpolation, range, outliers_sd, discretisation, volume_histogram, texture) = match self {
            DataSet::DigitalPhantom => {
                (None, None, None, Discretisation::None, VolumeHistogram::Steps, ways(0..6))
            }
            DataSet::ConfigurationA => {
                (None, Some([-500.0, 400.0]), None, width, VolumeHistogram::Steps, ways(0..4))
            }
            DataSet::ConfigurationB => (
                to(&[2.0; 2], Method::Linear),
                Some([-500.0, 400.0]),
                None,
                number,
                VolumeHistogram::Steps,
                ways(0..4),
            ),
            DataSet::ConfigurationC => (
                to(&[2.0; 3], Method::Linear),
                Some([-1000.0, 400.0]),
                None,
                width,
                VolumeHistogram::FixedBinSize { width: 2.5 },
                ways(4..6),
            ),
            DataSet::ConfigurationD => {
                (to(&[2.0; 3], Method::Linear), None, Some(3.0), number, VolumeHistogram::Steps, ways(4..6))
            }
            DataSet::ConfigurationE => (
                to(&[2.0; 3], Method::Cubic),
                Some([-1000.0, 400.0]),
                Some(3.0),
                number,
                VolumeHistogram::FixedBinNumber { number: 1000 },
                ways(4..6),
            ),
        };
        Settings {
            interpolation,
            resegmentation: Resegmentation { range, outliers_sd },
            discretisation,
            volume_histogram,
            texture,
            ..Settings::default()
        }
    }
}
