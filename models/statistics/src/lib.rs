#![doc = include_str!("../README.md")]

mod agreement;
mod bootstrap;
mod calibration;
mod classes;
mod correlation;
mod decision;
mod effect_size;
mod error;
mod interval;
#[cfg(test)]
mod made_up;
mod morris;
mod multiplicity;
mod noncentral;
mod paired;
mod power;
mod proportion;
mod readers;
mod regression;
mod resample;
mod roc;
mod sample;
mod sample_size;
mod sobol;
mod student;
mod summary;
mod unpaired;

pub use agreement::{
    Agreement, IntraclassKind, KappaWeights, agreement, exact_agreement, intraclass, intraclass_of, kappa,
    kappa_of_few, prevalence_adjusted_kappa,
};
pub use bootstrap::Bootstrap;
pub use calibration::{
    Brier, CalibrationLine, Forecasts, Recalibrator, ReliabilityBin, SmoothCalibration, brier,
    calibration_line, fit_beta, fit_class_temperature, fit_isotonic, fit_platt, fit_temperature, reliability,
    smooth_calibration,
};
pub use classes::{
    ClassAreas, OrdinalAgreement, concordance, one_versus_rest, ordinal_agreement, ranked_probability_score,
    top_k_accuracy,
};
pub use correlation::{
    Correlation, CorrelationOfMany, ManyCorrelations, Permutations, many_correlations, partial_spearman,
    pearson, spearman,
};
pub use decision::{DecisionPoint, decision_curve};
pub use error::StatisticsError;
pub use interval::{Estimate, Interval, Level};
pub use morris::{ElementaryEffects, elementary_effects};
pub use multiplicity::{benjamini_hochberg, holm};
pub use paired::{Paired, paired};
pub use power::{PairsNeeded, half_width, pairs_needed, power, standard_deviation_at_most};
pub use proportion::{ProportionInterval, proportion, proportion_with};
pub use readers::{
    Components, Covariances, FigureStudy, Inference, MarkFigure, MarkStudy, Marks, MethodEstimate,
    MethodTest, ModuleComparison, ReaderStudy, UncrossedEstimate, UncrossedStudy, clustered_area,
    compare_clustered_areas,
};
pub use regression::{Regression, regression};
pub use resample::{BootstrapInterval, Resampling, resampled};
pub use roc::{
    AreaComparison, AtPrevalence, CurvePoint, OperatingPoint, PartialArea, Placements, PrecisionRecall,
    PrecisionRecallPoint, Ratings, RocCurve, compare_areas, compare_independent_areas, precision_recall,
    resampled_area, resampled_area_difference,
};
pub use sample_size::{
    AreaVariance, CasesNeeded, ModelCases, binary_model_cases, cases_for_area, cases_for_area_difference,
    cases_for_fraction, cases_for_kappa, continuous_model_cases,
};
pub use sobol::{SaltelliOutputs, Sobol, SobolIndices, sobol};
pub use summary::{Summary, mean, median, quantile, summary};
pub use unpaired::{Unpaired, unpaired};
