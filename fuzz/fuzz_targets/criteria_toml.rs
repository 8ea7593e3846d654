//! Any text read as criteria either gives criteria that read back as themselves, or an error with a line.

#![no_main]

use coxa_planner::optimise::criteria::Criteria;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Criteria::from_toml(text) {
        Ok(criteria) => {
            let again = Criteria::from_toml(&criteria.to_toml()).expect("written criteria are read");
            assert_eq!(again, criteria);
            for criterion in &criteria.list {
                assert!(criterion.margin(0.0).is_some_and(f64::is_finite));
            }
        }
        Err(error) => assert!(error.to_string().starts_with("line ")),
    }
});
