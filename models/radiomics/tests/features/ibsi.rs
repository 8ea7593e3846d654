//! The consensus values of the IBSI: digital phantom and, where it is there, CT phantom.

use coxa_radiomics::{ConformanceRow, Verdict, conformance};
use coxa_test_support::reference_data;

fn outside(rows: &[ConformanceRow]) -> Vec<String> {
    let outside = rows.iter().filter(|row| row.verdict == Verdict::Outside);
    outside
        .map(|row| {
            format!(
                "{} {}: {:?}, not {:?} +- {:?}",
                row.set.name(),
                row.tag,
                row.found,
                row.reference,
                row.tolerance
            )
        })
        .collect()
}

#[test]
fn every_standardised_feature_of_the_digital_phantom() {
    let Some(path) = reference_data("radiomics-ibsi") else { return };
    let rows = conformance(&path, None).unwrap();
    let count = |verdict| rows.iter().filter(|row| row.verdict == verdict).count();
    let [within, free, skipped] = [Verdict::Within, Verdict::NotStandardised, Verdict::Skipped].map(count);
    assert_eq!((within, free, skipped), (482, 5, 1647));
    assert_eq!(outside(&rows), Vec::<String>::new());
}

#[test]
fn every_standardised_feature_of_the_ct_phantom() {
    let Some(path) = reference_data("radiomics-ibsi") else { return };
    let Some(ct) = reference_data("test-only/radiomics-ibsi-ct") else { return };
    let rows = conformance(&path, Some(&ct)).unwrap();
    assert_eq!(rows.iter().filter(|row| row.verdict == Verdict::Within).count(), 2104);
    assert_eq!(outside(&rows), Vec::<String>::new());
}
